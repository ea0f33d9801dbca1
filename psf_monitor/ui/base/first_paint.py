"""Detect when a window has been painted for the first time."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Emits ``painted`` once, after the first painting of ``window``; ``is_painted`` stays true."""

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.is_painted = False
        window.installEventFilter(self)

    def when_painted(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` after the first painting, at once if that is over."""
        if self.is_painted:
            callback()
        else:
            self.painted.connect(callback)

    def wait(self, at_most_s: float) -> None:
        """Let Qt paint. The trader's input meanwhile is kept for the next event loop."""
        events = QEventLoop()
        self.when_painted(events.quit)
        QTimer.singleShot(round(1000 * at_most_s), events, events.quit)
        if not self.is_painted:
            events.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # The event precedes the painting.
            QTimer.singleShot(0, self, self._notify)
        return False

    def _notify(self) -> None:
        self.is_painted = True
        self.painted.emit()
