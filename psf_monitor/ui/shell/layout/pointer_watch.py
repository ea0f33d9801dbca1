"""Detect whether the pointer is over a part of the window."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget


class PointerWatch(QObject):
    """``is_pointed``: the pointer moved over ``part``, or over anything in it, and is still there.

    ``left`` is emitted when it leaves. A window that opens below a resting pointer is not pointed at.
    """

    left = Signal()

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self.is_pointed = False
        part.setAttribute(Qt.WidgetAttribute.WA_Hover)
        part.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        kind = event.type()
        if kind is QEvent.Type.HoverMove:
            self.is_pointed = True
        elif kind in (QEvent.Type.HoverLeave, QEvent.Type.Hide):
            self._leave()
        # Nothing is highlighted under the pointer, and Qt would repaint everything.
        return kind in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave)

    def _leave(self) -> None:
        if self.is_pointed:
            self.is_pointed = False
            self.left.emit()
