"""The positions table."""
