"""The executions of a login, with their times and time zones."""
