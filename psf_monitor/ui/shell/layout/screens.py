"""Where a window can be reached: screens come and go."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication

_GRIP = QRect(60, 0, 120, 24)
"""The part of a window that must be on a screen, so that it can be dragged."""
FRAME = QMargins(8, 31, 8, 9)
"""Room for the borders and title bar that the system draws, in device-independent pixels."""


def on_a_screen(rect: QRect, screens: Sequence[QRect]) -> QRect:
    """Return ``rect``, or the same size centred on the first screen if no screen shows its title bar.

    The rectangle is without the system's frame, for which room is left on the screen.
    """
    grip = _GRIP.translated(rect.topLeft())
    if not screens or any(screen.contains(grip) for screen in screens):
        return rect
    first = screens[0].marginsRemoved(FRAME)
    size = rect.size().boundedTo(first.size())
    left_over = QPoint(first.width() - size.width(), first.height() - size.height())
    return QRect(first.topLeft() + left_over / 2, size)


class ScreenWatch(QObject):
    """Brings back the windows whose title bar was on a screen that is removed.

    It waits ``settled_ms``, until the system has put them where it wants them.
    """

    def __init__(self, parent: QObject, settled_ms: int = 1_000) -> None:
        super().__init__(parent)
        self._settled = QTimer(self, singleShot=True, interval=settled_ms)
        self._settled.timeout.connect(_bring_back)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.screenRemoved.connect(self._on_removed)

    def _on_removed(self, _screen: QScreen) -> None:
        self._settled.start()


def _bring_back() -> None:
    screens = [screen.availableGeometry() for screen in QApplication.screens()]
    for window in QApplication.topLevelWidgets():
        is_framed = window.windowType() in (Qt.WindowType.Window, Qt.WindowType.Dialog)
        if is_framed and window.isVisible() and window.windowState() == Qt.WindowState.WindowNoState:
            rect = on_a_screen(window.geometry(), screens)
            if rect != window.geometry():
                window.setGeometry(rect)
