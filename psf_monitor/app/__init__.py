"""The composition root of the window. Until it is run it has loaded no Qt."""

import gc

from psf_monitor.app.options import WindowOptions

__all__ = ["WindowOptions", "run"]


def run(options: WindowOptions) -> int:
    """Show the window until it is closed; the process's exit code."""
    # Until the window is there, which collects by its own clock, hardly anything is thrown away.
    gc.disable()
    from psf_monitor.app import startup as window

    return window.run(options)
