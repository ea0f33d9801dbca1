"""Anonymous recordings, which do not reveal whose they are."""
