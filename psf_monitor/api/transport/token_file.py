"""The API's secret token: created at the first start, in a file that only the user can read."""

import os
import re
import secrets
import stat
from pathlib import Path

from psf_monitor import files

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
"""The form of ``secrets.token_urlsafe(32)``."""


def load_token(path: Path) -> str:
    """Return the user's token; a new one if there is none, or if others could read it. Raises ``OSError``.

    On Windows the file inherits the rights of the user's folder. A file that cannot be read is left
    unchanged.
    """
    known = _read(path)
    if known is not None:
        return known
    token = secrets.token_urlsafe(32)
    files.write_atomic(path, f"{token}\n".encode(), lambda _written: None)
    return token


def _read(path: Path) -> str | None:
    try:
        text = files.read(path)[:100].decode("ascii", errors="replace").strip()
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        return None
    return text if _SHAPE.fullmatch(text) else None
