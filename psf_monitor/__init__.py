"""psf_monitor: Interactive Brokers positions and orders, valued with Hammer Pro prices, read-only."""

# This file alone has to be readable for every Python 3: it says which one is needed.

import sys

__version__ = "0.2.0"

PYTHONS = ((3, 11), (3, 15))
"""The first and the last Python that it runs on, as ``requires-python`` has them."""

if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
    if sys.stderr is not None:
        sys.stderr.write(
            "psf-monitor: it needs Python {0[0]}.{0[1]} to {1[0]}.{1[1]}, and this is {2}.{3}; run it with "
            "one of these, such as: uv run --python {1[0]}.{1[1]} psf-monitor\n".format(
                *PYTHONS, *sys.version_info[:2]
            )
        )
    raise SystemExit(2)

from psf_monitor.app import startup  # noqa: E402 - its words are not every Python's

startup.defer()
