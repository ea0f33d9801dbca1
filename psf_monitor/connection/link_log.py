"""The log lines of one connection."""

import logging


def link_log(name: str, link_name: str) -> logging.LoggerAdapter[logging.Logger]:
    """Return the logger ``name`` for the lines of one connection, whose records have it as ``link``."""
    return logging.LoggerAdapter(logging.getLogger(name), {"link": link_name})
