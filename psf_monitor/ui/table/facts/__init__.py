"""MY FILE: the columns of the trader's own files in every table of shares."""
