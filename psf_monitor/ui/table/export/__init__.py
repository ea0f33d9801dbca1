"""Exports of rows: to the clipboard and to a file."""
