"""The window's process: what is loaded when, how the window is built, what runs it."""
