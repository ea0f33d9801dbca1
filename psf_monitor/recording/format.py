"""The file format, as described in README.md beside this. Pure: bytes in and out."""

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct, field

from psf_monitor.recording.entry import Entry

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC = b"psf_monitor wires\n"
TAIL_MAGIC = b"psf_monitor tail \n"
VERSION = 1
BLOCK = b"BLK1"

MOST_BLOCK_BYTES = 64 * 1024 * 1024
"""The largest block, compressed or not: a greater length is damage."""
_PREAMBLE = struct.Struct("<18sHI")
_BLOCK = struct.Struct("<4sIIIqqI")
_ROW = struct.Struct("<IBBHq")
_TAIL = struct.Struct("<18sHIqq")
HEADER_SIZE = _PREAMBLE.size
BLOCK_SIZE = _BLOCK.size
TAIL_SIZE = _TAIL.size
_MOST_STEP_US = 0xFFFFFFFF


class FormatError(Exception):
    """Bytes that are not of this format."""


class NewerVersionError(FormatError):
    """A file of a newer psf_monitor; ``version`` is that of its format."""

    def __init__(self, version: int) -> None:
        super().__init__(f"format {version}, known {VERSION}")
        self.version = version


class Clocks(NamedTuple):
    """One moment on two clocks: the monotonic one and UTC since 1970, both in ns."""

    at_ns: int
    utc_ns: int

    def utc_of(self, at_ns: int) -> int:
        """Return the UTC of a monotonic time, both in ns."""
        return self.utc_ns + at_ns - self.at_ns


class Header(Struct, frozen=True):
    """The header of a file; ``run`` is shared by the parts of one recording, in order."""

    run: str
    part: int
    product: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class BlockHeader(Struct, frozen=True):
    """A block before decompression; ``clocks`` are those of its first entry."""

    packed: int
    raw: int
    checksum: int
    clocks: Clocks
    count: int


def encode_header(header: Header) -> bytes:
    """Return the beginning of a file."""
    facts = {"run": header.run, "part": header.part, "product": header.product, **header.facts}
    encoded = json.dumps(facts, ensure_ascii=True, sort_keys=True).encode()
    return _PREAMBLE.pack(MAGIC, VERSION, len(encoded)) + encoded


def header_length(data: bytes) -> int:
    """Return how many header bytes follow the first ``HEADER_SIZE``. Raises ``FormatError``."""
    if len(data) < HEADER_SIZE or not data.startswith(MAGIC):
        raise FormatError("this is no recording of the wires")
    _, version, length = _PREAMBLE.unpack_from(data)
    if version > VERSION:
        raise NewerVersionError(version)
    if length > MOST_BLOCK_BYTES:
        raise FormatError("the header is damaged")
    return int(length)


def decode_header(encoded: bytes) -> Header:
    """Return the header's JSON. Raises ``FormatError``."""
    try:
        facts = json.loads(encoded)
        return Header(str(facts.pop("run")), int(facts.pop("part")), str(facts.pop("product")), facts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FormatError("the header is damaged") from error


class Columns:
    """The entries of a block, collected field by field, which compresses best."""

    def __init__(self, at_ns: int) -> None:
        self._before_ns = at_ns
        self._steps, self._lengths, self._lines = array("I"), array("I"), array("H")
        self._kinds, self._links = bytearray(), bytearray()
        self._data: list[bytes] = []

    def add(self, entry: Entry) -> None:
        """Add an entry, no earlier than the one before."""
        at_ns, kind, link, line, data = entry
        step_us = (at_ns - self._before_ns) // 1000
        # The remainder is not lost: it is in the next step.
        self._before_ns += step_us * 1000
        self._steps.append(step_us)
        self._lengths.append(len(data))
        self._lines.append(line)
        self._kinds.append(kind)
        self._links.append(link)
        self._data.append(data)

    def packed(self, clocks: Clocks, level: int) -> bytes:
        """Return the block; ``clocks`` are those of the first entry. ``level`` is that of zstd, 1 to 19."""
        numbers = (*_planes(self._steps), *_planes(self._lengths), *_planes(self._lines))
        raw = b"".join((*numbers, self._kinds, self._links, *self._data))
        packed = zstd.compress(raw, level)
        head = _BLOCK.pack(BLOCK, len(packed), len(raw), zlib.crc32(packed), *clocks, len(self._data))
        return head + packed


def decode_block_header(data: bytes) -> BlockHeader:
    """Return a block's header. Raises ``FormatError`` if no block begins here."""
    if len(data) < BLOCK_SIZE or not data.startswith(BLOCK):
        raise FormatError("no block begins here")
    _, packed, raw, checksum, at_ns, utc_ns, count = _BLOCK.unpack_from(data)
    if max(packed, raw) > MOST_BLOCK_BYTES:
        raise FormatError("the block's header is damaged")
    return BlockHeader(packed, raw, checksum, Clocks(at_ns, utc_ns), count)


def decode_block(header: BlockHeader, packed: bytes) -> list[Entry]:
    """Return the entries of a block. Raises ``FormatError`` if it is damaged."""
    if len(packed) != header.packed or zlib.crc32(packed) != header.checksum:
        raise FormatError("the block is damaged")
    try:
        raw = zstd.ZstdDecompressor().decompress(packed, header.raw)
    except zstd.ZstdError as error:
        raise FormatError("the block is damaged") from error
    if len(raw) != header.raw:
        raise FormatError("the block is damaged")
    return _rows(raw, header.count, header.clocks.at_ns)


def fits(before_ns: int, at_ns: int) -> bool:
    """Return whether two entries may follow each other in a block."""
    return 0 <= at_ns - before_ns <= _MOST_STEP_US * 1000


def encode_tail(block: int, clocks: Clocks) -> bytes:
    """Return the beginning of a tail file, which holds the entries of the block with this number."""
    return _TAIL.pack(TAIL_MAGIC, VERSION, block, *clocks)


def decode_tail(data: bytes) -> tuple[int, Clocks, list[Entry]]:
    """Return the block's number, its clocks and every complete entry. Raises ``FormatError``."""
    if len(data) < TAIL_SIZE or not data.startswith(TAIL_MAGIC):
        raise FormatError("this is no tail")
    _, version, block, at_ns, utc_ns = _TAIL.unpack_from(data)
    if version > VERSION:
        raise NewerVersionError(version)
    return block, Clocks(at_ns, utc_ns), list(_tail_rows(data))


def encode_row(entry: Entry) -> bytes:
    """Return one entry of a tail."""
    return _ROW.pack(len(entry.data), entry.kind, entry.link, entry.line, entry.at_ns) + entry.data


def _tail_rows(data: bytes) -> Iterator[Entry]:
    place = TAIL_SIZE
    while place + _ROW.size <= len(data):
        length, kind, link, line, at_ns = _ROW.unpack_from(data, place)
        place += _ROW.size
        if place + length > len(data):
            return
        yield Entry(at_ns, kind, link, line, data[place : place + length])
        place += length


def _planes(numbers: "array[int]") -> Iterator[bytes]:
    if sys.byteorder == "big":
        numbers.byteswap()
    data = numbers.tobytes()
    return (data[place :: numbers.itemsize] for place in range(numbers.itemsize))


def _rows(raw: bytes, count: int, at_ns: int) -> list[Entry]:
    if len(raw) < count * 12:
        raise FormatError("the block is damaged")
    steps = _numbers("I", raw[: 4 * count], count)
    lengths = _numbers("I", raw[4 * count : 8 * count], count)
    lines = _numbers("H", raw[8 * count : 10 * count], count)
    kinds, links = raw[10 * count : 11 * count], raw[11 * count : 12 * count]
    place = 12 * count
    if place + sum(lengths) != len(raw):
        raise FormatError("the block is damaged")
    entries = []
    for step_us, length, line, kind, link in zip(steps, lengths, lines, kinds, links, strict=True):
        at_ns += step_us * 1000
        entries.append(Entry(at_ns, kind, link, line, raw[place : place + length]))
        place += length
    return entries


def _numbers(code: str, planes: bytes, count: int) -> "array[int]":
    numbers = array(code)
    whole = bytearray(len(planes))
    for place in range(numbers.itemsize):
        whole[place :: numbers.itemsize] = planes[place * count : (place + 1) * count]
    numbers.frombytes(bytes(whole))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
