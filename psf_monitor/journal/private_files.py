"""The journal's folder and files are the user's alone: they say what is held and what was traded."""

import contextlib
import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(path: Path) -> None:
    """Make the folder and the file where they are missing, and take them and all beside them from others.

    ``OSError`` when the folder cannot be made. Windows keeps a user's folders from others by itself, and a
    file system without owners has nothing to take.
    """
    path.parent.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    if os.name != "posix":
        return
    _take_from_others(path.parent)
    with contextlib.suppress(OSError):
        # SQLite would make it as the umask says, and the files beside it like it.
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR))
    for each in path.parent.glob(f"{path.name}*"):
        _take_from_others(each)


def _take_from_others(path: Path) -> None:
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
