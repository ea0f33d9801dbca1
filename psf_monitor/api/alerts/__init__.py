"""The alerts over the local API."""
