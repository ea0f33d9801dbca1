"""The options of the command line: their words, their values, and how a wrong one is refused."""
