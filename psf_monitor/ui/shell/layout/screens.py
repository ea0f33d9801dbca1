"""Where a remembered window can be taken hold of: screens come and go."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect

_GRIP = QRect(60, 0, 120, 24)
"""The part of a window that has to be on a screen, so that it can be taken hold of."""


def on_a_screen(rect: QRect, screens: Sequence[QRect]) -> QRect:
    """``rect``, or the same size in the middle of the first screen when no screen shows its title bar."""
    grip = _GRIP.translated(rect.topLeft())
    if not screens or any(screen.contains(grip) for screen in screens):
        return rect
    first = screens[0]
    size = rect.size().boundedTo(first.size())
    left_over = QPoint(first.width() - size.width(), first.height() - size.height())
    return QRect(first.topLeft() + left_over / 2, size)
