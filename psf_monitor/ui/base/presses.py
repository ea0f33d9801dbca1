"""Keys and clicks that do their work once, also where a key is held down.

Qt says of a key that it repeats on Windows; under X11 it takes most repeats for presses of their own.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

_IN_WINDOW = Qt.ShortcutContext.WindowShortcut


def add_shortcut(
    keys: QKeySequence | QKeySequence.StandardKey | str,
    owner: QWidget,
    act: Callable[..., object],
    context: Qt.ShortcutContext = _IN_WINDOW,
) -> None:
    """Have ``keys`` do something in the window of ``owner``, or as ``context`` says: once for each press."""
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setAutoRepeat(False)
    shortcut.setContext(context)
    shortcut.activated.connect(act)


class Button(QPushButton):
    """A button that Enter presses once; Qt's own is pressed as long as Enter is held."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not event.isAutoRepeat():
            super().keyPressEvent(event)


class LinkButton(Button):
    """A button that each click turns round: the second of a double click would undo the first."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        event.accept()
