"""The trader's own facts, beside the data of the two sources."""
