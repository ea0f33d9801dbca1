"""The messages of a recording: TWS's bytes assembled, HAMMER's as they are."""

import json
import struct
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.entry import CHECK_MODES, MODES, TWS_LINKS, Kind
from psf_monitor.recording.reader import Recorded

GREETING = b"API\0"
MOST_TWS_BYTES = 0xFFFFFF
_LENGTH = struct.Struct(">I")
_BYTES = (Kind.RECEIVED, Kind.SENT)
_decode = msgspec.json.Decoder().decode


class Message(NamedTuple):
    """One entry, or one whole message of TWS. ``payload`` is without TWS's length prefix.

    ``is_whole`` is false for bytes that make no message, because the line ended in the middle of one.
    """

    recorded: Recorded
    payload: bytes
    is_whole: bool = True

    @property
    def kind(self) -> int:
        return self.recorded.entry.kind

    @property
    def line(self) -> int:
        return self.recorded.entry.line

    @property
    def mode(self) -> AccountMode | None:
        """The connection; ``None`` for a connection test, too."""
        return MODES.get(self.recorded.entry.link)

    @property
    def checked(self) -> AccountMode | None:
        """The connection that a connection test uses."""
        return CHECK_MODES.get(self.recorded.entry.link)

    @property
    def is_tws(self) -> bool:
        return self.recorded.entry.link in TWS_LINKS

    @property
    def fields(self) -> list[str]:
        """The fields of a message of TWS."""
        return fields_of(self.payload)

    @property
    def content(self) -> dict[str, Any]:
        """The content of a JSON entry or a HAMMER frame; empty if it has none."""
        return json_object(self.payload)


def fields_of(payload: bytes) -> list[str]:
    """Return the fields of one TWS message, each of which ends with NUL (TWS API)."""
    return payload.decode("utf-8", "backslashreplace").removesuffix("\0").split("\0")


def json_object(payload: bytes) -> dict[str, Any]:
    """Return the JSON object in these bytes; empty for anything else."""
    try:
        content = _decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            # What the strict reader refuses, such as NaN.
            content = json.loads(payload)
        except (ValueError, RecursionError):
            return {}
    return content if isinstance(content, dict) else {}


class TwsFrames:
    """Assembles the messages of one direction of a line. After invalid bytes, nothing more is read."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the payloads that these bytes completed; the client's greeting is skipped."""
        self._data += data
        if self._data.startswith(GREETING):
            del self._data[: len(GREETING)]
        found, place = [], 0
        while place + _LENGTH.size <= len(self._data):
            (length,) = _LENGTH.unpack_from(self._data, place)
            end = place + _LENGTH.size + length
            if length > MOST_TWS_BYTES or end > len(self._data):
                break
            found.append(bytes(self._data[place + _LENGTH.size : end]))
            place = end
        del self._data[:place]
        return found

    @property
    def rest(self) -> bytes:
        """Return the bytes that made no message."""
        return bytes(self._data)


def messages_of(recording: Iterable[Recorded]) -> Iterator[Message]:
    """Yield every message and every other entry, each when its last byte arrived."""
    frames: dict[tuple[int, int], TwsFrames] = {}
    for recorded in recording:
        entry = recorded.entry
        if entry.link in TWS_LINKS and entry.kind in _BYTES:
            reading = frames.setdefault((entry.line, entry.kind), TwsFrames())
            yield from (Message(recorded, payload) for payload in reading.feed(entry.data))
            continue
        if entry.kind == Kind.CLOSED:
            for kind in _BYTES:
                rest = frames.pop((entry.line, kind), TwsFrames()).rest
                if rest:
                    left = recorded._replace(entry=entry._replace(kind=kind))
                    yield Message(left, rest, is_whole=False)
        yield Message(recorded, entry.data)


def framed(payload: bytes) -> bytes:
    """Return one TWS message as sent over the wire."""
    return _LENGTH.pack(len(payload)) + payload
