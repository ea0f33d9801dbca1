"""How fast the product is, next to its peers and to the limit: ``uv run python -m tests.benchmarks``."""
