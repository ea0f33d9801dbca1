"""A connection to a server, kept up."""
