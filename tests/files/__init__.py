"""Reading and writing the user's files, whatever is in their place."""
