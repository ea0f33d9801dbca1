"""Widgets that paint their text, and describe it to a screen reader only on request."""

from functools import cache

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_PRESSES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress)


class PaintedWidget(QWidget):
    """Provides ``accessible_text`` as its description: everything painted as text, with old figures
    marked; and ``shows_focus``: it has the focus and keys are used.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_by_keys = False
        _install()

    @property
    def shows_focus(self) -> bool:
        return self.hasFocus() and self._is_by_keys

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self._is_by_keys |= event.reason() in _BY_KEYS
        elif isinstance(event, QKeyEvent | QMouseEvent) and event.type() in _PRESSES:
            self._is_by_keys = isinstance(event, QKeyEvent)
        return super().event(event)

    @property
    def accessible_text(self) -> str:
        raise NotImplementedError

    def announce(self, text: str) -> None:
        """Have a screen reader speak this now, if one is running."""
        if text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))


class _Description(QAccessibleWidget):
    def text(self, kind: QAccessible.Text) -> str:
        part = self.object()
        if kind == QAccessible.Text.Description and isinstance(part, PaintedWidget):
            return part.accessible_text
        return super().text(kind)


@cache
def _install() -> None:
    QAccessible.installFactory(_interface_of)


def _interface_of(_class_name: str, part: QObject) -> QAccessibleInterface | None:
    return _Description(part, QAccessible.Role.StaticText) if isinstance(part, PaintedWidget) else None
