"""The connection test, step by step."""
