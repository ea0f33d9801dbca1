"""The trader's files on disk: read, read again once saved; the last good content is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from psf_monitor import files, formatting
from psf_monitor.domain.facts import NOTHING_KNOWN, Facts
from psf_monitor.facts.merge import merge
from psf_monitor.facts.table import FactTable, UnusableFileError, parse

_Stamp = tuple[int, int]
_MOST_BYTES = 128 * 2**20
"""A hundred times what PSFALGO writes for all its shares."""
_CUT_OFF = "it ends in the middle of a line"


@dataclass(slots=True)
class _File:
    """One file: ``table`` is its last good content, ``seen`` the stamp of the last version read.

    ``coming`` is the stamp of a version being saved: it is read once it stays the same between two checks.
    ``problem`` is why it is not read in its current state, without a full stop.
    """

    path: Path
    name: str
    table: FactTable | None = None
    read_at: datetime | None = None
    seen: _Stamp | None = None
    coming: _Stamp | None = None
    problem: str = ""


class FactFiles:
    """The files named in the settings. Calls may take as long as the disk does: make them in a thread.

    For a file that is missing, held by another program or half written, the earlier content is kept and
    marked as old, with its time. ``usual_par`` is passed to the facts.
    """

    def __init__(
        self, paths: Sequence[Path], clock: Callable[[], datetime], *, usual_par: float | None = None
    ) -> None:
        self._clock = clock
        self._usual_par = usual_par
        self._files = [_File(path, name) for path, name in zip(paths, _names(paths), strict=True)]
        self.facts = NOTHING_KNOWN
        """The facts as last read."""

    def read_again(self) -> bool:
        """Read what has been saved since; return whether the facts changed."""
        before = [(file.seen, file.problem) for file in self._files]
        for file in self._files:
            self._read_if_saved(file)
        if before == [(file.seen, file.problem) for file in self._files]:
            return False
        self.facts = self._merged()
        return True

    def _read_if_saved(self, file: _File) -> None:
        try:
            stamp = _stamp(file.path)
            if stamp == file.seen:
                return
            if file.table is not None and stamp != file.coming:
                # Somebody may still be writing it.
                file.coming = stamp
                return
            data = files.read(file.path, most=_MOST_BYTES)
            if _stamp(file.path) != stamp:
                file.coming = None
                return
        except FileNotFoundError:
            file.seen, file.coming, file.problem = None, None, "there is no such file"
            return
        except OSError as error:
            file.seen, file.coming = None, None
            file.problem = f"it cannot be read: {files.reason(error)}"
            return
        self._read(file, data)
        file.seen, file.coming = stamp, None

    def _read(self, file: _File, data: bytes) -> None:
        try:
            table = parse(data)
        except UnusableFileError as error:
            file.problem = str(error)
            return
        if table.is_cut_off and file.table is not None:
            file.problem = f"{_CUT_OFF}, as if it were half written"
            return
        if table.is_cut_off:
            table = replace(table, problems=(*table.problems, f"{_CUT_OFF}."))
        file.table, file.read_at, file.problem = table, self._clock(), ""

    def _merged(self) -> Facts:
        tables = {file.name: file.table for file in self._files if file.table is not None}
        old = [file.read_at for file in self._files if file.problem and file.read_at is not None]
        facts = merge(tables, usual_par=self._usual_par, stale_since=min(old, default=None))
        problems = tuple(self._problem_of(file) for file in self._files if file.problem)
        return Facts(facts.columns, facts.shares, (*problems, *facts.problems), facts.stale_since)

    def _problem_of(self, file: _File) -> str:
        if file.read_at is None:
            return f"{file.name}: {file.problem}."
        read_at = formatting.moment(file.read_at, self._clock())
        return f"{file.name}: {file.problem}; what was read at {read_at} ET still counts."


def _stamp(path: Path) -> _Stamp:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _names(paths: Sequence[Path]) -> list[str]:
    """Return the names of the files, with their folders if two are equal."""
    names = [path.name for path in paths]
    return [name if names.count(name) == 1 else str(path) for name, path in zip(names, paths, strict=True)]
