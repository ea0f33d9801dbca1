"""psf_monitor: Interactive Brokers positions and orders, valued with Hammer Pro prices, read-only."""

__version__ = "0.2.0"
