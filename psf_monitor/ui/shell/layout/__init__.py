"""The window's layout: restored and saved."""
