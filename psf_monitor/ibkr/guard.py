"""The no-trade guard: the only requests that can leave this process for TWS are ones that read.

It is an allow-list, kept at two gates. The first stands where a request is made and raises in the caller; the
second stands in front of the socket and checks the very bytes, whoever wrote them.
"""

import re
import struct
from asyncio import BaseTransport

from eventkit import Event
from ib_insync.client import Client
from ib_insync.connection import Connection
from ib_insync.wrapper import Wrapper

# Outgoing message ids, TWS API. What is missing here cannot be sent: placing (3), cancelling (4, 58),
# binding (5, 15), exercising (21), changing settings or displays (14, 19, 69), authenticating (65, 66,
# 72, 73), market data.
ALLOWED_REQUESTS = {
    6: "account updates",
    7: "executions",
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

_START_API = 71
_HANDSHAKE = re.compile(rb"API\0....v[0-9]+\.\.[0-9]+", re.DOTALL)
_PLAIN_ID = re.compile(r"[0-9]+", re.ASCII)


class GuardError(Exception):
    """A request that could change something at the broker was stopped before it left."""


def _check(fields: list[str]) -> None:
    """Raise ``GuardError`` unless these fields, as they stand on the wire, are a request that only reads."""
    name = fields[0]
    if not _PLAIN_ID.fullmatch(name) or int(name) not in ALLOWED_REQUESTS:
        raise GuardError(f"TWS request {name[:20]!r} was stopped: psf_monitor only reads.")
    if int(name) != _START_API:
        return
    client_id = fields[2] if len(fields) > 2 else ""
    if not _PLAIN_ID.fullmatch(client_id) or int(client_id) == 0:
        raise GuardError(
            f"Client id {client_id[:20]!r} was stopped: TWS binds orders placed by hand to client id 0."
        )


class GuardedConnection(Connection):
    """The gate in front of the socket: one whole frame per call, and its id is on the list.

    ``opened`` tells that the far side has taken the line; ib_insync has events for the rest.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.opened = Event("opened")

    def connection_made(self, _transport: BaseTransport) -> None:
        self.opened.emit()

    def sendMsg(self, msg: bytes) -> None:
        if self.numMsgSent == 0 and _HANDSHAKE.fullmatch(msg):
            announced = struct.unpack(">I", msg[4:8])[0]
            if announced != len(msg) - 8:
                raise GuardError("A malformed TWS handshake was stopped.")
        else:
            if len(msg) < 4 or struct.unpack(">I", msg[:4])[0] != len(msg) - 4:
                raise GuardError("Bytes that are not one whole TWS request were stopped.")
            _check(msg[4:].decode("latin-1").split("\0"))
        super().sendMsg(msg)  # type: ignore[no-untyped-call]


class GuardedClient(Client):
    """The gate where requests are made: a refused one raises in the caller and is never queued."""

    conn: GuardedConnection

    def __init__(self, wrapper: Wrapper) -> None:
        super().__init__(wrapper)  # type: ignore[no-untyped-call]
        self.conn = GuardedConnection()
        self.conn.hasData += self._onSocketHasData
        self.conn.disconnected += self._onSocketDisconnected

    def sendMsg(self, msg: str) -> None:
        # ib_insync calls this with None when its throttle lets queued requests go on.
        if msg:
            _check(msg.split("\0"))
        super().sendMsg(msg)
