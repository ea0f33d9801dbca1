"""HAMMER's prices: requested, assembled, and judged by their freshness."""
