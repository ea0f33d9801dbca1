"""Positions and account values: requests, models, moves."""
