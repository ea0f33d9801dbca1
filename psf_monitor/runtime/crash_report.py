"""Detect how the last psf_monitor ended, if it did not end regularly.

While running, it holds a file in the log's folder, into which Python's fault handler writes the stack of
every thread if the process dies. A regular end removes the file, so a remaining one means a crash.
"""

import faulthandler
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TextIO

from msgspec import Struct

from psf_monitor import formatting
from psf_monitor.domain.clock import system_clock
from psf_monitor.files import require_file
from psf_monitor.problem import Problem
from psf_monitor.runtime.logs import FILE_NAME

if sys.platform != "win32":
    import fcntl

_log = logging.getLogger(__name__)

_RUNNING = "running"
MOST_TRACES = 5
"""How many traces are kept: the newest."""
_STAYS = ("window", "serve")
"""What runs until it is asked to end; the end of a killed command or demo is not reported."""


class Crash(Struct, frozen=True):
    """An irregular end, at ``at`` (UTC) or later.

    ``trace`` is the file with the stacks of all threads; without one the process was killed from outside.
    """

    at: datetime
    trace: Path | None
    log: Path

    @property
    def problem(self) -> Problem:
        when = formatting.moment(self.at, system_clock())
        if self.trace is not None:
            return Problem(
                f"The last psf_monitor crashed at {when}.",
                "It died inside, in Python or in a library, and could not close its lines.",
                f"What the brokers hold was not touched. Where it died is in {self.trace}, what came before "
                f"in {self.log}.",
            )
        return Problem(
            f"The last psf_monitor did not end by itself; its last word is of {when}.",
            "Something ended it, or the computer went off.",
            f"What the brokers hold was not touched. What came before is in {self.log}.",
        )


@contextmanager
def watched(folder: Path, what: str) -> Iterator[Crash | None]:
    """Report an irregular end of this process at the next start, until the block ends.

    ``what`` runs: ``window``, ``serve`` or another command. The first two receive the latest irregular end of
    an earlier run, once; it is also logged. A folder that cannot be written is ignored.
    """
    found = _found(folder, is_reported=what in _STAYS)
    if found is not None:
        _log.warning("%s", found.problem)
    file = None
    with suppress(OSError):
        file = _held(folder, what)
    # Whoever enabled Python's fault handler has it write elsewhere, and keeps that.
    is_ours = file is not None and not faulthandler.is_enabled()
    if is_ours:
        assert file is not None
        faulthandler.enable(file)
    try:
        yield found
    finally:
        if is_ours:
            faulthandler.disable()
        if file is not None:
            file.close()
            with suppress(OSError):
                Path(file.name).unlink()


def withdraw(folder: Path) -> None:
    """Report nothing about this process at the next start: it ends at once, and has said why."""
    faulthandler.disable()
    for path in folder.glob(f"{_RUNNING}-*-{os.getpid()}.txt"):
        with suppress(OSError):
            path.unlink()


def _held(folder: Path, what: str) -> TextIO:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_RUNNING}-{what}-{os.getpid()}.txt"
    while True:
        file = path.open("w", encoding="utf-8")
        # Another start may have taken it for a leftover before it was locked.
        if _lock(file) and path.exists():
            return file
        file.close()


def _found(folder: Path, *, is_reported: bool) -> Crash | None:
    """Return the latest irregular end, and put its file aside; files of running programs stay.

    Without ``is_reported`` only the files that would not be reported are removed.
    """
    crashes = []
    for path in folder.glob(f"{_RUNNING}-*-*.txt"):
        with suppress(OSError):
            require_file(path)
            if not is_reported and (_is_reportable(path) or path.stat().st_size):
                continue
            crash = _ended(path, folder / FILE_NAME)
            if crash is not None:
                crashes.append(crash)
    for old in sorted(folder.glob("crash-*.txt"))[:-MOST_TRACES]:
        with suppress(OSError):
            old.unlink()
    return max(crashes, key=lambda crash: crash.at, default=None)


def _ended(path: Path, log: Path) -> Crash | None:
    if _is_held(path):
        return None
    at = _changed_at(path)
    if path.stat().st_size:
        aside = path.with_name(f"crash-{at:%Y%m%d-%H%M%S}-{path.stem.rsplit('-', 1)[1]}.txt")
        path.replace(aside)
        return Crash(at, aside, log)
    # On Windows this fails while its owner lives.
    path.unlink()
    if not _is_reportable(path):
        return None
    return Crash(max(at, _changed_at(log)) if log.is_file() else at, None, log)


def _is_reportable(path: Path) -> bool:
    return path.name.startswith(tuple(f"{_RUNNING}-{what}-" for what in _STAYS))


def _is_held(path: Path) -> bool:
    with path.open("rb") as file:
        return not _lock(file)


def _lock(file: IO[str] | IO[bytes]) -> bool:
    """Lock it until it is closed; return whether that succeeded. Windows does not remove open files
    anyway.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
