"""The options of the command line: names, values, and errors."""
