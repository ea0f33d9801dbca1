"""Sums over positions and orders: by group, and in total."""
