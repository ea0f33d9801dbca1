"""Each benchmark: what it measures, and how."""
