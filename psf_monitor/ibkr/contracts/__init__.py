"""Contracts of IBKR: their details requested, kept, and joined to what TWS names."""
