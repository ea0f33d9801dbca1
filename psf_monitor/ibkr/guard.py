"""The no-trade guard: only requests that read can leave this process for TWS.

It is an allow-list, enforced by two checks. The first is where a request is made, and raises in the caller.
The second is the only access that the rest of the process has to the socket: it copies the bytes, checks the
copy and writes the copy. What is allowed is captured in a closure when this module is loaded.
"""

import asyncio
import re
import struct
from asyncio import BaseTransport
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from eventkit import Event
from ib_insync.client import Client
from ib_insync.connection import Connection
from ib_insync.wrapper import Wrapper

from psf_monitor.connection.pacing import TWS_PORTION_BYTES
from psf_monitor.connection.wire_tap import BY_FAR_SIDE, BY_US, NO_LINE_TAP, NO_TAP, LineTap, LinkTap

# Outgoing message ids, TWS API. Anything not listed cannot be sent: placing (3), cancelling (4, 58), binding
# (5, 15), exercising (21), changing settings or displays (14, 19, 69), authenticating (65, 66, 72, 73),
# market data.
ALLOWED_REQUESTS: Mapping[int, str] = MappingProxyType(
    {
        6: "account updates",
        7: "executions",
        9: "contract details",
        16: "all open orders",
        17: "managed accounts",
        49: "current time",
        61: "positions",
        62: "account summary",
        63: "cancel account summary",
        64: "cancel positions",
        71: "start API",
        74: "positions of one account",
        75: "cancel positions of one account",
        76: "account updates of one account",
        77: "cancel account updates of one account",
        92: "account P&L",
        93: "cancel account P&L",
        94: "position P&L",
        95: "cancel position P&L",
    }
)


class GuardError(Exception):
    """A request that could change something at the broker was stopped before it was sent."""


def _checks(
    allowed: frozenset[int], start_api: int, largest_client_id: int
) -> tuple[Callable[[list[str]], None], Callable[[bytes, bool], None]]:
    """Return the two checks, of a request's fields and of a frame's bytes, over what is allowed."""
    plain = re.compile(r"[0-9]{1,10}", re.ASCII)
    handshake = re.compile(rb"API\0(....)(v[0-9]{1,9}\.\.[0-9]{1,9})", re.DOTALL)

    def check_fields(fields: list[str]) -> None:
        """Raise ``GuardError`` unless these fields, as written to the wire, only read."""
        name = fields[0]
        if not plain.fullmatch(name) or int(name) not in allowed:
            raise GuardError(f"TWS request {name[:20]!r} was stopped: psf_monitor only reads.")
        if int(name) != start_api:
            return
        client_id = fields[2] if len(fields) > 2 else ""
        # A number that does not fit into 32 bits could be read as 0.
        if not plain.fullmatch(client_id) or not 0 < int(client_id) <= largest_client_id:
            raise GuardError(
                f"Client id {client_id[:20]!r} was stopped: TWS binds orders placed by hand to client id 0."
            )

    def check_frame(data: bytes, is_first: bool) -> None:
        """Raise ``GuardError`` unless this is one whole request that only reads, or the first handshake."""
        greeting = handshake.fullmatch(data) if is_first else None
        if greeting is not None:
            if int.from_bytes(greeting[1], "big") != len(greeting[2]):
                raise GuardError("A malformed TWS handshake was stopped.")
            return
        if len(data) < 4 or struct.unpack(">I", data[:4])[0] != len(data) - 4:
            raise GuardError("Bytes that are not one whole TWS request were stopped.")
        check_fields(data[4:].decode("latin-1").split("\0"))

    return check_fields, check_frame


_check_fields, _check_frame = _checks(frozenset(ALLOWED_REQUESTS), start_api=71, largest_client_id=2**31 - 1)


def _exactly(data: object) -> bytes:
    """Copy the bytes that a socket would read out of ``data``, whatever it claims to be."""
    try:
        return memoryview(data).tobytes()  # type: ignore[arg-type]
    except TypeError:
        raise GuardError(f"What is no bytes was stopped: {type(data).__name__}.") from None


class Writable(Protocol):
    """The part of a transport through which bytes leave."""

    def write(self, data: bytes) -> None: ...


class GuardedTransport:
    """The only access to the socket: each write is one request that only reads, or raises.

    ``sent`` is called with what was sent.
    """

    def __init__(self, transport: Any, sent: Callable[[bytes], None] = lambda _data: None) -> None:
        has_written = False

        def write(data: object) -> None:
            nonlocal has_written
            copied = _exactly(data)
            _check_frame(copied, not has_written)
            transport.write(copied)
            has_written = True
            sent(copied)

        self.write = write
        self.write_eof = transport.write_eof if hasattr(transport, "write_eof") else _nothing
        self.close = transport.close if hasattr(transport, "close") else _nothing
        self.abort = transport.abort if hasattr(transport, "abort") else _nothing
        self.pause_reading = transport.pause_reading if hasattr(transport, "pause_reading") else _nothing
        self.resume_reading = transport.resume_reading if hasattr(transport, "resume_reading") else _nothing


def _nothing() -> None:
    pass


class GuardedConnection(Connection):
    """The check in front of the socket: one whole frame per call, whose id is on the list.

    ``opened`` reports that the server has accepted the line; ib_insync has events for the rest. Once the line
    is being closed nothing more is read or written: Windows still delivers what had arrived, and ib_insync
    would answer. ``tap`` makes the listener of a line, once it is open.

    A long list is passed on in portions, one per turn of the event loop, so that the window can paint
    meanwhile. During a ``rest`` the kernel collects what TWS sends; a proactor's transport must not be paused
    (``hammer/websocket``), so there it collects here.
    """

    def __init__(self, tap: Callable[[], LineTap] = lambda: NO_LINE_TAP) -> None:
        self._line: GuardedTransport | None = None
        self._is_ending = False
        self._unread = bytearray()
        self._resting: asyncio.TimerHandle | None = None
        self._tap = tap
        self._line_tap = NO_LINE_TAP
        super().__init__()  # type: ignore[no-untyped-call]
        self.opened = Event("opened")

    @property
    def transport(self) -> GuardedTransport | None:
        """The guarded transport; the socket itself is accessible to nobody."""
        return self._line

    @transport.setter
    def transport(self, transport: Writable | None) -> None:
        self._line = None if transport is None else GuardedTransport(transport, self._line_tap.sent)

    def reset(self) -> None:
        super().reset()  # type: ignore[no-untyped-call]
        self._is_ending = False
        self._unread.clear()
        self._rest_no_more()

    def disconnect(self) -> None:
        if not self._is_ending:
            self._is_ending = self._line is not None
            self._unread.clear()
            self._rest_no_more()
            super().disconnect()  # type: ignore[no-untyped-call]

    def connection_made(self, _transport: BaseTransport) -> None:
        self._line_tap = self._tap()
        self.opened.emit()

    def rest(self, seconds: float) -> None:
        """Read nothing for so long, or until anything is sent: nobody waits for what TWS sends meanwhile."""
        if self._resting is None and self._line is not None and not self._is_ending:
            loop = asyncio.get_running_loop()
            if isinstance(loop, asyncio.SelectorEventLoop):
                self._line.pause_reading()
            self._resting = loop.call_later(seconds, self._rest_no_more)

    def _rest_no_more(self) -> None:
        if self._resting is None:
            return
        self._resting.cancel()
        self._resting = None
        if self._line is not None and not self._is_ending:
            self._line.resume_reading()
        if self._unread:
            self._forward()

    def data_received(self, data: bytes) -> None:
        self._line_tap.received(data)
        is_waiting = bool(self._unread) or self._resting is not None
        self._unread += data
        if not is_waiting:
            self._forward()

    def connection_lost(self, exc: Exception | None) -> None:
        self._line_tap.closed(BY_US if self._is_ending else BY_FAR_SIDE, str(exc or ""))
        while self._unread and not self._is_ending:
            self._forward_portion()
        super().connection_lost(exc)  # type: ignore[no-untyped-call]

    def _forward(self) -> None:
        self._forward_portion()
        if self._unread:
            asyncio.get_running_loop().call_soon(self._forward)

    def _forward_portion(self) -> None:
        portion = bytes(self._unread[:TWS_PORTION_BYTES])
        del self._unread[:TWS_PORTION_BYTES]
        if portion and not self._is_ending:
            super().data_received(portion)  # type: ignore[no-untyped-call]

    def sendMsg(self, msg: bytes) -> None:
        copied = _exactly(msg)
        _check_frame(copied, self.numMsgSent == 0)
        self._rest_no_more()
        if not self._is_ending:
            super().sendMsg(copied)  # type: ignore[no-untyped-call]


_LAST_FIRST_ID = 2**31 - 1_000_000
"""From an id above this one, the ids might not suffice for a day's requests."""


class GuardedClient(Client):
    """The check where requests are made: a refused one raises in the caller and is never queued."""

    conn: GuardedConnection

    def __init__(self, wrapper: Wrapper, tap: LinkTap = NO_TAP) -> None:
        super().__init__(wrapper)  # type: ignore[no-untyped-call]
        self.conn = GuardedConnection(lambda: tap.opened(f"{self.host}:{self.port}", self.clientId))
        self.conn.hasData += self._onSocketHasData
        self.conn.disconnected += self._onSocketDisconnected

    async def connectAsync(self, host: str, port: int, clientId: int, timeout: float = 2.0) -> None:  # noqa: ASYNC109
        """Open the line and finish the handshake of the TWS API, each within ``timeout`` seconds.

        ib_insync starts to listen for the end of the handshake in a task of its own. A busy loop under Qt may
        read that end before the task runs. Raises ``OSError`` or ``TimeoutError``.
        """
        started = asyncio.Event()
        self.apiStart += started.set
        self.host, self.port, self.clientId = host, port, clientId
        self._logger.info("Connecting to %s:%s with client id %s", host, port, clientId)
        self.connState = Client.CONNECTING
        versions = f"v{self.MinClientVersion}..{self.MaxClientVersion}".encode()
        try:
            async with asyncio.timeout(timeout):
                await self.conn.connectAsync(host, port)
            self._logger.info("Connected")
            self.conn.sendMsg(b"API\0" + struct.pack(">I", len(versions)) + versions)
            async with asyncio.timeout(timeout):
                await started.wait()
        except BaseException:
            self.disconnect()
            raise

    def updateReqId(self, minReqId: int) -> None:
        # TWS reads ids of 32 bits: after an order with one of the last, nothing could be requested any more.
        super().updateReqId(minReqId if 0 < minReqId <= _LAST_FIRST_ID else 1)  # type: ignore[no-untyped-call]

    def sendMsg(self, msg: str) -> None:
        # ib_insync calls this with None when its throttle releases queued requests.
        if msg:
            _check_fields(msg.split("\0"))
        super().sendMsg(msg)
