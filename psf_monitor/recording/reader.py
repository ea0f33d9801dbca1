"""Reads a recording, part by part and block by block; damage is skipped and reported."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple

from psf_monitor.files import require_file
from psf_monitor.recording import errors
from psf_monitor.recording import format as wire_format
from psf_monitor.recording.entry import Entry
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.format import Clocks, FormatError, Header, NewerVersionError

_LOOK_BYTES = 1 << 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Recorded(NamedTuple):
    """An entry and its time by the computer's clock in ns since 1970."""

    entry: Entry
    utc_ns: int

    @property
    def at(self) -> datetime:
        return utc(self.utc_ns)


def utc(utc_ns: int) -> datetime:
    """Return a time in ns since 1970, to the microsecond."""
    return _EPOCH + timedelta(microseconds=utc_ns // 1000)


def part_path(first: Path, part: int) -> Path:
    """Return the path of a part of the recording that begins at ``first``."""
    return first if part == 1 else first.with_name(f"{first.stem}-{part}{first.suffix}")


def tail_path(part: Path) -> Path:
    """Return the file beside a part that holds what is not compressed yet."""
    return part.with_name(f"{part.name}.tail")


def read_header(path: Path) -> Header:
    """Return the header. Raises ``RecordingError``."""
    try:
        require_file(path)
        with path.open("rb") as file:
            return _header(file)
    except OSError as error:
        raise RecordingError(errors.cannot_read(path, error)) from error
    except NewerVersionError as error:
        raise RecordingError(errors.newer(path, error.version, wire_format.VERSION)) from error
    except FormatError as error:
        raise RecordingError(errors.not_a_recording(path, str(error))) from error


class Reader:
    """One recording with all its parts, which can be iterated any number of times.

    ``problems`` are sentences about damage, ``count`` is the number of entries, once it has been read.
    """

    def __init__(self, path: Path) -> None:
        """Raise ``RecordingError`` for a file that is no recording, or of a newer version."""
        self.path = path
        self.header = read_header(path)
        self.problems: list[str] = []
        self.count = 0

    @property
    def parts(self) -> list[Path]:
        """Return the files in order; all are of the same run."""
        found = [self.path]
        base, number = self._base()
        while True:
            number += 1
            path = part_path(base, number)
            try:
                header = read_header(path)
            except RecordingError:
                return found
            if header.run != self.header.run:
                return found
            found.append(path)

    def __iter__(self) -> Iterator[Recorded]:
        self.problems, self.count = [], 0
        for path in self.parts:
            try:
                yield from self._read_part(path)
            except OSError as error:
                raise RecordingError(errors.cannot_read(path, error)) from error

    def _base(self) -> tuple[Path, int]:
        """Return the name that the parts share, and the number in this one's."""
        stem, _, number = self.path.stem.rpartition("-")
        if stem and number.isascii() and number.isdecimal() and number != "1":
            return self.path.with_name(f"{stem}{self.path.suffix}"), int(number)
        return self.path, 1

    def _read_part(self, path: Path) -> Iterator[Recorded]:
        cut_at: int | None = None
        blocks = 0
        require_file(path)
        with path.open("rb") as file:
            _header(file)
            while True:
                begin = file.tell()
                head = file.read(wire_format.BLOCK_SIZE)
                if not head:
                    break
                try:
                    header = wire_format.decode_block_header(head)
                    entries = wire_format.decode_block(header, file.read(header.packed))
                except FormatError:
                    if not _next_block(file, begin + 1):
                        cut_at = begin
                        break
                    self.problems.append(f"{path.name} is damaged at byte {begin}: one block is missing.")
                    blocks += 1
                    continue
                blocks += 1
                self.count += len(entries)
                yield from _timed(entries, header.clocks)
        tail = _tail_of(path, blocks)
        if tail is not None:
            self.count += len(tail)
            yield from tail
        elif cut_at is not None:
            self.problems.append(
                f"{path.name} ends in the middle, at byte {cut_at}: what follows is missing."
            )


def _tail_of(path: Path, blocks: int) -> list[Recorded] | None:
    """Return the entries of the tail beyond the ``blocks`` of the part; ``None`` without a tail."""
    tail = tail_path(path)
    try:
        require_file(tail)
        block, clocks, entries = wire_format.decode_tail(tail.read_bytes())
    except (FileNotFoundError, FormatError):
        return None
    return _timed(entries, clocks) if block >= blocks else None


def _timed(entries: list[Entry], clocks: Clocks) -> list[Recorded]:
    ahead_ns = clocks.utc_of(0)
    return [Recorded(entry, ahead_ns + entry.at_ns) for entry in entries]


def _header(file: BinaryIO) -> Header:
    length = wire_format.header_length(file.read(wire_format.HEADER_SIZE))
    return wire_format.decode_header(file.read(length))


def _next_block(file: BinaryIO, begin: int) -> bool:
    """Seek the next place that looks like a block; return whether there is one."""
    file.seek(begin)
    kept = b""
    while data := file.read(_LOOK_BYTES):
        window = kept + data
        place = window.find(wire_format.BLOCK)
        if place >= 0:
            file.seek(file.tell() - len(window) + place)
            return True
        kept = window[-len(wire_format.BLOCK) + 1 :]
    return False
