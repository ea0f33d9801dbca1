"""The HAMMER side over whole New York sessions, nights and a weekend between them, on a virtual clock."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.domain import market_hours
from psf_monitor.domain.market_hours import NEW_YORK
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import QUICK, RecordingSink, agrees, connected
from tests.support.waiting import until

STEP_S = 4.0


class Day:
    """Plays sessions one after the other; in each step one share moves and HAMMER sends a heartbeat."""

    def __init__(self, clock: WatchedClock, market: Market, hammer: SimHammer) -> None:
        self.clock = clock
        self.played_s = 0.0
        self.nights = 0
        self._market = market
        self._hammer = hammer
        self._rng = random.Random(5)
        self._symbols = [name for name, s in market.securities.items() if s.hammer_symbol]

    async def play(self, until_s: float) -> None:
        """Continue until this many seconds of sessions have been played."""
        while self.played_s < until_s:
            if market_hours.opened_at(self._market.clock()) is None:
                await self._sleep()
            await self.step()

    async def step(self) -> None:
        symbol = self._rng.choice(self._symbols)
        security = self._market.security(symbol)
        if self._rng.random() < 0.3:
            self._market.trade(symbol, security.bid, 100)
        else:
            bid = security.on_tick(security.bid + self._rng.choice((-1, 0, 1)) * security.tick)
            self._market.set_quote(symbol, bid=min(bid, security.on_tick(security.ask - security.tick)))
        self._hammer.send_raw('{"cmd":"heartbeat"}')
        await time_passes(self._market, self.clock, STEP_S)
        self.played_s += STEP_S

    async def _sleep(self) -> None:
        """From the close to the next opening, through nights, weekends and holidays, in a few looks."""
        self.nights += 1
        for symbol in self._symbols:
            self._market.set_quote(symbol, prev_close=self._market.security(symbol).last)
        day = self._market.clock().astimezone(NEW_YORK).date() + timedelta(days=1)
        while (session := market_hours.session_of(day)) is None:
            day += timedelta(days=1)
        left_s = (session[0] - self._market.clock()).total_seconds()
        await time_passes(self._market, self.clock, left_s, step_s=left_s / 4)


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@pytest.fixture
def market(*, is_long: bool) -> Market:
    # 2026-09-17 is a Thursday: the long form goes over a weekend.
    hour, minute = (9, 30) if is_long else (15, 52)
    return Market(
        scenario("normal"), start=datetime(2026, 9, 17, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)
    )


@pytest.fixture
async def hammer(market: Market) -> AsyncIterator[SimHammer]:
    async with SimHammer(market, heartbeat_every_s=3600.0) as sim:
        yield sim


async def test_that_every_stall_is_seen_and_mended_once_and_no_symbol_is_lost(
    market: Market, hammer: SimHammer, *, is_long: bool
) -> None:
    clock = WatchedClock(market)
    total_s = 24 * 3600.0 if is_long else 1000.0
    symbols = tuple(name for name, s in market.securities.items() if s.hammer_symbol)
    sink = RecordingSink()
    adapter = HammerAdapter(
        HammerProfile("127.0.0.1", hammer.port, hammer.password),
        HammerSinks(sink, prints=sink),
        clock,
        timing=replace(QUICK, check_every_s=0.001, backoff=Backoff(first_s=0.01, most_s=0.02)),
        elapsed_s=clock.elapsed_s,
    )
    clock.watch(adapter.link, hammer)
    adapter.set_wanted(symbols)
    day = Day(clock, market, hammer)

    def subscriptions() -> int:
        return len(hammer.commands("subscribe"))

    async def nothing_is_lost() -> None:
        await until(lambda: agrees(sink, market, symbols))
        assert sink.refused == frozenset()
        assert hammer.connections == 1
        assert hammer.subscribed == {market.security(name).hammer_symbol for name in symbols}

    async def stall() -> None:
        """Heartbeats come, quotes do not; a new subscription starts them again."""
        before = subscriptions()
        hammer.dry_up()
        stalled_at = market.clock()
        while subscriptions() == before:
            await day.step()
            assert market.clock() - stalled_at <= timedelta(seconds=60)
        assert market.clock() - stalled_at >= timedelta(seconds=15 - STEP_S)
        await day.play(day.played_s + 40 * STEP_S)
        assert subscriptions() > before

    async with connected(adapter):
        assert subscriptions() == 1
        await day.play(0.15 * total_s)
        await nothing_is_lost()
        await stall()
        assert sink.states == ["live"]

        await day.play(0.35 * total_s)
        hammer.stall()
        silent_since = market.clock()
        await time_passes(market, clock, 7 * STEP_S)
        await until(lambda: adapter.link.status.state is LinkState.SILENT)
        assert sink.states == ["live", "frozen"]
        assert sink.frozen_since is not None
        assert abs(sink.frozen_since - silent_since) <= timedelta(seconds=STEP_S)
        hammer.resume()
        hammer.send_raw('{"cmd":"heartbeat"}')
        await until(lambda: adapter.link.status.state is LinkState.READY)
        await nothing_is_lost()

        await day.play(0.6 * total_s)
        await stall()
        await nothing_is_lost()

        await day.play(0.8 * total_s)
        before = subscriptions()
        reported = list(sink.states)
        hammer.restart("OTHERQ")
        await until(lambda: sink.states == [*reported, "frozen", "live"])
        assert subscriptions() > before

        await day.play(total_s)
        await nothing_is_lost()
        assert sink.states == ["live", "frozen", "live", "frozen", "live"]
        assert day.nights == (3 if is_long else 1)
        assert all(sink.quotes[name] != Quote() for name in symbols)
        assert adapter.unreadable_frames == {}
        assert hammer.refused == []
