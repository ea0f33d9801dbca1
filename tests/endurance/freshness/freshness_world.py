"""Both servers, the product between them with its window, and a time that only a story moves."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

from psf_monitor.book.book import Book
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain import market_hours
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.clock import Clock
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.ibkr.connector import IbkrConnector, OtherLogins
from psf_monitor.ibkr.sink import IbkrSinks
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.runtime.symbol_forwarder import forward_wanted_symbols
from psf_monitor.settings import HammerProfile, IbkrProfile
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.endurance.freshness.shown_cells import Servers, lies
from tests.hammer.passing_time import WatchedClock, seconds_of, time_passes
from tests.hammer.running_adapter import QUICK
from tests.support.make_window import delete_window, make_window
from tests.support.records import GUN, PED

ACCOUNT = "U1240821"
SYMBOLS = ("CIM PRB", "SPY", "MS PRK")
HEALED_WITHIN_S = 400.0
PATIENCE_S = 30.0
HAMMER = AccountMode.HAMMER_PRO
BRISK = IbkrTiming(
    handshake_s=0.5,
    answer_s=0.4,
    ask_again_s=0.02,
    orders_override_s=0.02,
    orders_soonest_s=0.0,
    heartbeat_every_s=0.02,
    heartbeat_misses=2,
    settle_s=0.0,
)


class World:
    """One login with a position in, and an order on, each of ``SYMBOLS``."""

    def __init__(self) -> None:
        self.market = Market(scenario("normal"))
        self.clock_error = timedelta()
        self.watched = WatchedClock(self.market)
        self._stack = AsyncExitStack()

    def _system(self) -> datetime:
        return self.watched() + self.clock_error

    async def begin(self) -> None:
        self.tws = await self._stack.enter_async_context(SimTws(self.market, "IBKR_GUN", refresh_s=0.0))
        self.hammer = await self._stack.enter_async_context(SimHammer(self.market))
        for holding in self.market.holdings_of(ACCOUNT):
            if holding.security.local_symbol not in SYMBOLS:
                self.market.set_position(ACCOUNT, holding.security.local_symbol, 0, 0.0)
        for order in tuple(self.market.orders.values()):
            self.market.vanish_order(order.perm_id)
        self.orders = {}
        for symbol in SYMBOLS:
            self.market.set_position(ACCOUNT, symbol, 100, 20.0)
            self.orders[symbol] = self.market.place_order(ACCOUNT, symbol, "BUY", 100_000, 5.0).perm_id
        clock = Clock(self._system, lambda: seconds_of(self.market.clock()))
        self.book = Book(clock)
        self.adapter = HammerAdapter(
            HammerProfile("127.0.0.1", self.hammer.port, self.hammer.password),
            HammerSinks(self.book),
            clock,
            elapsed_s=self.watched.elapsed_s,
            timing=replace(QUICK, settle_s=0.3, starting_s=0.5, backoff=Backoff(0.01, 0.02)),
        )
        self.watched.watch(self.adapter.link, self.hammer)
        self.connector = IbkrConnector(
            IbkrProfile(GUN, "127.0.0.1", self.tws.port, 1),
            IbkrSinks(self.book),
            clock,
            timing=replace(BRISK, backoff=Backoff(0.01, 0.02)),
            others=OtherLogins(lambda right: clock.set_by("TWS", right)),
        )
        unused = Link(PED.value, "127.0.0.1:1", _never, clock)
        self.links = {GUN: self.connector.link, PED: unused, HAMMER: self.adapter.link}
        self.window = make_window(self.book, self.links, clock)
        self.servers = Servers(self.market, self.hammer, self.tws, ACCOUNT, self.orders, clock)
        following = forward_wanted_symbols(self.book, self.adapter.set_wanted)
        parts = (self.adapter.run(), self.connector.run(), following)
        self._running = [asyncio.create_task(part) for part in parts]
        for link in (self.adapter.link, self.connector.link):
            link.connect()
        await self._until_whole()

    async def end(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._stack.aclose()
        delete_window(self.window)

    async def pass_time(self, seconds: float, step_s: float = 3.0) -> None:
        """Let time pass, in steps that the product has time to answer for."""
        await time_passes(self.market, self.watched, seconds, step_s)

    def wrong(self) -> Iterator[str]:
        """Return everything that is shown as current but differs from what the server last sent."""
        yield from lies(self.window, self.book, self.links, self.servers)

    def lacking(self) -> Iterator[str]:
        """What keeps everything from being there, right and current."""
        yield from self.wrong()
        rows = {row.symbol: row for row in self.book.position_rows()}
        for link in (self.adapter.link, self.connector.link):
            if link.status.state is not LinkState.READY:
                yield f"{link.name} is {link.status.state}"
        for symbol in SYMBOLS:
            row, security = rows.get(symbol), self.market.security(symbol)
            if row is None:
                yield f"{symbol} is not shown"
            elif row.stale_since is not None or row.quote_state.name != "LIVE":
                yield f"{symbol} is {row.quote_state}, stale since {row.stale_since}"
            elif (row.bid, row.ask, row.last) != (security.bid, security.ask, security.last):
                yield f"{symbol}: {(row.bid, row.ask, row.last)} is shown"
        total = self.window.positions.frame.total
        if total is None or total.figures.is_old:
            yield "the total row is old"

    async def heal(self) -> None:
        """Whatever was broken works again; then all has to become right by itself."""
        faults = self.hammer.faults
        faults.is_mute = faults.spoils_updates = faults.spoils_symbols = False
        faults.answers_pings, faults.busy, faults.stamp_lag_s = True, 0, 0.0
        faults.unsent.clear()
        faults.unanswered_symbols.clear()
        self.tws.unmute()
        self.clock_error = timedelta()
        now = self.market.clock()
        session = market_hours.session_of(market_hours.new_york(now).date())
        if session is None or not session[0] <= now < session[1] - timedelta(seconds=2 * HEALED_WITHIN_S):
            # Out of hours the session's prices stay; errors are found in the next session.
            self.market.clock.advance((next_session(now) - now).total_seconds())
        left_s = HEALED_WITHIN_S
        while left_s > 0 and any(self.lacking()):
            self._connect_what_failed()
            self._move_what_is_late()
            await self.pass_time(10.0)
            left_s -= 10.0
        await self._until_whole()

    async def _until_whole(self) -> None:
        """Return when everything is there, though a busy machine made a handshake take too long."""

        def lacking() -> Iterator[str]:
            self._connect_what_failed()
            return self.lacking()

        await until_none(lacking)

    def _connect_what_failed(self) -> None:
        for link in (self.adapter.link, self.connector.link):
            if link.status.state is LinkState.FAILED:
                link.connect()

    def _move_what_is_late(self) -> None:
        """A price that came late is late until the stream sends one in time."""
        for row in self.book.position_rows():
            if row.quote_late_s is not None:
                bid = self.market.security(row.symbol).bid
                self.market.set_quote(row.symbol, bid=round(bid - 0.01, 2))


def next_session(at: datetime) -> datetime:
    """A while after the next opening."""
    day = market_hours.new_york(at).date()
    while (session := market_hours.session_of(day)) is None or session[0] <= at:
        day += timedelta(days=1)
    return session[0] + timedelta(minutes=30)


async def until_none(complaints: Callable[[], Iterator[str]]) -> None:
    """Return when there is no complaint; what is still under way may take a moment."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + PATIENCE_S
    while found := list(complaints()):
        assert loop.time() < ends, found
        await asyncio.sleep(0.003)


async def _never() -> None:
    raise AssertionError("nobody connects it")
