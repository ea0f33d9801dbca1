"""The trader's own facts beside what the two sources tell."""
