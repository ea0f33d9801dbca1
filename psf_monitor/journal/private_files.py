"""Keep the journal's folder and files private to the user, as they reveal positions and trades."""

import contextlib
import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(path: Path) -> None:
    """Create the folder and file if missing, and remove other users' access to them and files beside them.

    Raises ``OSError`` if the folder cannot be created. Windows protects a user's folders by itself, and a
    file system without owners has no access rights to remove.
    """
    path.parent.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    if os.name != "posix":
        return
    _take_from_others(path.parent)
    with contextlib.suppress(OSError):
        # SQLite would create it according to the umask, and the files beside it likewise.
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR))
    for each in path.parent.glob(f"{path.name}*"):
        _take_from_others(each)


def _take_from_others(path: Path) -> None:
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
