"""Sums over positions, in the local API and in the snapshot."""
