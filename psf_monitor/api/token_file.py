"""The secret that lets a program in: made at the first start, kept in a file that only the user can read."""

import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
"""Of ``secrets.token_urlsafe(32)``."""


def load_token(path: Path) -> str:
    """The token of this user; a new one when there is none, or when others could read it. Raises ``OSError``.

    On Windows the rights of the user's own folder are the file's.
    """
    known = _read(path)
    return known if known is not None else _write(path, secrets.token_urlsafe(32))


def _read(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(100).decode("ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        return None
    return text if _SHAPE.fullmatch(text) else None


def _write(path: Path, token: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token + "\n")
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    return token
