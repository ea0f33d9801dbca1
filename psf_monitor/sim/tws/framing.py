"""The TWS API's framing and field encoding, as TWS itself does it. Pure: bytes and text in and out.

Source: TWS API, recorded messages. A message is a 4-byte big-endian length and fields that each end with
NUL. A client begins with ``API`` and NUL, then one frame that names the versions it speaks.
"""

import math
import re
import struct

Field = str | int | float | bool | None

GREETING = b"API\0"
MOST_FRAME_BYTES = 0xFFFFFF
UNSET_FLOAT = "1.7976931348623157E308"
UNSET_INT = "2147483647"
_LENGTH = struct.Struct(">I")
_VERSIONS = re.compile(rb"v(\d{1,9})\.\.(\d{1,9})(?: .*)?", re.DOTALL)


class WireError(Exception):
    """Bytes that no TWS client sends, or a field that is missing or of the wrong kind."""


def frame(payload: bytes) -> bytes:
    """Return the payload with its length before it. Raises ``WireError`` if it is empty or too long."""
    if not 0 < len(payload) <= MOST_FRAME_BYTES:
        raise WireError(f"a frame of {len(payload)} bytes")
    return _LENGTH.pack(len(payload)) + payload


def text(field: Field) -> str:
    """Return a field as TWS writes it: unset is empty, a whole number has no fraction, other text is ASCII.

    A character that is not ASCII becomes ``\\uXXXX`` per UTF-16 unit, as servers of version 153 and later
    do. Raises ``WireError`` for NUL in a text and for a number that is not finite.
    """
    if field is None:
        return ""
    if isinstance(field, bool):
        return "1" if field else "0"
    if isinstance(field, int):
        return str(field)
    if isinstance(field, float):
        if not math.isfinite(field):
            raise WireError(f"{field} is not a number that TWS sends")
        return str(int(field)) if field.is_integer() else repr(field)
    if "\0" in field:
        raise WireError("a field cannot hold NUL")
    return field if field.isascii() else "".join(map(_escaped, field))


def _escaped(character: str) -> str:
    if character.isascii():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True))


def message(*fields: Field) -> bytes:
    """Return one framed message."""
    return frame("".join(text(field) + "\0" for field in fields).encode("ascii"))


def fields_of(payload: bytes) -> list[str]:
    """Return the fields of a frame's payload. Raises ``WireError`` if the last one does not end."""
    if not payload.endswith(b"\0"):
        raise WireError("the last field does not end")
    return payload[:-1].decode("utf-8", "backslashreplace").split("\0")


def versions(payload: bytes) -> tuple[int, int]:
    """Return the lowest and highest version in a first frame. Raises ``WireError`` for any other."""
    match = _VERSIONS.fullmatch(payload)
    if match is None:
        raise WireError(f"not a range of versions: {payload[:40]!r}")
    least, most = int(match[1]), int(match[2])
    if least > most:
        raise WireError(f"an empty range of versions: {least} to {most}")
    return least, most


class FrameReader:
    """Collects the bytes of one connection and gives out whole frames, however they were cut.

    With ``greeted`` False the stream has to begin with the client's greeting. After a ``WireError`` the
    beginning of the next frame is unknown, and the connection is useless.
    """

    def __init__(self, *, greeted: bool = True) -> None:
        self._data = bytearray()
        self._greeted = greeted

    def feed(self, data: bytes) -> list[bytes]:
        """Return the payloads that these bytes completed."""
        self._data += data
        if not self._greeted:
            seen = bytes(self._data[: len(GREETING)])
            if not GREETING.startswith(seen):
                raise WireError(f"not a TWS client: {seen!r}")
            if len(seen) < len(GREETING):
                return []
            del self._data[: len(GREETING)]
            self._greeted = True
        payloads = []
        while len(self._data) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._data)
            if not 0 < length <= MOST_FRAME_BYTES:
                raise WireError(f"a frame of {length} bytes")
            end = _LENGTH.size + length
            if len(self._data) < end:
                break
            payloads.append(bytes(self._data[_LENGTH.size : end]))
            del self._data[:end]
        return payloads


class Request:
    """The fields of one request, by place; the first is its id. Raises ``WireError`` for a missing one."""

    def __init__(self, payload: bytes) -> None:
        self._fields = fields_of(payload)
        self.id = self.integer(0)

    def text(self, place: int) -> str:
        if place >= len(self._fields):
            raise WireError(f"field {place} is missing")
        return self._fields[place]

    def integer(self, place: int) -> int:
        """Return a whole number; an empty field is 0, as TWS reads it."""
        value = self.text(place)
        try:
            return int(value or 0)
        except ValueError:
            raise WireError(f"field {place} is not a whole number") from None

    def flag(self, place: int) -> bool:
        return self.integer(place) != 0
