"""Shortcuts and buttons that act once, even while a key is held down.

Qt marks repeated key presses on Windows. Under X11 it reports most repeats as presses of their own, each
after a release in the same millisecond of the X server or, on a busy computer, slightly later: faster than
any finger.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QMouseEvent, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

_IN_WINDOW = Qt.ShortcutContext.WindowShortcut
_NO_FINGER_MS = 20


def add_shortcut(
    keys: QKeySequence | QKeySequence.StandardKey | str,
    owner: QWidget,
    action: Callable[..., object],
    context: Qt.ShortcutContext = _IN_WINDOW,
) -> None:
    """Make ``keys`` call ``action`` in the window of ``owner``, or as ``context`` says, once for each
    press.
    """
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setContext(context)
    shortcut.activated.connect(action)
    act_once(shortcut)


def act_once(part: QAction | QShortcut) -> None:
    """Make the keys of ``part`` act once for each press, however long they are held down."""
    part.setAutoRepeat(False)
    application = QApplication.instance()
    if isinstance(application, QApplication) and application.platformName() == "xcb":
        held = application.findChild(HeldKeys) or HeldKeys(application)
        part.installEventFilter(held)


class HeldKeys(QObject):
    """Recognizes repeats of a held key under X11, in whichever window has the focus.

    Parts that act only once do not receive them; all others receive them marked as repeats.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._released_key = 0
        self._released_ms = 0
        self._is_repeat = False
        application.focusWindowChanged.connect(self._on_focus_window)
        self._on_focus_window(application.focusWindow())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent):
            key, at_ms = event.nativeScanCode(), event.timestamp()
            if event.type() is QEvent.Type.KeyRelease:
                self._released_key, self._released_ms = key, at_ms
            else:
                is_soon = 0 <= at_ms - self._released_ms <= _NO_FINGER_MS
                self._is_repeat = at_ms > 0 and key == self._released_key and is_soon
            if self._is_repeat and event.type() is QEvent.Type.KeyPress and not event.isAutoRepeat():
                QApplication.sendEvent(watched, _repeated(event))
                return True
        elif event.type() is QEvent.Type.Shortcut and isinstance(watched, QAction | QShortcut):
            return self._is_repeat and not watched.autoRepeat()
        return False

    def _on_focus_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)


def _repeated(press: QKeyEvent) -> QKeyEvent:
    """Return the same key press marked as a repeat; without a time stamp it is not taken for another one."""
    return QKeyEvent(
        press.type(),
        press.key(),
        press.modifiers(),
        press.nativeScanCode(),
        press.nativeVirtualKey(),
        press.nativeModifiers(),
        press.text(),
        True,
        press.count(),
    )


class Button(QPushButton):
    """A button that Enter presses once; Qt's own is pressed repeatedly while Enter is held."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not event.isAutoRepeat():
            super().keyPressEvent(event)


class LinkButton(Button):
    """A toggle that treats a double click as a single one, since the second click would undo the first."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        event.accept()


def disable_meanwhile(button: QPushButton) -> Callable[[], None]:
    """Disable a button while its action runs; the returned function enables it again.

    Qt moves the focus to the next control; the button gets it back, unless it was moved further since.
    """
    window = button.window()
    had_keys = window.focusWidget() is button
    button.setEnabled(False)
    next_control = window.focusWidget()

    def enable() -> None:
        button.setEnabled(True)
        if had_keys and window.focusWidget() is next_control:
            button.setFocus()

    return enable
