"""One connection to a simulated TWS: its bytes, its handshake, and the refusal of everything that changes
state.
"""

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from enum import Enum, auto

from psf_monitor.domain.account import SIMULATED_MARK
from psf_monitor.sim.market.records import Event
from psf_monitor.sim.tws import layouts
from psf_monitor.sim.tws.faults import HangUp
from psf_monitor.sim.tws.framing import FrameReader, Request, WireError, frame, message, versions
from psf_monitor.sim.tws.layouts import Message
from psf_monitor.sim.tws.login import Login
from psf_monitor.sim.tws.request_handler import INVALID, NO_REQUEST, RequestHandler
from psf_monitor.sim.tws.segments import Segments

STATE_CHANGING = frozenset({3, 4, 14, 15, 19, 21, 58, 65, 66, 69, 72, 73})
"""Requests that place, cancel, bind, exercise, reconfigure or log in."""

OPEN_ORDERS = 5
"""Binds orders entered by hand in TWS, if client 0 sends it."""

START_API = 71
UNREADABLE = 320
CLIENT_ID_IN_USE = 326
FARMS_OK = (
    (2104, f"Market data farm connection is OK:usfarm {SIMULATED_MARK}"),
    (2106, "HMDS data farm connection is OK:ushmds"),
    (2158, "Sec-def data farm connection is OK:secdefil"),
)


class Stage(Enum):
    """The stage of a connection."""

    GREETING = auto()
    STARTING = auto()
    READY = auto()
    CLOSED = auto()


class Session(asyncio.Protocol):
    """Serves one client, without a task of its own, from its first byte to its last.

    A malformed request gets an error and the connection stays; malformed framing ends it.
    """

    def __init__(
        self, login: Login, when_made: Callable[["Session"], None], when_lost: Callable[["Session"], None]
    ) -> None:
        self._login = login
        self._when_made = when_made
        self._when_lost = when_lost
        self._reader = FrameReader(greeted=False)
        self._transport: asyncio.Transport | None = None
        self._segments: Segments | None = None
        self._stage = Stage.GREETING
        self._version = 0
        self._client_id: int | None = None
        self._is_reset = False
        self._handler: RequestHandler | None = None

    def on_event(self, event: Event) -> None:
        """Pass on the events of the market that this client receives."""
        if self._handler is not None:
            self._handler.on_event(event)

    def refresh(self) -> None:
        """Send the changed values that this client has subscribed to."""
        if self._handler is not None:
            self._handler.refresh()

    def send_error(self, code: int, text: str, request_id: int = NO_REQUEST) -> None:
        """Send an error or a notice; nothing is sent before the client knows the version."""
        if self._version:
            self._send(layouts.error(request_id, code, text, self._version))

    def announce(self) -> None:
        """Send the login's accounts again."""
        if self._handler is not None:
            self._handler.managed_accounts()

    def send(self, fields: Message) -> None:
        """Send any message to a client that has started."""
        if self._handler is not None:
            self._send(fields)

    def close(self) -> None:
        """Send everything waiting, then end the connection."""
        self._stage = Stage.CLOSED
        if self._transport is not None and self._segments is not None:
            self._segments.flush()
            self._transport.close()

    def abort(self, *, reset: bool = False) -> None:
        """End the connection at once; with ``reset`` the client sees a reset instead of a close."""
        self._stage = Stage.CLOSED
        if self._transport is None:
            return
        line = self._transport.get_extra_info("socket")
        self._is_reset = reset and line is not None
        if self._is_reset:
            linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    # -- asyncio.Protocol ---------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._segments = Segments(transport)
        self._when_made(self)
        self._hang_up(HangUp.ON_ACCEPT)

    def data_received(self, data: bytes) -> None:
        if self._login.faults.silent:
            return
        try:
            for payload in self._reader.feed(data):
                self._read(payload)
        except WireError as error:
            self.send_error(UNREADABLE, f"Error reading request: {error}")
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._is_reset and sys.platform == "win32" and self._transport is not None:
            # The proactor would shut an open one down first, which is a proper close.
            self._transport.get_extra_info("socket")._sock.close()
        self._stage = Stage.CLOSED
        self._handler = None
        if self._segments is not None:
            self._segments.drop()
        if self._client_id is not None:
            self._login.client_ids.discard(self._client_id)
        self._when_lost(self)

    # -- requests -----------------------------------------------------------------------------------

    def _read(self, payload: bytes) -> None:
        if self._stage is Stage.GREETING:
            self._greet(payload)
            return
        try:
            request = Request(payload)
            if self._stage is Stage.STARTING:
                self._start(request)
            elif self._stage is Stage.READY:
                self._serve(request)
        except WireError as error:
            self.send_error(UNREADABLE, f"Error reading request: {error}")

    def _greet(self, payload: bytes) -> None:
        least, most = versions(payload)
        if self._hang_up(HangUp.AFTER_GREETING):
            return
        version = min(most, self._login.max_version)
        if version < max(least, layouts.LEAST_VERSION):
            raise WireError(f"no version in common with {least} to {most}")
        self._version = version
        self._stage = Stage.STARTING
        if not self._login.faults.muted:
            now = self._login.clock.now(self._login.market.clock())
            self._write(frame(f"{version}\0{now}\0".encode("ascii")))
        self._hang_up(HangUp.AFTER_VERSION)

    def _start(self, request: Request) -> None:
        if request.id != START_API:
            self.send_error(
                INVALID, f"Error validating request: {request.id} came before the API was started."
            )
            return
        client_id = request.integer(2)
        self._login.received.append((client_id, request.id))
        if self._hang_up(HangUp.AFTER_START):
            return
        if client_id in self._login.client_ids or client_id in self._login.refused_client_ids:
            text = f"Unable to connect as the client id {client_id} is already in use."
            self.send_error(CLIENT_ID_IN_USE, text)
            self.close()
            return
        self._stage = Stage.READY
        self._client_id = client_id
        self._login.client_ids.add(client_id)
        self._handler = RequestHandler(self._login, client_id, self._version, self._send)
        self._handler.managed_accounts()
        if self._hang_up(HangUp.BEFORE_NEXT_ID):
            return
        self._handler.next_valid_id()
        if self._hang_up(HangUp.AFTER_NEXT_ID):
            return
        faults = self._login.faults
        for code, text in (*faults.greetings, *(FARMS_OK if faults.farms_ok else ())):
            self.send_error(code, text)

    def _hang_up(self, here: HangUp) -> bool:
        if self._login.faults.hangs_up is not here:
            return False
        parting = self._login.faults.parting
        if parting is not None and self._segments is not None:
            self._write(message(*layouts.error(NO_REQUEST, *parting, self._version)))
        self.close()
        return True

    def _serve(self, request: Request) -> None:
        assert self._client_id is not None
        assert self._handler is not None
        self._login.received.append((self._client_id, request.id))
        if request.id in STATE_CHANGING or (request.id == OPEN_ORDERS and self._client_id == 0):
            self._login.refused.append((self._client_id, request.id))
            # By the order's id the client knows which of its orders was refused.
            place = {3: 1, 4: 2}.get(request.id)
            self.send_error(
                INVALID,
                f"Error validating request: message {request.id} would change something; nothing was done.",
                NO_REQUEST if place is None else request.integer(place),
            )
        else:
            self._handler.answer(request)

    def _send(self, fields: Message) -> None:
        faults = self._login.faults
        if not faults.muted and fields[0] not in faults.withheld:
            self._write(message(*fields))

    def _write(self, data: bytes) -> None:
        if self._segments is not None:
            self._segments.write(data, self._login.faults.cut)
