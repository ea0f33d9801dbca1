"""Which cells of a table are to be formatted and drawn again."""
