"""The trader's alerts, and the rules by which they fire."""
