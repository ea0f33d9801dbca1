"""When a window has come on the screen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """``came`` is emitted once, after ``window`` has been painted for the first time; ``has_come`` stays."""

    came = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.has_come = False
        window.installEventFilter(self)

    def when_come(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when it has, at once if it has already."""
        if self.has_come:
            callback()
        else:
            self.came.connect(callback)

    def wait(self, at_most_s: float) -> None:
        """Let Qt paint. What the trader does meanwhile is kept for whoever runs the events next."""
        events = QEventLoop()
        self.when_come(events.quit)
        QTimer.singleShot(round(1000 * at_most_s), events, events.quit)
        if not self.has_come:
            events.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # The event comes before the painting.
            QTimer.singleShot(0, self, self._notify)
        return False

    def _notify(self) -> None:
        self.has_come = True
        self.came.emit()
