"""The simulated market: its book, its clock and its controls."""
