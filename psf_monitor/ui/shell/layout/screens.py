"""Where a remembered window can be taken hold of: screens come and go."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QPoint, QRect

_GRIP = QRect(60, 0, 120, 24)
"""The part of a window that has to be on a screen, so that it can be taken hold of."""
FRAME = QMargins(8, 31, 8, 9)
"""Room for the borders and the title bar that the system draws, device-independent pixels."""


def on_a_screen(rect: QRect, screens: Sequence[QRect]) -> QRect:
    """Return ``rect``, or the same size in the middle of the first screen when no screen shows its title bar.

    Neither has the frame that the system draws around it, for which there is room on the screen.
    """
    grip = _GRIP.translated(rect.topLeft())
    if not screens or any(screen.contains(grip) for screen in screens):
        return rect
    first = screens[0].marginsRemoved(FRAME)
    size = rect.size().boundedTo(first.size())
    left_over = QPoint(first.width() - size.width(), first.height() - size.height())
    return QRect(first.topLeft() + left_over / 2, size)
