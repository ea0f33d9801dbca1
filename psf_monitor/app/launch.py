"""Launches the window, or reports that there is no screen. Qt is not loaded before that."""

import os
import sys

from psf_monitor.app import run_window, startup
from psf_monitor.app.options import ReplayOptions, WindowOptions
from psf_monitor.runtime.error_output import report_errors


def run(options: WindowOptions | ReplayOptions) -> int:
    """Show the window until it is closed; return the exit code. Raises ``SettingsError``."""
    if _has_no_screen():
        report_errors(
            "there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set. Start it in a desktop session, "
            "or with QT_QPA_PLATFORM=offscreen where nobody has to see it."
        )
        return 1
    startup.load_qt()
    return run_window.run(options)


def _has_no_screen() -> bool:
    """Return whether Qt would end the process without a message of ours."""
    screens = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in screens)
