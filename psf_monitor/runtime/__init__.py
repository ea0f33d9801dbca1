"""The running parts, composed: the monitor, the local API's host, the log."""
