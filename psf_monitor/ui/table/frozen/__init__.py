"""A table whose first columns stand still while the others scroll."""
