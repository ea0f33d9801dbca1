"""The entry point of the command line. Garbage collection is off while loading, which leaves no garbage."""

import gc
from collections.abc import Sequence

from psf_monitor.cli import run_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code. A wrong command line ends in ``SystemExit(2)`` with one clear
    line.

    Without a console, a window that cannot be opened says so in a box; commands write nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return run_command.run(arguments, collects=was_enabled)
    finally:
        if was_enabled:
            gc.enable()
