"""Whether the tests run on Windows itself or on Wine, which has not all of it."""

import ctypes
import sys

import pytest


def _is_wine() -> bool:
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


needs_a_console = pytest.mark.skipif(
    _is_wine(), reason="Wine without a terminal has no console through which Ctrl+Break could come"
)
