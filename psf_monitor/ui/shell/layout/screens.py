"""Where a window can be reached: screens come and go."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication

_GRIP = QRect(60, 0, 120, 24)
"""The part of a window that must be on a screen, so that it can be dragged."""
FRAME = QMargins(8, 31, 8, 9)
"""Room for the borders and title bar that the system draws, in device-independent pixels."""


def on_a_screen(rect: QRect, screens: Sequence[QRect]) -> QRect:
    """Return ``rect``, or one that can be reached and fits if it does not.

    If no screen shows its title bar, it is centred on the first; if it is larger than its screen and does not
    continue on others, it is made to fit. The rectangle is without the system's frame, for which it leaves
    room.
    """
    grip = _GRIP.translated(rect.topLeft())
    own = next((screen for screen in screens if screen.contains(grip)), None)
    if not screens or (own is not None and _fits(rect, own, screens)):
        return rect
    room = (screens[0] if own is None else own).marginsRemoved(FRAME)
    size = rect.size().boundedTo(room.size())
    left_over = QPoint(room.width() - size.width(), room.height() - size.height())
    if own is None:
        return QRect(room.topLeft() + left_over / 2, size)
    x = min(max(rect.x(), room.x()), room.x() + left_over.x())
    y = min(max(rect.y(), room.y()), room.y() + left_over.y())
    return QRect(QPoint(x, y), size)


def beside(main: QRect, size: QSize, screen: QRect, step: int = 0) -> QRect:
    """Return the place of a new window: right or left of ``main`` if its screen has room there, else over it.

    ``step`` is how many windows have opened there; each is a title bar lower than the one before.
    """
    room = screen.marginsRemoved(FRAME)
    gap = FRAME.left() + FRAME.right()
    right, left = main.right() + 1 + gap, main.left() - gap - size.width()
    over = main.right() - size.width() - FRAME.right()
    fitting = [x for x in (right, left) if room.left() <= x <= room.right() + 1 - size.width()]
    x = fitting[0] if fitting else over - step * FRAME.top()
    return on_a_screen(QRect(QPoint(x, main.top() + step * FRAME.top()), size), [screen])


def _fits(rect: QRect, own: QRect, screens: Sequence[QRect]) -> bool:
    """Return whether it is no larger than its ``own`` screen, or all of it is on screens."""
    if rect.width() <= own.width() and rect.height() <= own.height():
        return True
    corners = (rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight())
    return all(any(screen.contains(corner) for screen in screens) for corner in corners)


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
