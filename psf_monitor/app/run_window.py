"""Shows the window of one process before anything is loaded that only runs it."""

import atexit
import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from psf_monitor.app import main as running
from psf_monitor.app import replay
from psf_monitor.app.build_window import (
    PAINT_WAIT_S,
    OpenedWindow,
    ShownWindow,
    log_unforeseen,
    make_application,
    open_behind,
    show_window,
)
from psf_monitor.app.options import ReplayOptions, WindowOptions
from psf_monitor.app.single_instance import SingleInstance, claim, serving
from psf_monitor.domain.clock import system_clock
from psf_monitor.runtime import demo
from psf_monitor.settings import user_paths
from psf_monitor.ui.style.windows_os import allow_others_to_foreground, set_taskbar_identity


def run(options: WindowOptions | ReplayOptions) -> int:
    """Show the window until it is closed; return the exit code. Raises ``SettingsError``."""
    sys.excepthook = log_unforeseen
    if os.environ.get("QT_QPA_PLATFORM", "").startswith("offscreen"):
        qInstallMessageHandler(log_qt_message)
        atexit.register(qInstallMessageHandler, None)
    if isinstance(options, ReplayOptions):
        return replay.run(options)
    instance = None
    if options.instance is not None:
        allow_others_to_foreground()
        instance = claim(options.instance, user_paths().api_token.parent)
        if instance is None:
            sys.stdout.write("psf-monitor: the window that is open is in front now; --new opens another\n")
            return 0
    with serving(instance):
        return _run(options, instance)


def log_qt_message(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Log Qt's messages, except those about what a window cannot do without a screen."""
    if not text.startswith("This plugin does not support ") and sys.stderr is not None:
        sys.stderr.write(f"{text}\n")


def _run(options: WindowOptions, instance: SingleInstance | None) -> int:
    if options.scale != 1.0:
        os.environ["QT_SCALE_FACTOR"] = f"{options.scale:g}"
    set_taskbar_identity()
    application = make_application()
    opened = None if options.settings is None else _open_at_once(options)
    if instance is not None and opened is not None:
        instance.raise_requested.connect(opened.window.bring_to_front)
        instance.listen()
    return running.run(application, options, opened)


def _open_at_once(options: WindowOptions) -> OpenedWindow:
    """Return the painted window over the user's own settings. A demo needs its servers first."""
    assert options.settings is not None
    shown = show_window(options, options.settings, system_clock)
    shown.first_paint.wait(PAINT_WAIT_S)
    try:
        # The trader's clicks so far wait for the next event loop.
        files = demo.Files(options.journal, user_paths().api_token)
        return open_behind(shown, options, options.settings, files)
    except Exception:
        _report_until_closed(shown)
        shown.close()
        raise


def _report_until_closed(shown: ShownWindow) -> None:
    """Report that what is behind the window could not be built, and that its controls do nothing."""
    log_unforeseen(*sys.exc_info())
    window = shown.window
    window.report_fault()
    window.main_area.setEnabled(False)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(True)
    if window.isVisible():
        application.exec()
