"""Executions: trade dates, sums, realized gains, and the journal's records."""
