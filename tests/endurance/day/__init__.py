"""Whole trading days."""
