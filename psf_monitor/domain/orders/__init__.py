"""Orders: their records and ids, their attributes, and where they stand in the market."""
