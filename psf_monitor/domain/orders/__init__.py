"""Orders: their records and ids, their terms, and where they stand in the market."""
