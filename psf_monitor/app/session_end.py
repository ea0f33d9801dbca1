"""The end of a session by log-off, shutdown or an update: Qt quits, but everything has to be closed first.

On Windows Qt quits while it handles WM_ENDSESSION, and Windows ends the process right after that; on X11 the
session manager makes Qt quit. Either way the loop stops in the middle of its work.
"""

import asyncio
import logging
import time
from typing import TypeVar

import qasync
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from psf_monitor.connection.pacing import WAKE_EVERY_MS

_log = logging.getLogger(__name__)

Result = TypeVar("Result")

CLOSING_S = 4.5
"""How long closing may take: after 5 s Windows treats a program as hung."""
_CALLS = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents


def run_to_the_end(
    application: QApplication, loop: qasync.QEventLoop, showing: "asyncio.Task[Result]"
) -> Result:
    """Run the loop until ``showing`` is done, even if Qt quits earlier; return its result.

    Closing the windows lets it finish.
    """
    ending = _SessionEnd(application, showing)
    application.aboutToQuit.connect(ending.finish)
    try:
        while True:
            try:
                result: Result = loop.run_until_complete(showing)
            except RuntimeError:
                if showing.done():
                    raise
                _log.warning("Qt was asked to quit before everything was closed; closing goes on")
                application.closeAllWindows()
            else:
                return result
    finally:
        application.aboutToQuit.disconnect(ending.finish)


class _SessionEnd:
    """Closes everything within Qt's quit signal, because nothing may run after it."""

    def __init__(self, application: QApplication, showing: "asyncio.Task[Result]") -> None:
        self._application = application
        self._showing = showing

    def finish(self) -> None:
        if self._showing.done():
            return
        _log.info("the session ends; everything is closed")
        self._application.closeAllWindows()
        # It wakes the loop, so that the time is checked.
        waking = QTimer()
        waking.start(WAKE_EVERY_MS)
        until_s = time.monotonic() + CLOSING_S
        while not self._showing.done() and time.monotonic() < until_s:
            self._application.processEvents(_CALLS)
