"""The trader's own facts about shares: CSV files, checked cell by cell, and read again when saved."""
