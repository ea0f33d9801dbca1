"""The trader's own facts of shares: CSV files, checked cell by cell, and read again when they are saved."""
