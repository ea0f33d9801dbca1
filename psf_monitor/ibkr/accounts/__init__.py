"""Positions and account values: requests, model portfolios, changes."""
