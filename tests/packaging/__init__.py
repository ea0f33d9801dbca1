"""The built packages, and the Python versions they support."""
