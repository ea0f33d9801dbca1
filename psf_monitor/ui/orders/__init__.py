"""The open orders table."""
