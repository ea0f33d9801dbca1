"""The executions of a login: times, time zones, price units, requests."""
