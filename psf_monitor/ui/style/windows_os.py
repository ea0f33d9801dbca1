"""Functions of Windows: the taskbar identity, the right to the foreground, high contrast."""

import ctypes
import sys

_APP_ID = "psf_monitor.psf_monitor"
_SPI_GET_HIGH_CONTRAST = 0x0042
_HIGH_CONTRAST_ON = 0x0001
_ANY_PROCESS = 0xFFFFFFFF


def set_taskbar_identity() -> None:
    """Let Windows group the window under its own icon instead of Python's. Does nothing elsewhere."""
    if sys.platform == "win32":
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(_APP_ID)


def allow_others_to_foreground() -> None:
    """Give up the right to come to the front, which on Windows the latest process has."""
    if sys.platform == "win32":
        ctypes.windll.user32.AllowSetForegroundWindow(_ANY_PROCESS)


if sys.platform == "win32":

    class _HighContrast(ctypes.Structure):
        """HIGHCONTRASTW of the Windows API."""

        _fields_ = (
            ("cbSize", ctypes.c_uint),
            ("dwFlags", ctypes.c_uint),
            ("lpszDefaultScheme", ctypes.c_wchar_p),
        )

    def is_high_contrast() -> bool:
        """Return whether the user has Windows in high contrast."""
        found = _HighContrast(cbSize=ctypes.sizeof(_HighContrast))
        is_read = ctypes.windll.user32.SystemParametersInfoW(
            _SPI_GET_HIGH_CONTRAST, found.cbSize, ctypes.byref(found), 0
        )
        return bool(is_read) and bool(found.dwFlags & _HIGH_CONTRAST_ON)

else:

    def is_high_contrast() -> bool:
        """Return False: only Windows has it."""
        return False
