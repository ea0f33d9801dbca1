"""What can be wrong with SimHammer while its line is up; each fault is set by a test."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode

UNSOLICITED = (
    "dataStreamerStatusUpdate",
    "tradeCommandUpdate",
    "newsUpdate",
    "alertTriggerUpdate",
    "APIKeyPressUpdate",
)
"""Messages that Hammer Pro sends without a request, besides prices and accounts."""


_PRICES = (
    ("bid", "bid"),
    ("ask", "ask"),
    ("last", "last"),
    ("price", "last"),
    ("prevClose", "prev_close"),
)


class SentPrice(NamedTuple):
    """A price, and when it was sent (UTC)."""

    price: float
    at: datetime


def unsolicited() -> list[str]:
    """Return one frame of each unsolicited message."""
    return [json.dumps({"cmd": command, "result": {"text": "nothing of yours"}}) for command in UNSOLICITED]


@dataclass(slots=True)
class Faults:
    """Each may be changed at any time, and applies from the next frame on.

    ``is_mute``: whatever it says is lost, while the line stays up; ``answers_pings``: whether pongs come.
    ``unsent``: the stream says nothing of these symbols; ``unanswered_symbols``: their snapshots are not
    answered. ``busy``: so many subscriptions are still answered with ``busy_reason``.
    ``spoils_updates``: every ``L1Update`` is unreadable, ``spoils_symbols``: its symbol, too.
    ``start_answer``: the word and the result that ``startDataStreamer`` is answered with, whatever it does.
    ``sends_sizes``: whether updates have the sizes of bid and ask. ``stamp_lag_s``: by so many seconds the
    times in updates are behind.
    """

    is_mute: bool = False
    answers_pings: bool = True
    unsent: set[str] = field(default_factory=set)
    unanswered_symbols: set[str] = field(default_factory=set)
    busy: int = 0
    busy_reason: str = "busy, try again"
    spoils_updates: bool = False
    spoils_symbols: bool = False
    start_answer: tuple[str, object] | None = None
    sends_sizes: bool = True
    stamp_lag_s: float = 0.0

    def is_busy(self) -> bool:
        """Return whether this subscription is answered as busy, and count it."""
        if self.busy <= 0:
            return False
        self.busy -= 1
        return True

    def note(self, sent: dict[str, dict[str, SentPrice]], result: dict[str, Any], now: datetime) -> None:
        """Keep the prices that were sent, unless they were lost on the way or cannot be read."""
        if self.is_mute or (self.spoils_updates and "prevClose" not in result):
            return
        known = sent.setdefault(result["sym"], {})
        for name, figure in _PRICES:
            if result.get(name) not in (None, ""):
                known[figure] = SentPrice(float(result[name]), now)

    def stamped(self, now: datetime) -> datetime:
        """Return the time stamp of an update sent now."""
        return now - timedelta(seconds=self.stamp_lag_s)

    def hold_pongs(self, connection: ServerConnection) -> None:
        """Send no pong while pings are not answered."""
        protocol = connection.protocol
        send_frame = protocol.send_frame

        def send(frame: Frame) -> None:
            if frame.opcode is not Opcode.PONG or self.answers_pings:
                send_frame(frame)

        protocol.send_frame = send  # type: ignore[method-assign]

    def update_frame(self, result: dict[str, Any]) -> str | None:
        """Return an ``L1Update`` as it is sent; ``None`` if it is not sent."""
        if result["sym"] in self.unsent:
            return None
        if not self.sends_sizes:
            result = {name: value for name, value in result.items() if name not in ("bidSize", "askSize")}
        if self.spoils_updates:
            result = {"sym": 7 if self.spoils_symbols else result["sym"], "bid": {}}
        return json.dumps({"cmd": "L1Update", "result": result})
