"""What positions add up to: by group, and in the whole."""
