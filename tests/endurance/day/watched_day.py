"""A trading day without its events: what TWS does, what the window has to show, and the waiting for it.

The real connector and book talk to the simulated TWS over a socket. The day knows what the server does
and so what has to be shown; it waits until that is shown, and fails when it never is.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from psf_monitor.book.book import Book
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.ibkr.connector import IbkrConnector
from psf_monitor.ibkr.sink import IbkrSinks
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.settings import IbkrProfile
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import NewListing
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.endurance.day import expected_state
from tests.endurance.day.expected_state import GUN
from tests.support.waiting import running_tasks, until

OWN_CLIENT = 1
BRISK = IbkrTiming(
    handshake_s=0.3,
    answer_s=0.4,
    ask_again_s=0.02,
    orders_override_s=0.01,
    orders_soonest_s=0.0,
    heartbeat_every_s=0.005,
    heartbeat_misses=2,
    settle_s=0.0,
)
HEARTBEAT = 49
BEATS = 3

BLOCKS = {
    "orders": (("unanswered", 16), ("withheld", 53), ("read_only_refuses", 16)),
    "positions": (("unanswered", 61), ("withheld", 62)),
    "account values": (("unanswered", 62), ("withheld", 64)),
}
"""Kinds of data, and the faults that keep each from being complete."""


@dataclass(slots=True)
class Tally:
    """What the machines of one test went through."""

    days: int = 0
    steps: int = 0
    losses: int = 0


class WatchedDay(RuleBasedStateMachine):
    """One machine is one day. Between two steps the loop does not run.

    ``wanted``: the trader wants the connection; ``line`` whether a connection has to be up now,
    ``is_cut_off`` whether TWS has said 1100 on it; ``was_up`` whether it was ever ready, for a
    first attempt that fails is not tried again. ``kept`` are the positions that were shown when the
    window was last right. A day is no more ``is_sound`` once a step has failed: it is only cleared away
    then.
    """

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.tally = tally
        self.market = Market(scenario("normal"), 7)
        self.market.list_security(
            NewListing("ESZ6", con_id=70, price=6302.25, kind="FUT", exchange="CME", multiplier=50)
        )
        self.market.list_security(NewListing("BMW", con_id=71, price=80.5, exchange="IBIS", currency="EUR"))
        self.market.list_security(NewListing("XYZ?", con_id=72, price=1.5, kind="WEIRD", exchange="NOWHERE"))
        self.tws = SimTws(self.market, "IBKR_GUN", refresh_s=0.0)
        self.faults = self.tws.faults
        self.faults.read_only = True
        self.up = True
        self.wanted = False
        self.has_failed = False
        self.was_up = False
        self.line = False
        self.is_cut_off = False
        self.kept: set[int] = set()
        self.runner = asyncio.Runner()
        self.is_sound = True
        self.run(self._open())

    def run(self, step: Coroutine[Any, Any, None]) -> None:
        self.tally.steps += 1
        was_sound, self.is_sound = self.is_sound, False
        self.runner.run(step)
        self.is_sound = was_sound

    def _wish(self, wanted: bool) -> None:
        (self.link.connect if wanted else self.link.disconnect)()
        self.wanted = wanted
        self.line = self.is_cut_off = self.was_up = self.has_failed = False

    async def _open(self) -> None:
        await self.tws.start()
        self.port = self.tws.port
        self.book = Book(self.market.clock)
        self.connector = IbkrConnector(
            IbkrProfile(GUN, "127.0.0.1", self.port, OWN_CLIENT),
            IbkrSinks(self.book),
            self.market.clock,
            timing=replace(BRISK, backoff=Backoff(0.005, 0.02)),
        )
        self.link = self.connector.link
        self.task = asyncio.create_task(self.connector.run())
        self._wish(True)
        await self._settle()

    def teardown(self) -> None:
        try:
            self.runner.run(self._end())
        finally:
            self.runner.close()

    async def _end(self) -> None:
        try:
            if self.is_sound:
                await self._settle()
        finally:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
            await until(lambda: self.tws.connections == 0, what="the end of every line")
            await self.tws.stop()
        if not self.is_sound:
            return
        left = running_tasks() - {asyncio.current_task()}
        assert not left, f"tasks are left: {left}"
        self.tally.days += 1

    # What has to be shown.

    async def _settle(self) -> None:
        """Wait until what is shown is right, and see that it stays so when all was asked for once more."""
        self._expect()
        await self._until_right()
        if self.line:
            asked = len(self.tws.received)

            def beats() -> int:
                return sum(request == HEARTBEAT for _client, request in self.tws.received[asked:])

            await until(lambda: self._stays_marked() and beats() >= BEATS, what="a heartbeat")
            await self._until_right()
        assert self.tws.refused == [], "something that changes state was asked for"
        self.kept = set(expected_state.positions_shown(self.book))

    def _expect(self) -> None:
        """The final state of the connection, given what the trader wants and what the server does."""
        answers = self.up and not self.faults.muted
        if self.line and not (self.wanted and answers):
            self.line = False
        if self.wanted and not self.line:
            self.is_cut_off = False
            if answers and self.faults.hangs_up is None:
                self.line = self.was_up = True
            elif not self.was_up:
                self.wanted, self.has_failed = False, True

    async def _until_right(self) -> None:
        complaints: list[str] = []

        def is_right() -> bool:
            self.book.drain()
            complaints[:] = [*self._about_link(), *self._about_book()]
            return not complaints

        try:
            await until(is_right, what="a right window")
        except AssertionError as error:
            raise AssertionError("\n".join([f"{error}; {self.link.status}", *complaints])) from None

    def _stays_marked(self) -> bool:
        self.book.drain()
        lifted = list(expected_state.marked_current(self.book)) if self.is_cut_off else []
        assert not lifted, lifted
        return True

    def _about_link(self) -> Iterator[str]:
        if self.line:
            right = {LinkState.CUT_OFF if self.is_cut_off else LinkState.READY}
        elif self.wanted:
            right = {LinkState.RECONNECTING, LinkState.CONNECTING}
        else:
            right = {LinkState.FAILED if self.has_failed else LinkState.IDLE}
        if self.link.status.state not in right:
            yield f"the link is {self.link.status.state}, not {right}"

    def _about_book(self) -> Iterator[str]:
        if not self.line or self.is_cut_off:
            yield from expected_state.marked_current(self.book)
            shown = expected_state.positions_shown(self.book)
            if self.wanted:
                lost = self.kept & expected_state.reported_positions(self.market).keys() - shown.keys()
                yield from (f"position {con_id} was dropped" for con_id in lost)
            elif not self.has_failed and (shown or self.book.order_rows() or self.book.summaries(GUN)):
                yield "something is shown of an account that is not connected"
            return
        yield from expected_state.lies(self.book, self.market)
        if not self._is_blocked("positions"):
            yield from expected_state.incomplete_positions(self.book, self.market)
        if not self._is_blocked("account values"):
            yield from expected_state.incomplete_values(self.book, self.market)
        if not self._is_blocked("orders"):
            yield from expected_state.incomplete_orders(self.book, self.market)
        elif self.book.account_state(GUN).orders_problem is None:
            yield "orders are not said to be unavailable"

    def _is_blocked(self, kind: str) -> bool:
        return any(number in getattr(self.faults, fault) for fault, number in BLOCKS[kind])
