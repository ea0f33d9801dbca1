"""Keep a window above all others without recreating it, which would move it and lose the focus."""

import ctypes
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_HINT = Qt.WindowType.WindowStaysOnTopHint
_HWND_TOPMOST, _HWND_NOTOPMOST = -1, -2
_KEEP_PLACE = 0x0001 | 0x0002 | 0x0010
"""SWP_NOSIZE, SWP_NOMOVE, SWP_NOACTIVATE."""


def keep_on_top(window: QWidget, *, is_wanted: bool) -> None:
    """Keep a top-level window above all others, or stop; its place and focus stay."""
    handle = window.windowHandle()
    if bool(window.windowFlags() & _HINT) is is_wanted:
        return
    flags = window.windowFlags() | _HINT if is_wanted else window.windowFlags() & ~_HINT
    # Qt's own way, setWindowFlag, destroys the native window and creates another.
    window.overrideWindowFlags(flags)
    if handle is None:
        return
    handle.setFlag(_HINT, is_wanted)
    if sys.platform == "win32":
        above = _HWND_TOPMOST if is_wanted else _HWND_NOTOPMOST
        place = ctypes.windll.user32.SetWindowPos
        place(ctypes.c_void_p(int(window.winId())), ctypes.c_void_p(above), 0, 0, 0, 0, _KEEP_PLACE)
