"""Time that passes only when a test says so, and only while nothing is on its way from or to HAMMER.

What is read after the clock was turned came after it, and a question is as old as the clock says: one that is
turned faster than the wire carries makes silences that nobody kept.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from websockets.frames import Opcode

from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.connection.wire_tap import NoLineTap, NoLinkTap
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.support.waiting import until

LONGEST_REST_S = 0.002
"""The longest that what has come may rest until it is read, where a clock is turned."""
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_SERVING = {LinkState.LOADING, LinkState.READY, LinkState.SILENT}
_ROUNDS = 20
"""Requests repeated by the computer's clock are no reason to wait for ever."""
_LOOKS = 6
"""In more looks than these the product has gone round once, and done what is due."""


class Line(NoLineTap):
    """Counts the frames of one line, as the product sees them."""

    def __init__(self, closed: Callable[["Line"], None]) -> None:
        self.read = self.written = 0
        self._closed = closed

    def received(self, data: bytes) -> None:  # noqa: ARG002
        self.read += 1

    def sent(self, data: bytes) -> None:  # noqa: ARG002
        self.written += 1

    def control_received(self, opcode: int, data: bytes) -> None:  # noqa: ARG002
        self.read += opcode != Opcode.PING

    def control_sent(self, opcode: int, data: bytes) -> None:  # noqa: ARG002
        self.written += 1

    def closed(self, by: str, why: str) -> None:  # noqa: ARG002
        self._closed(self)


class Lines(NoLinkTap):
    """The lines of one connection with HAMMER, counted on both sides."""

    def __init__(self, link: Link, hammer: SimHammer) -> None:
        self.frames = 0
        self._link = link
        self._hammer = hammer
        self._open: set[Line] = set()

    def opened(self, endpoint: str, client_id: int | None = None) -> Line:  # noqa: ARG002
        line = Line(self._open.discard)
        self._open.add(line)
        return line

    @property
    def is_served(self) -> bool:
        """Whether the product looks by itself what is due."""
        return self._link.status.state in _SERVING

    @property
    def counts(self) -> list[tuple[int, int]]:
        """Return, for every open line, the frames that were read and sent."""
        return sorted((line.read, line.written) for line in self._open)

    def are_quiet(self) -> bool:
        """Return whether everything sent has arrived on both sides, and been answered."""
        theirs = self._hammer.frames
        return all(theirs.count(ours) >= self.counts.count(ours) for ours in self.counts)


class WatchedClock:
    """The market's clock, and how often the product looked at it. ``ahead`` is what it shows wrongly."""

    def __init__(self, market: Market) -> None:
        self.looks = 0
        self.ahead = timedelta()
        self._measured = 0
        self._market = market
        self._lines: list[Lines] = []
        self._read: list[list[tuple[int, int]]] = []

    def __call__(self) -> datetime:
        self.looks += 1
        return self._market.clock() + self.ahead

    def elapsed_s(self) -> float:
        """How much time has passed on it; that is no look."""
        self._measured += 1
        return seconds_of(self._market.clock())

    def watch(self, link: Link, hammer: SimHammer) -> None:
        """From its next line on, what goes to and fro between these two is waited for."""
        lines = Lines(link, hammer)
        link.tap = lines
        self._lines.append(lines)

    async def looked_at(self) -> None:
        """Return when what is due at this time has been done, and what came of it has been read."""
        for _ in range(_ROUNDS):
            before = self._counts()
            await self._look()
            await self.all_read()
            if self._counts() == before:
                return

    async def _look(self) -> None:
        """Wait until the product has completed a turn; while it does not serve HAMMER, nobody may check."""
        looks, measured, idle = self.looks, self._measured, 0

        def has_looked() -> bool:
            nonlocal idle
            idle += bool(self._lines) and not any(lines.is_served for lines in self._lines)
            has_gone_round = self._measured > measured + _LOOKS or not self._lines
            return idle > _ROUNDS or (self.looks > looks + _LOOKS and has_gone_round)

        await until(has_looked, what="another look of the product at its clock")

    async def all_read(self) -> None:
        """Return when nothing is on its way, and nothing waits to be read."""
        while True:
            await until(
                lambda: all(lines.are_quiet() for lines in self._lines), what="an answer to all that was said"
            )
            before = self._counts()
            if before == self._read:
                return
            await asyncio.sleep(3 * LONGEST_REST_S)
            self._read = before

    def _counts(self) -> list[list[tuple[int, int]]]:
        return [lines.counts for lines in self._lines]


async def time_passes(market: Market, clock: WatchedClock, seconds: float, step_s: float = 4.0) -> None:
    """Let time pass in steps so short that every answer arrives in time, and none counts as a sleep."""
    await clock.all_read()
    while seconds > 0:
        market.clock.advance(min(step_s, seconds))
        seconds -= step_s
        await clock.looked_at()


def seconds_of(at: datetime) -> float:
    """Seconds since some moment, exact to the microsecond."""
    return (at - _BEGINNING).total_seconds()
