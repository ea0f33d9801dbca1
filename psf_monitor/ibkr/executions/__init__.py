"""The executions of a login: times, zones, units, requests."""
