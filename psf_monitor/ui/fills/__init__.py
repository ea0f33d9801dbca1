"""The fills tab."""
