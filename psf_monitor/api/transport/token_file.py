"""The secret that lets a program in: made at the first start, kept in a file that only the user can read."""

import os
import re
import secrets
import stat
from pathlib import Path

from psf_monitor import files

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
"""Of ``secrets.token_urlsafe(32)``."""


def load_token(path: Path) -> str:
    """The token of this user; a new one when there is none, or when others could read it. Raises ``OSError``.

    On Windows the rights of the user's own folder are the file's. One that cannot be read is left as it is.
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
