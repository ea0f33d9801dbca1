"""The layout of the window: put as it was, and remembered."""
