"""Reading and writing the files of the user, whatever stands in their place."""
