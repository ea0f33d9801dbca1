"""The folder of a demo with its token and journal, removed with the demo, even if that is killed."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

from psf_monitor import files

_PREFIX = "psf_monitor-demo-"
_IN_USE = "in-use"
_NEW_FOR_S = 60.0
"""A folder without a lock that is younger than this may just be in creation."""


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Yield a folder that is removed at the end. While it is held, no other psf_monitor removes it."""
    with TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with (folder / _IN_USE).open("wb") as lock:
            files.lock(lock)
            yield folder


def remove_left_over(temporary: Path | None = None) -> None:
    """Remove what killed demos left in the folder for temporary files, the user's own only."""
    with suppress(OSError):
        for folder in (temporary or Path(gettempdir())).glob(f"{_PREFIX}*"):
            if _is_ours(folder) and _is_abandoned(folder):
                rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    with suppress(OSError):
        found = folder.lstat()
        return folder.is_dir() and not folder.is_symlink() and found.st_uid == _user()
    return False


def _user() -> int:
    if sys.platform == "win32":
        # On Windows every user has a separate temporary folder.
        return 0
    return os.getuid()


def _is_abandoned(folder: Path) -> bool:
    try:
        with (folder / _IN_USE).open("r+b") as lock:
            return files.lock(lock)
    except FileNotFoundError:
        with suppress(OSError):
            return time.time() - folder.stat().st_mtime > _NEW_FOR_S
        return False
    except OSError:
        return False
