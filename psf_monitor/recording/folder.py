"""The folder of the recordings that were given no name: how they are called, and when they go."""

import re
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

SUFFIX = ".wires"
_OURS = re.compile(r"psf_monitor-[0-9]{8}-[0-9]{6}(-[0-9]+)?\.wires(\.tail)?")
_DAY_S = 86_400.0


def name_for(folder: Path, at: datetime) -> Path:
    """Return the path of a recording that begins now; ``at`` in the user's own time."""
    return folder / f"psf_monitor-{at:%Y%m%d-%H%M%S}{SUFFIX}"


def remove_old(folder: Path, days: int) -> None:
    """Remove what was last written more than ``days`` days ago; files of other names stay."""
    try:
        found = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)]
    except OSError:
        return
    for path in found:
        # One that somebody else removes or holds open keeps no other from going.
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > days * _DAY_S:
                path.unlink()
