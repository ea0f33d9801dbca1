"""A file that is there whole or not at all, whoever else writes it and whenever the power goes."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


def write_atomic(path: Path, data: bytes, check: Callable[[Path], Found]) -> Found:
    """Write beside ``path``, ``check`` what was written, then swap it in; what the check found.

    Raises ``OSError`` of the disk and whatever the check raises; the file is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        found = check(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return found
