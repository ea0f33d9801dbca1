"""The composition of the running parts: the monitor, the local API's host, the log."""
