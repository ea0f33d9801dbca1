"""Where a restored window can be reached: screens come and go."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QPoint, QRect

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
