"""One connection to SimHammer and what it may do so far."""

import asyncio
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any

from websockets.asyncio.server import ServerConnection

from psf_monitor.domain.simulated import MARK

CONNECTED = f"connected {MARK}"
"""What it answers to the right password."""

BATCH_LIMIT = 50
BURST_S = 0.05
"""More symbols than ``BATCH_LIMIT`` in one request, or in requests this close together, drop the line."""


class StreamerList(Enum):
    """How ``enumDataStreamers`` is answered; real versions differ."""

    OBJECTS = auto()
    STRINGS = auto()
    NEVER = auto()


class Client:
    """``symbols`` are those of which it is told the quotes, ``depths`` the depth, with its most rows."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.is_signed_in = False
        self.symbols: set[str] = set()
        self.depths: dict[str, int] = {}
        self.follows: set[tuple[str, str]] = set()
        self._recent: list[tuple[float, int]] = []

    def asks_too_much(self, count: int) -> bool:
        """Whether ``count`` more symbols, with those just asked for, are a burst."""
        now = asyncio.get_running_loop().time()
        self._recent = [(at, n) for at, n in self._recent if now - at < BURST_S]
        self._recent.append((now, count))
        return sum(n for _, n in self._recent) > BATCH_LIMIT


def symbols_in(command: dict[str, Any]) -> list[str]:
    """The symbols that a command names."""
    asked = command.get("sym")
    if isinstance(asked, str):
        return [asked]
    return [str(symbol) for symbol in asked] if isinstance(asked, Iterable) else []
