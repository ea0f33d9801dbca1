"""Writes the parts of one recording, on the calling thread, which may have to wait for the disk."""

import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from msgspec import Struct

from psf_monitor import __version__
from psf_monitor.files import require_file_or_none
from psf_monitor.recording import errors
from psf_monitor.recording import format as wire_format
from psf_monitor.recording.entry import Entry
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.format import Clocks, Columns, Header
from psf_monitor.recording.reader import part_path, read_header, tail_path

_CLOCK_MOVED_NS = 500_000_000
"""A clock that was set by more than this begins a new block."""
_BUSY_PER_S = 1_000.0
_QUICK_LEVEL, _THOROUGH_LEVEL = 3, 15
"""zstd levels: at a high rate of entries compression must be fast, otherwise thorough."""


class FileLimits(Struct, frozen=True):
    """When a block and a part are full."""

    block_s: float = 60.0
    block_bytes: int = 1_500_000
    part_bytes: int = 64 * 1024 * 1024
    part_s: float = 86_400.0


def system_clocks() -> Clocks:
    return Clocks(time.monotonic_ns(), time.time_ns())


def clocks_of(clock: Callable[[], datetime]) -> Callable[[], Clocks]:
    """Return the monotonic clock, and another one for UTC: a demo runs on its market's time."""
    return lambda: Clocks(time.monotonic_ns(), int(clock().timestamp() * 1e6) * 1000)


class Writer:
    """The files of one run, from the first entry to ``close``.

    Every method may raise ``OSError``: no data is lost, and the next call tries again.
    """

    def __init__(
        self,
        path: Path,
        run: str,
        facts: Mapping[str, Any],
        *,
        limits: FileLimits | None = None,
        clocks: Callable[[], Clocks] = system_clocks,
    ) -> None:
        """Nothing is created yet. If ``path`` exists, it is left alone and the next free name is used."""
        self._path = path
        self._run = run
        self._facts = facts
        self._limits = limits or FileLimits()
        self._clocks = clocks
        self._number = 0
        self._part = 0
        self.first: Path | None = None
        """The first part, once it exists."""
        self._parts: list[Path] = []
        self._main: _Output | None = None
        self._tail: _Output | None = None
        self._blocks = 0
        self._block_clocks = Clocks(0, 0)
        self._columns = Columns(0)
        self._last_ns = 0
        self._block_bytes = 0
        self._part_began_ns = 0
        self._coming: deque[Entry] = deque()
        self._entries: list[Entry] = []
        self._saved = 0

    @property
    def path(self) -> Path | None:
        """The part that is being written."""
        return None if self._main is None else self._main.path

    @property
    def unsaved_bytes(self) -> int:
        """How many bytes are in memory only."""
        return sum(len(entry.data) for entry in (*self._entries[self._saved :], *self._coming))

    def write(self, entries: Sequence[Entry]) -> None:
        """Store these entries in order. Raises ``RecordingError`` if the name belongs to another kind of
        file.
        """
        now = self._clocks()
        self._coming.extend(entries)
        is_set = bool(self._entries) and self._has_clock_moved(now)
        while self._coming:
            self._take(self._coming[0], now, is_set=is_set)
            is_set = False
            self._coming.popleft()
        self._save(now)
        if self._entries and self._is_block_full(now):
            self._pack(now)
        if self._main is not None and self._is_part_full(now):
            self._pack(now)
            self._end_part()

    def close(self) -> None:
        """Compress the rest and close the files."""
        self.write(())
        if self._entries:
            now = self._clocks()
            self._save(now)
            self._pack(now)
        self._end_part()

    def abandon(self) -> None:
        """Close the files as they are: what is not compressed stays in the tail."""
        for output in (self._main, self._tail):
            if output is not None:
                output.close()
        self._main = self._tail = None

    def remove(self) -> None:
        """Remove everything that was written."""
        self.abandon()
        for part in self._parts:
            for path in (part, tail_path(part)):
                with suppress(OSError):
                    path.unlink()

    def _has_clock_moved(self, now: Clocks) -> bool:
        return abs(now.utc_ns - self._block_clocks.utc_of(now.at_ns)) > _CLOCK_MOVED_NS

    def _take(self, entry: Entry, now: Clocks, *, is_set: bool) -> None:
        if not self._entries:
            self._begin_block(entry, now)
        elif is_set or not wire_format.fits(self._last_ns, entry.at_ns):
            self._save(now)
            self._pack(now)
            self._begin_block(entry, now)
        self._last_ns = entry.at_ns
        self._columns.add(entry)
        self._entries.append(entry)
        self._block_bytes += len(entry.data)

    def _begin_block(self, entry: Entry, now: Clocks) -> None:
        self._block_clocks = Clocks(entry.at_ns, now.utc_of(entry.at_ns))
        self._columns = Columns(entry.at_ns)
        self._block_bytes = 0

    def _is_block_full(self, now: Clocks) -> bool:
        age_s = (now.at_ns - self._block_clocks.at_ns) / 1e9
        return self._block_bytes >= self._limits.block_bytes or age_s >= self._limits.block_s

    def _is_part_full(self, now: Clocks) -> bool:
        assert self._main is not None
        age_s = (now.at_ns - self._part_began_ns) / 1e9
        return self._main.length >= self._limits.part_bytes or age_s >= self._limits.part_s

    def _save(self, now: Clocks) -> None:
        """Bring the tail up to what is in memory."""
        if self._saved == len(self._entries):
            return
        if self._main is None:
            self._begin_part(now)
        assert self._main is not None
        if self._tail is None:
            self._tail = _Output(tail_path(self._main.path))
            self._tail.begin()
        if not self._saved:
            self._tail.restart(wire_format.encode_tail(self._blocks, self._block_clocks))
        self._tail.append(b"".join(map(wire_format.encode_row, self._entries[self._saved :])))
        self._saved = len(self._entries)

    def _pack(self, now: Clocks) -> None:
        if not self._entries:
            return
        self._save(now)
        assert self._main is not None
        lasted_s = max((now.at_ns - self._block_clocks.at_ns) / 1e9, 0.001)
        is_busy = len(self._entries) / lasted_s > _BUSY_PER_S
        level = _QUICK_LEVEL if is_busy else _THOROUGH_LEVEL
        self._main.append(self._columns.packed(self._block_clocks, level))
        self._blocks += 1
        self._entries, self._saved, self._block_bytes = [], 0, 0

    def _begin_part(self, now: Clocks) -> None:
        path = self._free_path()
        main = _Output(path)
        main.begin()
        self._part += 1
        try:
            main.append(
                wire_format.encode_header(
                    Header(self._run, self._part, __version__, {"settings": self._facts})
                )
            )
        except OSError:
            self._part -= 1
            main.remove()
            raise
        self._main, self._blocks, self._part_began_ns = main, 0, now.at_ns
        self.first = self.first or path
        self._parts.append(path)

    def _free_path(self) -> Path:
        number = max(self._number, 1)
        while (path := part_path(self._path, number)).exists():
            try:
                read_header(path)
            except RecordingError as error:
                raise RecordingError(errors.already_there(path)) from error
            number += 1
        self._number = number
        return path

    def _end_part(self) -> None:
        main, tail = self._main, self._tail
        self._main = self._tail = None
        if main is not None:
            main.close()
        if tail is not None:
            tail.close()
            # A remaining one is recognized as old by its number.
            with suppress(OSError):
                tail.path.unlink()


class _Output:
    """A file that only its user can read; a partial write is overwritten the next time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.length = 0
        self._file: FileIO | None = None

    def begin(self) -> None:
        """Create it, or empty a tail that a sudden end left under the name."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        require_file_or_none(self.path)
        handle = os.open(self.path, os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
        self._file = FileIO(handle, "r+b")
        self._file.truncate(0)

    def restart(self, data: bytes) -> None:
        """Start again with these bytes."""
        self.length = 0
        self._write(data)
        self.length = len(data)

    def append(self, data: bytes) -> None:
        self._write(data)
        self.length += len(data)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def remove(self) -> None:
        self.close()
        with suppress(OSError):
            self.path.unlink()

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        self._file.seek(self.length)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        self._file.truncate()
