"""One connection to SimHammer and its subscriptions."""

import asyncio
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode

from psf_monitor.domain.account import SIMULATED_MARK
from psf_monitor.sim.hammer.faults import Faults

CONNECTED = f"connected {SIMULATED_MARK}"
"""The answer to the right password."""

BATCH_LIMIT = 50
BURST_S = 0.05
"""More symbols than ``BATCH_LIMIT`` in one request, or in requests this close together, drop the line."""


class StreamerList(Enum):
    """How ``enumDataStreamers`` is answered; real versions differ."""

    OBJECTS = auto()
    STRINGS = auto()
    NEVER = auto()


class Client:
    """``symbols`` are those of which it is sent the quotes, ``depths`` the depth, with its most rows.

    ``sent`` counts the frames of its line, ``handled`` those that have been dealt with: who serves it counts
    the commands. Our own pings, and what answers them, count nowhere.
    """

    def __init__(self, connection: ServerConnection, faults: Faults) -> None:
        self.connection = connection
        self.sent = self.handled = 0
        self.is_signed_in = False
        self.symbols: set[str] = set()
        self.depths: dict[str, int] = {}
        self.follows: set[tuple[str, str]] = set()
        self._recent: list[tuple[float, int]] = []
        protocol = connection.protocol
        self._send_frame, self._recv_frame = protocol.send_frame, protocol.recv_frame
        protocol.send_frame, protocol.recv_frame = self._send, self._receive  # type: ignore[method-assign]
        faults.hold_pongs(connection)

    def drop_mid_frame(self) -> None:
        """Drop the line in the middle of a text frame: only a few of its 126 bytes arrive."""
        self.connection.transport.write(b'\x81\x7e\x00\x7e{"cmd":"L1Upd')
        self.connection.transport.abort()

    def exceeds_limit(self, count: int) -> bool:
        """Return whether ``count`` more symbols, with those just asked for, are a burst."""
        now = asyncio.get_running_loop().time()
        self._recent = [(at, n) for at, n in self._recent if now - at < BURST_S]
        self._recent.append((now, count))
        return sum(n for _, n in self._recent) > BATCH_LIMIT

    def _send(self, frame: Frame) -> None:
        self.sent += frame.opcode is not Opcode.PING
        self._send_frame(frame)

    def _receive(self, frame: Frame) -> None:
        self._recv_frame(frame)
        self.handled += frame.opcode is Opcode.PING


def symbols_in(command: dict[str, Any]) -> list[str]:
    """Return the symbols that a command names."""
    symbols = command.get("sym")
    if isinstance(symbols, str):
        return [symbols]
    return [str(symbol) for symbol in symbols] if isinstance(symbols, Iterable) else []
