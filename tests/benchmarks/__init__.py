"""How fast the product is, next to its peers and to the limit: ``uv run python -m tests.benchmarks``."""

from psf_monitor.app import startup

# As the product does, before anything else of Qt is loaded.
startup.load_qt()
