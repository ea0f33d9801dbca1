"""A connection to a far side, kept up."""
