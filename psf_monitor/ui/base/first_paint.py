"""Detect when a window has been painted for the first time."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Emits ``came`` once, after ``window`` has been painted for the first time; ``has_come`` stays true."""

    came = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.has_come = False
        window.installEventFilter(self)

    def when_come(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` after the first painting, at once if that is over."""
        if self.has_come:
            callback()
        else:
            self.came.connect(callback)

    def wait(self, at_most_s: float) -> None:
        """Let Qt paint. The trader's input meanwhile is kept for the next event loop."""
        events = QEventLoop()
        self.when_come(events.quit)
        QTimer.singleShot(round(1000 * at_most_s), events, events.quit)
        if not self.has_come:
            events.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # The event precedes the painting.
            QTimer.singleShot(0, self, self._notify)
        return False

    def _notify(self) -> None:
        self.has_come = True
        self.came.emit()
