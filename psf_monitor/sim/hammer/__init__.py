"""The simulated HAMMER."""
