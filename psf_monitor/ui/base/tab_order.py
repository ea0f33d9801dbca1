"""The order in which Tab moves through a window: reading order, row by row, left to right.

Qt's own order is that of creation, in which anything added later, such as a banner, would be last.
"""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

_SAME_ROW = 8
"""Parts whose tops differ by at most this many device-independent pixels are in one row."""


def in_reading_order(window: QWidget) -> list[QWidget]:
    """Return what Tab can reach in ``window`` now, in reading order."""
    places = sorted(
        ((widget.mapTo(window, QPoint(0, 0)), widget) for widget in _reachable(window)),
        key=lambda place: place[0].y(),
    )
    rows: list[list[tuple[QPoint, QWidget]]] = []
    for place in places:
        if rows and place[0].y() - rows[-1][0][0].y() <= _SAME_ROW:
            rows[-1].append(place)
        else:
            rows.append([place])
    return [widget for row in rows for _at, widget in sorted(row, key=lambda place: place[0].x())]


def move_focus(window: QWidget, *, is_forward: bool) -> bool:
    """Move the focus to the next or previous part of ``window``; return whether there is one."""
    order = in_reading_order(window)
    if not order:
        return False
    focused = QApplication.focusWidget()
    step = 1 if is_forward else -1
    place = (order.index(focused) + step) % len(order) if focused in order else (0 if is_forward else -1)
    reason = Qt.FocusReason.TabFocusReason if is_forward else Qt.FocusReason.BacktabFocusReason
    order[place].setFocus(reason)
    return True


def reach_by_keys(buttons: Iterable[QPushButton]) -> None:
    """Let only Tab focus these buttons, not clicks, and let Enter press them like Space."""
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Outside a dialog Qt needs this, or Enter does nothing.
        button.setAutoDefault(True)


def _reachable(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        if takes_tab and widget.isEnabled() and widget.isVisible() and widget.window() is window:
            yield widget
