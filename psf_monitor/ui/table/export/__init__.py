"""Rows out of the window: to the clipboard and to a file."""
