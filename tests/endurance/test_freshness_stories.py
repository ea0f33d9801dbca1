"""Random stories of silence, restarts, partial streams, moved prices, sleep and clock jumps on both wires.

After every step each cell is what the far side last said, or it is marked; and when all is well again, every
row is right and current.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from psf_monitor.book.book import Book
from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Backoff
from psf_monitor.domain import market_hours
from psf_monitor.domain.clock import Clock
from psf_monitor.hammer import session
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.ibkr.connector import IBKRConnector
from psf_monitor.ibkr.sink import Timing
from psf_monitor.settings import HammerProfile, IbkrProfile
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.records import GUN

ACCOUNT = "U1240821"
SHORT_STORIES, SHORT_STEPS = 3, 15
LONG_STORIES, LONG_STEPS = 100, 100
HEALED_WITHIN_S = 400.0
PATIENCE_S = 5.0
BRISK = Timing(
    handshake_s=0.5,
    answer_s=0.4,
    ask_again_s=0.02,
    orders_every_s=0.02,
    orders_soonest_s=0.0,
    heartbeat_every_s=0.02,
    heartbeat_misses=2,
    settle_s=0.0,
)
SYMBOLS = ("CIM PRB", "SPY", "MS PRK")
symbols = st.sampled_from(SYMBOLS)


class World:
    """Both far sides, the product between them, and a time that only a story moves."""

    def __init__(self) -> None:
        self.market = Market(scenario("normal"))
        self.clock_error = timedelta()
        self.looks = 0
        self._began = self.market.clock()
        self._stack = AsyncExitStack()

    def _system(self) -> datetime:
        self.looks += 1
        return self.market.clock() + self.clock_error

    def elapsed_s(self) -> float:
        return (self.market.clock() - self._began).total_seconds()

    async def begin(self) -> None:
        self.tws = await self._stack.enter_async_context(SimTws(self.market, "IBKR_GUN"))
        self.hammer = await self._stack.enter_async_context(SimHammer(self.market))
        for holding in self.market.holdings_of(ACCOUNT):
            if holding.security.local_symbol not in SYMBOLS:
                self.market.set_position(ACCOUNT, holding.security.local_symbol, 0, 0.0)
        for order in tuple(self.market.orders.values()):
            self.market.vanish_order(order.perm_id)
        for symbol in SYMBOLS:
            self.market.set_position(ACCOUNT, symbol, 100, 20.0)
        clock = Clock(self._system, self.elapsed_s)
        self.book = Book(clock)
        self.adapter = HammerAdapter(
            HammerProfile("127.0.0.1", self.hammer.port, self.hammer.password),
            self.book,
            clock,
            backoff=Backoff(0.01, 0.02),
            elapsed_s=self.elapsed_s,
            check_every_s=0.005,
        )
        self.book.when_symbols_change(self.adapter.want)
        self.connector = IBKRConnector(
            IbkrProfile(GUN, "127.0.0.1", self.tws.port, 1),
            self.book,
            clock,
            timing=BRISK,
            backoff=Backoff(0.01, 0.02),
        )
        self._running = [asyncio.create_task(part.run()) for part in (self.adapter, self.connector)]
        for link in (self.adapter.link, self.connector.link):
            link.connect()
        await until_none(self.lacking)

    async def end(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._stack.aclose()

    async def pass_time(self, seconds: float, step_s: float = 3.0) -> None:
        """Let time pass, in steps that the product has time to answer for."""
        while seconds > 0:
            self.market.clock.advance(min(step_s, seconds))
            seconds -= step_s
            await self._seen()

    async def _seen(self) -> None:
        """Give the product the time to do what is due; where nothing runs, nothing looks."""
        looks = self.looks
        for _ in range(20):
            if self.looks > looks + 20:
                return
            await asyncio.sleep(0.004)

    def wrong(self) -> Iterator[str]:
        """Every cell that is shown as current and is not what the far side last said."""
        held = {h.security.local_symbol: h.quantity for h in self.market.holdings_of(ACCOUNT)}
        rows = self.book.position_rows()
        for row in rows:
            if row.stale_since is None and held.get(row.symbol) != row.quantity:
                yield f"{row.symbol}: {row.quantity} are shown, not {held.get(row.symbol)}"
            if row.quote_state is not QuoteState.LIVE:
                continue
            told = self.hammer.told[str(row.hammer_symbol)]
            for name in ("bid", "ask", "last"):
                shown = getattr(row, name)
                if shown is not None and shown != told.get(name):
                    yield f"{row.symbol}: {name} {shown} is shown, {told.get(name)} was told"
        total = self.book.totals([GUN])
        if not total.is_frozen and any(row.quote_state.is_old or row.stale_since for row in rows):
            yield "the total is not marked"

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
            elif row.stale_since is not None or row.quote_state is not QuoteState.LIVE:
                yield f"{symbol} is {row.quote_state}, stale since {row.stale_since}"
            elif (row.bid, row.ask, row.last) != (security.bid, security.ask, security.last):
                yield f"{symbol}: {(row.bid, row.ask, row.last)} is shown"

    async def heal(self) -> None:
        """Whatever was broken works again; then all has to become right by itself."""
        faults = self.hammer.faults
        faults.is_mute = faults.spoils_updates = faults.spoils_symbols = False
        faults.answers_pings, faults.busy, faults.stamp_lag_s = True, 0, 0.0
        faults.untold.clear()
        faults.unanswered_symbols.clear()
        self.tws.unmute()
        self.clock_error = timedelta()
        if market_hours.opened_at(self.market.clock()) is None:
            # A price that HAMMER never told out of hours is found in the session.
            self.market.clock.advance(
                (next_session(self.market.clock()) - self.market.clock()).total_seconds()
            )
        left_s = HEALED_WITHIN_S
        while left_s > 0 and any(self.lacking()):
            for link in (self.adapter.link, self.connector.link):
                if link.status.state is LinkState.FAILED:
                    link.connect()
            await self.pass_time(10.0)
            left_s -= 10.0
        await until_none(self.lacking)


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


class Stories(RuleBasedStateMachine):
    """One story: what happens is drawn, and after every step the window is judged."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self.world = World()
        self._do(self.world.begin())

    def _do(self, work: Coroutine[Any, Any, None] | Awaitable[None]) -> None:
        self._loop.run_until_complete(work)

    @rule(symbol=symbols, cents=st.integers(-300, 300), which=st.sampled_from(("bid", "ask", "all")))
    def price_moves(self, symbol: str, cents: int, which: str) -> None:
        security = self.world.market.security(symbol)
        bid = round(max(security.bid + cents / 100, 5.0), 2)
        if which == "all":
            self.world.market.set_quote(symbol, bid=bid, ask=bid + 0.1, last=bid)
        elif which == "bid" and bid < security.ask:
            self.world.market.set_quote(symbol, bid=bid)
        elif which == "ask" and bid + 0.1 > security.bid:
            self.world.market.set_quote(symbol, ask=bid + 0.1)

    @rule(seconds=st.sampled_from((3.0, 9.0, 21.0, 45.0)))
    def time_passes(self, seconds: float) -> None:
        self._do(self.world.pass_time(seconds))

    @rule(seconds=st.sampled_from((70.0, 900.0, 50_000.0)))
    def computer_sleeps(self, seconds: float) -> None:
        self._do(self.world.pass_time(seconds, step_s=seconds))

    @rule(seconds=st.sampled_from((-4000.0, -20.0, 0.0, 30.0, 9000.0, 90_000.0)))
    def clock_is_set(self, seconds: float) -> None:
        self.world.clock_error = timedelta(seconds=seconds)

    @rule(is_mute=st.booleans())
    def hammer_is_mute(self, *, is_mute: bool) -> None:
        self.world.hammer.faults.is_mute = is_mute

    @rule(symbol=symbols, is_told=st.booleans())
    def stream_forgets(self, symbol: str, *, is_told: bool) -> None:
        name = self.world.market.security(symbol).hammer_symbol or ""
        (self.world.hammer.faults.untold.discard if is_told else self.world.hammer.faults.untold.add)(name)

    @rule(symbol=symbols, is_answered=st.booleans())
    def answer_fails(self, symbol: str, *, is_answered: bool) -> None:
        unanswered = self.world.hammer.faults.unanswered_symbols
        name = self.world.market.security(symbol).hammer_symbol or ""
        (unanswered.discard if is_answered else unanswered.add)(name)

    @rule(spoils=st.booleans(), symbols_too=st.booleans())
    def quotes_are_unreadable(self, *, spoils: bool, symbols_too: bool) -> None:
        faults = self.world.hammer.faults
        faults.spoils_updates, faults.spoils_symbols = spoils, symbols_too

    @rule(times=st.integers(1, 3))
    def hammer_is_busy(self, times: int) -> None:
        self.world.hammer.faults.busy = times

    @rule(lag_s=st.sampled_from((0.0, 0.0, 90.0)))
    def stream_lags(self, lag_s: float) -> None:
        self.world.hammer.faults.stamp_lag_s = lag_s

    @rule(state=st.sampled_from(("Stopped", "Disconnected")))
    def streamer_stops(self, state: str) -> None:
        self.world.hammer.stop_streamer(state)

    @rule()
    def hammer_restarts(self) -> None:
        self.world.hammer.close_all()

    @rule(shares=st.integers(1, 9), symbol=symbols)
    def position_changes(self, shares: int, symbol: str) -> None:
        self.world.market.set_position(ACCOUNT, symbol, 100 * shares, 20.0)

    @rule(is_mute=st.booleans())
    def tws_is_mute(self, *, is_mute: bool) -> None:
        (self.world.tws.mute if is_mute else self.world.tws.unmute)()

    @rule(resets=st.booleans())
    def tws_restarts(self, *, resets: bool) -> None:
        (self.world.tws.reset_all if resets else self.world.tws.close_all)()

    @invariant()
    def every_cell_is_what_was_said_last_or_marked(self) -> None:
        Stories.steps += 1
        self._do(until_none(self.world.wrong))

    def teardown(self) -> None:
        try:
            self._do(self.world.heal())
        finally:
            self._do(self.world.end())
            asyncio.set_event_loop(None)
            self._loop.close()


def test_that_every_cell_is_what_the_far_side_said_last_or_marked(
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper", "psf_monitor.ibkr.ib", "eventkit.event")
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    monkeypatch.setattr(session, "SETTLE_WAIT_S", 0.3)
    is_long = request.config.getoption("--long")
    first = random.SystemRandom().getrandbits(32) if is_long else 1
    Stories.steps = 0
    form = settings(
        max_examples=LONG_STORIES if is_long else SHORT_STORIES,
        stateful_step_count=LONG_STEPS if is_long else SHORT_STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    try:
        run_state_machine_as_test(seed(first)(Stories), settings=form)
    finally:
        if is_long:
            with capsys.disabled():
                print(f"\nseed {first}: {Stories.steps} steps")  # noqa: T201
