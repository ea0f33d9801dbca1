"""The window's process: what is loaded when, how the window is built, and what runs it."""
