"""The order in which Tab goes through a window: as it is read, row by row and from left to right.

Qt's own is that in which the parts were made, and what comes later, such as a banner, would be its last.
"""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

_SAME_ROW = 8
"""Parts whose tops differ by no more device-independent pixels stand in one row."""


def in_reading_order(window: QWidget) -> list[QWidget]:
    """Return what Tab can reach in ``window`` now, the uppermost row first."""
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
    """Give the keys to the next part of ``window``, or to the one before; whether there is one."""
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
    """Let Tab alone lead to these, Enter press them as Space does, and no click take the keys."""
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Outside a dialog Qt asks for this, or Enter does nothing.
        button.setAutoDefault(True)


def _reachable(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        if takes_tab and widget.isEnabled() and widget.isVisible() and widget.window() is window:
            yield widget
