"""The folder of unnamed recordings: their names, and when they are removed."""

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
    """Remove recordings last written more than ``days`` days ago; files with other names stay."""
    try:
        found = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)]
    except OSError:
        return
    for path in found:
        # One that somebody else removes or holds open does not prevent removing others.
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > days * _DAY_S:
                path.unlink()
