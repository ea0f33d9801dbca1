"""HAMMER's frames and their meaning. Pure: bytes in, a typed message or ``ProtocolError`` out.

Every fact here comes from how Hammer Pro's WebSocket API behaves towards its public clients; where versions
differ, every variant is accepted. No other package knows this protocol.

Numbers arrive as numbers, as numbers in strings, as empty strings, or not at all. In an update, a field that
is missing, null or an empty string means no change and becomes ``UNSET``. A figure that cannot be true (not a
number, not finite, negative, a bid or ask of 0) becomes ``None``: unknown.

Of two fields of one name in an object the last one counts, as in PSFALGO's JSON reader; HAMMER is not known
to send any. Of two spellings of one name with two values neither counts.
"""

import codecs
import contextlib
import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from psf_monitor.hammer.guard import COMMANDS as COMMANDS
from psf_monitor.hammer.guard import CommandRefusedError as CommandRefusedError
from psf_monitor.hammer.guard import checked
from psf_monitor.hammer.prices.field_names import read_fields
from psf_monitor.hammer.prices.figures import finite, is_yes
from psf_monitor.hammer.prices.l1_update import UNREADABLE as UNREADABLE
from psf_monitor.hammer.prices.l1_update import L1Update, PlainResult, plain_update, read, read_record
from psf_monitor.problem import one_line

ACCOUNT_UPDATES = frozenset(
    {"tradingAccountStateUpdate", "positionsUpdate", "transactionsUpdate", "balancesUpdate"}
)
"""What HAMMER sends about its own account without being asked."""

_T = TypeVar("_T")


class ProtocolError(Exception):
    """A frame that is not part of HAMMER's known protocol; ``kind`` is one of few, so that each is logged
    once.

    ``command`` is HAMMER's name of the message, if known.
    """

    def __init__(self, kind: str, frame: bytes, command: str = "") -> None:
        super().__init__(f"{kind}: {frame[:80]!r}")
        self.kind = kind
        self.command = command


class UnreadableQuoteError(ProtocolError):
    """An ``L1Update`` that cannot be read; ``symbol`` is the symbol it was about, empty if unknown."""

    def __init__(self, frame: bytes, symbol: str) -> None:
        super().__init__("an unreadable L1Update", frame, "L1Update")
        self.symbol = symbol


class Greeting(Struct, frozen=True):
    """The bare word that some versions send first."""


class HeartbeatFrame(Struct, frozen=True):
    """HAMMER's heartbeat."""


class Closing(Struct, frozen=True):
    """The user is closing Hammer Pro."""


class OtherUpdate(Struct, frozen=True):
    """A message that HAMMER sends unsolicited and that is not used here.

    All of them have a name that ends in ``Update`` (HAMMER): ``newsUpdate``, ``alertTriggerUpdate``,
    ``tradeCommandUpdate``, ``dataStreamerStatusUpdate`` and others.
    """

    command: str


_READY_STATES = frozenset({"idleorstreaming", "streaming", "idle"})


class StreamerState(Struct, frozen=True):
    """A data source changed its state; it can be subscribed to in ``IdleOrStreaming``."""

    streamer: str
    state: str

    @property
    def is_ready(self) -> bool:
        """Whether symbols can be subscribed to."""
        return self.state.lower() in _READY_STATES


_REASONS = ("reason", "error", "message", "errormessage", "msg", "text", "description")
"""The keys that may hold the reason of a failure."""


class Reply(Struct, frozen=True):
    """The answer to a command. ``request_id`` is empty if HAMMER did not repeat it; ``result`` is JSON."""

    command: str
    request_id: str
    is_ok: bool
    result: msgspec.Raw

    @property
    def text(self) -> str:
        """The result as text: a bare string, or the ``reason`` of a failure; else the JSON itself, empty if
        there is nothing in it.
        """
        try:
            plain = despite_odd_numbers(_any.decode, self.result)
        except UNREADABLE:
            plain = self.result
        if plain in (None, [], {}):
            return ""
        if isinstance(plain, list) and len(plain) == 1:
            (plain,) = plain
        if isinstance(plain, dict):
            by_name = {str(name).lower(): value for name, value in plain.items()}
            reasons = (by_name.get(name) for name in _REASONS)
            plain = next((reason for reason in reasons if isinstance(reason, str) and reason), None)
        return one_line(plain if isinstance(plain, str) else bytes(self.result).decode(errors="replace"))


class DepthFrame(Struct, frozen=True):
    """An update of a share's depth, not read yet."""

    frame: bytes


class AccountUpdate(Struct, frozen=True):
    """An update of Hammer Pro's own account; ``result`` is JSON."""

    command: str
    result: msgspec.Raw


Message = (
    Greeting
    | HeartbeatFrame
    | Closing
    | OtherUpdate
    | StreamerState
    | Reply
    | AccountUpdate
    | DepthFrame
    | L1Update
)


class _L1Frame(Struct, tag_field="cmd", tag="L1Update", gc=False):
    result: PlainResult


class _Named(Struct):
    sym: str


class _NamedFrame(Struct):
    result: _Named


class _Envelope(Struct):
    cmd: str
    reqID: str | float | None = None  # noqa: N815
    success: Any = None
    resultcode: Any = None
    result: msgspec.Raw = msgspec.Raw(b"null")


_SYMBOL = re.compile(rb'"sym(?:bol)?"\s*:\s*"([\x20!#-\x5b\x5d-\x7e]{1,24})"', re.IGNORECASE)
_L1_NAME = re.compile(rb'"cmd"\s*:\s*"L1Update"')
_L2_NAME = re.compile(rb'"cmd"\s*:\s*"L2Update"', re.IGNORECASE)
_L2_FIRST = re.compile(rb'\{\s*"cmd"\s*:\s*"L2Update"')
_ODD_NUMBER = re.compile(
    rb'"(?:[^"\\]|\\.)*"|(?<=[:\[,\s])(?:'
    rb"(?P<none>[+-]?(?:nan(?:\(\w*\))?|inf(?:inity)?|\d\.#\w+))"
    rb"|(?P<vast>-?(?:\d{300,}(?:\.\d+)?(?:e[+-]?\d+)?|\d+(?:\.\d+)?e\+?0*[1-9]\d{2,}))"
    rb")(?=\s*[,}\]])",
    re.IGNORECASE,
)
"""How programs write a figure that is no number or has no end, which JSON cannot, and one that may be too
large for a ``float``. A text is matched whole, so that nothing is found in it.
"""
_LONGEST_KIND = 40
_SUCCESS = 200
_STATE = {"streamerid": "streamer", "state": "state"}
_LONGEST_HEARTBEAT = 200
_NEWS = {"L1Update", "L2Update", "closing", "dataStreamerStateUpdate", *ACCOUNT_UPDATES}
_NAMES = {name.lower(): name for name in (*COMMANDS, *_NEWS)}
"""The known names by their lower-case form."""

_any = msgspec.json.Decoder()
_scanner = json.JSONDecoder()
_BLANK = re.compile(r"\s*")
_l1_frames = msgspec.json.Decoder(_L1Frame)
_named_frames = msgspec.json.Decoder(_NamedFrame)
_envelopes = msgspec.json.Decoder(_Envelope)
_raw_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
_PARTS = {name.lower(): name for name in _Envelope.__struct_fields__}


def decode(frame: bytes) -> Message:
    """Return the message in a frame. Raises ``ProtocolError`` if HAMMER is not known to send it."""
    try:
        # Most frames are plain updates, and this takes a quarter of the time of the general way.
        return plain_update(frame)
    except UNREADABLE:
        return decode_odd(frame)


def decode_odd(frame: bytes) -> Message:
    """Return the same for a frame that is not a plain update."""
    if b"L1Update" in frame:
        try:
            result = _l1_frames.decode(frame).result
        except UNREADABLE:
            return _decode_other(frame)
        return _of_a_share(read(result), frame)
    if _L2_FIRST.match(frame):
        # A depth is long: its rows are read only if they are wanted.
        return DepthFrame(frame)
    return _decode_other(frame)


def _spelt_otherwise(result: msgspec.Raw, frame: bytes) -> L1Update:
    """Return an update whose fields have other names, or are written in another way, than expected."""
    try:
        update = despite_odd_numbers(_l1_record, result)
    except UNREADABLE as error:
        raise UnreadableQuoteError(frame, lost_symbol(frame)) from error
    return _of_a_share(update, frame)


def _l1_record(result: bytes | msgspec.Raw) -> L1Update:
    content = _any.decode(result)
    return read_record(content if isinstance(content, dict) else {})


def _of_a_share(update: L1Update, frame: bytes) -> L1Update:
    """Return the update; raises ``UnreadableQuoteError`` if it has figures and does not say whose."""
    if not update.symbol.strip() and not update.is_empty:
        raise UnreadableQuoteError(frame, "")
    return update


def lost_symbol(frame: bytes) -> str:
    """Return the symbol of an unreadable update of one share; empty if that is unreadable, too."""
    try:
        return _named_frames.decode(frame).result.sym
    except UNREADABLE:
        found = _SYMBOL.search(frame)
        return found[1].decode() if found else ""


def encode(command: str, request_id: str, fields: dict[str, Any]) -> bytes:
    """Return a command as a frame. Raises ``CommandRefusedError`` unless the frame is a command that only
    reads.
    """
    if "cmd" in fields:
        raise CommandRefusedError("a second command in one frame was stopped: psf_monitor only reads.")
    return checked(msgspec.json.encode({"cmd": command, "reqID": request_id} | fields))


def _decode_other(frame: bytes) -> Message:
    if frame.strip(b' \t\r\n"') == b"CONNECTED":
        return Greeting()
    try:
        envelope = _envelope_of(frame)
    except UNREADABLE as error:
        if len(frame) <= _LONGEST_HEARTBEAT and b"heartbeat" in frame.lower():
            return HeartbeatFrame()
        if _L1_NAME.search(frame):
            raise UnreadableQuoteError(frame, lost_symbol(frame)) from error
        if _L2_NAME.search(frame):
            return DepthFrame(frame)
        kind = "not a message" if isinstance(error, msgspec.ValidationError) else "not JSON"
        raise ProtocolError(kind, frame) from error
    command = _NAMES.get(envelope.cmd.lower(), envelope.cmd)
    if "heartbeat" in command.lower():
        return HeartbeatFrame()
    if command in COMMANDS:
        request_id = envelope.reqID
        if isinstance(request_id, float):
            request_id = f"{request_id:.0f}"
        return Reply(command, request_id or "", _is_ok(envelope), envelope.result)
    if command in ACCOUNT_UPDATES:
        return AccountUpdate(command, envelope.result)
    if command == "L2Update":
        return DepthFrame(frame)
    if command == "closing":
        return Closing()
    if command == "dataStreamerStateUpdate":
        return _streamer_state(envelope.result, frame)
    if command == "L1Update":
        return _spelt_otherwise(envelope.result, frame)
    if command.endswith("Update"):
        return OtherUpdate(command)
    raise ProtocolError(f"an unknown message {command[:_LONGEST_KIND]!r}", frame, command)


def _is_ok(envelope: _Envelope) -> bool:
    """Return whether an answer reports success: by its word, or by its number where it has no word."""
    word = envelope.success
    if word in (None, ""):
        return finite(envelope.resultcode) == _SUCCESS
    return is_yes(word) or str(word).strip().upper() == "OK"


def _envelope_of(frame: bytes) -> _Envelope:
    """Return the parts of a frame, whose names may be in other capitals. Raises one of ``UNREADABLE``."""
    try:
        return _envelopes.decode(frame)
    except msgspec.ValidationError:
        received = _raw_fields.decode(frame)
        named = {_PARTS.get(name.lower(), name): raw for name, raw in received.items()}
        return _envelopes.decode(msgspec.json.encode(named))
    except msgspec.DecodeError:
        if (mended := without_odd_numbers(frame)) == frame:
            raise
    return _envelope_of(mended)


def parts_of(frame: bytes) -> list[bytes]:
    """Return the messages in a frame that cannot be read as one: several, or one behind a byte order mark.

    The last may be cut off. A frame that is one message or none is its only part.
    """
    try:
        text = frame.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return [frame]
    parts, begin = [], 0
    with contextlib.suppress(ValueError, RecursionError):
        while (begin := _BLANK.match(text, begin).end()) < len(text):  # type: ignore[union-attr]
            _, end = _scanner.raw_decode(text, begin)
            parts.append(text[begin:end].encode())
            begin = end
    return [*parts, rest.encode()] if (rest := text[begin:].rstrip()) else parts or [frame]


def without_odd_numbers(frame: bytes) -> bytes:
    """Return JSON with figures that it cannot write, or no ``float`` can hold, as text: each costs itself,
    not the list it is in.
    """
    return _ODD_NUMBER.sub(_as_text, frame)


def _as_text(found: re.Match[bytes]) -> bytes:
    if found["vast"]:
        return b'"%b"' % found["vast"]
    return b'"NaN"' if found["none"] else found[0]


def despite_odd_numbers(read: Callable[[bytes | msgspec.Raw], _T], received: bytes | msgspec.Raw) -> _T:
    """Return what ``read`` makes of JSON, read once more ``without_odd_numbers`` if it cannot be read.

    Raises one of ``UNREADABLE`` if it cannot be read either way.
    """
    try:
        return read(received)
    except UNREADABLE:
        return read(without_odd_numbers(bytes(received)))


def _streamer_state(result: msgspec.Raw, frame: bytes) -> StreamerState:
    try:
        received = despite_odd_numbers(_any.decode, result)
        known = read_fields(received, _STATE)[0] if isinstance(received, dict) else {}
        return msgspec.convert(known, StreamerState)
    except UNREADABLE as error:
        raise ProtocolError("an unreadable streamer state", frame, "dataStreamerStateUpdate") from error


def result_of(decoder: msgspec.json.Decoder[_T], reply: Reply) -> _T:
    """Return the result as read by its own decoder. Raises ``ProtocolError`` if it cannot be read."""
    try:
        return despite_odd_numbers(decoder.decode, reply.result)
    except UNREADABLE as error:
        raise unreadable_answer(reply) from error


def unreadable_answer(reply: Reply) -> ProtocolError:
    """Return that the result of an answer cannot be read."""
    return ProtocolError(f"an unreadable answer to {reply.command}", bytes(reply.result), reply.command)
