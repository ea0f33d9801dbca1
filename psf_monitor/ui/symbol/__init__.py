"""The window of one share."""
