"""Freshness by the clock: sleeps, clocks that are set, late prices, and days that pass."""

from dataclasses import replace
from datetime import timedelta

import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import KNOWN, QUICK, RecordingSink, Shown, adapter_of, connected, running
from tests.support.records import GUN
from tests.support.waiting import until

LIVE, FROZEN, LATE = {QuoteState.LIVE}, {QuoteState.FROZEN}, {QuoteState.LATE}


async def test_that_after_a_sleep_data_is_old_until_it_is_reported_again(
    shown: Shown, hammer: SimHammer, market: Market
) -> None:
    async with connected(shown.adapter):
        received_at = market.clock()
        hammer.faults.is_mute = True
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        market.clock.advance(70)
        await until(lambda: shown.states() == FROZEN)
        assert shown.row().quote_as_of == received_at
        market.clock.advance(5)
        await until(lambda: shown.link_state is LinkState.SILENT)
        assert shown.book.prices.frozen_since == shown.adapter.link.status.since == received_at
        hammer.faults.is_mute = False
        market.set_quote("SPY", bid=600.0)
        await until(lambda: shown.states() == LIVE)
        assert shown.row().bid == 20.0


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-1)])
async def test_that_a_clock_that_is_set_measures_no_silence(
    hammer: SimHammer, market: Market, sink: RecordingSink, jump: timedelta
) -> None:
    offset = timedelta()
    looks = 0

    def clock() -> object:
        nonlocal looks
        looks += 1
        return market.clock() + offset

    adapter = adapter_of(hammer, sink, clock, elapsed_s=lambda: 0.0)  # type: ignore[arg-type]
    adapter.set_wanted(KNOWN)
    async with connected(adapter):
        offset = jump
        seen = looks
        await until(lambda: looks > seen + 12)
        assert sink.states == ["live"]
        assert adapter.link.status.state is LinkState.READY


async def test_that_silence_is_detected_even_if_the_clock_stops(
    hammer: SimHammer, market: Market, sink: RecordingSink
) -> None:
    now_s = 0.0
    adapter = adapter_of(hammer, sink, market.clock, elapsed_s=lambda: now_s)
    adapter.set_wanted(KNOWN)
    async with connected(adapter):
        hammer.faults.is_mute = True
        asked = len(hammer.commands("getSymbolSnapshot"))
        now_s = 14.0
        assert len(hammer.commands("getSymbolSnapshot")) == asked
        now_s = 15.0
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) == asked + 3)
        now_s = 20.0
        await until(lambda: sink.states == ["live", "frozen"])


async def test_that_a_price_that_is_late_by_hammers_own_time_is_marked_with_how_late(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    hammer.faults.stamp_lag_s = 300.0
    async with connected(shown.adapter):
        # Its first price may be just as old.
        assert shown.states() == LIVE
        await time_passes(market, clock, 4)
        market.set_quote("CIM PRB", bid=24.5)
        await until(lambda: shown.state() is QuoteState.LATE)
        assert 299 <= (shown.row().quote_late_s or 0) <= 301
        assert shown.row().day_pnl is not None
        assert shown.book.totals([GUN]).is_frozen
        hammer.faults.stamp_lag_s = 0.0
        market.set_quote("CIM PRB", bid=24.52)
        await until(lambda: shown.state() is QuoteState.LIVE)


async def test_that_an_older_update_never_overwrites_a_newer(
    shown: Shown, hammer: SimHammer, market: Market
) -> None:
    async with connected(shown.adapter):
        now = market.clock()

        def update(seconds: float, bid: float) -> str:
            stamp = (now + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            return f'{{"cmd":"L1Update","result":{{"sym":"CIM-B","bid":{bid},"timeStamp":"{stamp}"}}}}'

        hammer.unanswered.add("getSymbolSnapshot")
        hammer.send_raw(update(0.5, 24.53))
        hammer.send_raw(update(0.2, 24.01))
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":11.11}}')
        await until(lambda: shown.row("SPY").bid == 11.11)
        assert shown.row().bid == 24.53
        # Which of the two holds, HAMMER is asked.
        await until(lambda: hammer.commands("getSymbolSnapshot")[-1]["sym"] == "CIM-B")


async def test_that_a_previous_close_of_yesterday_is_no_close_of_today(
    shown: Shown, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        await until(lambda: shown.row().day_pnl is not None)
        # From Friday 14:26 to Monday 09:31; HAMMER has not rolled its closes.
        market.clock.advance(2 * 86_400 + 19 * 3600 + 5 * 60)
        await until(lambda: shown.row().day_pnl is None and shown.states() == LIVE)
        await time_passes(market, clock, 60)
        assert (shown.row().day_pnl, shown.row().prev_close) == (None, None)
        assert shown.book.totals([GUN]).without_close == 3
        for symbol in KNOWN:
            market.set_quote(symbol, prev_close=market.security(symbol).last)
        await time_passes(market, clock, 120)
        await until(lambda: shown.book.totals([GUN]).without_close == 0)
        assert shown.row().prev_close == market.security("CIM PRB").last


async def test_that_a_price_of_a_session_that_was_lost_before_all_was_there_is_old_in_the_next(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    shown = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=1.0))
    async with connected(shown.adapter):
        # One is sent and the other awaited, then the other way round.
        hammer.faults.unsent = hammer.faults.unanswered_symbols = {"CIM-B"}
        hammer.close_all()
        market.set_quote("SPY", bid=600.0)
        await until(lambda: shown.row("SPY").bid == 600.0)
        hammer.faults.unsent = hammer.faults.unanswered_symbols = {"SPY"}
        hammer.close_all()
        market.set_quote("CIM PRB", bid=20.0)
        await until(lambda: shown.row("CIM PRB").bid == 20.0)
        await until(lambda: shown.state("CIM PRB") is QuoteState.LIVE)
        assert shown.state("SPY") is QuoteState.FROZEN
        assert shown.row("SPY").quote_as_of is not None


async def test_that_a_day_passes_in_a_sleep_after_which_the_clock_is_put_right(
    shown: Shown, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        await until(lambda: shown.row().prev_close is not None)
        close = shown.row().prev_close
        clock.ahead = timedelta(seconds=-4000)
        await clock.looked_at()
        assert shown.row().prev_close == close, "no day has passed"
        # From Friday 14:26 to Monday 09:31; HAMMER has not rolled its closes.
        clock.ahead = timedelta()
        market.clock.advance(2 * 86_400 + 19 * 3600 + 5 * 60)
        await clock.looked_at()
        await time_passes(market, clock, 60)
        assert (shown.row().day_pnl, shown.row().prev_close) == (None, None)


async def test_that_requesting_a_close_less_often_does_not_slow_the_requests_for_the_price(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        # From Friday 14:26 to Monday 09:31; HAMMER has not rolled its closes.
        market.clock.advance(2 * 86_400 + 19 * 3600 + 5 * 60)
        await until(lambda: shown.row().day_pnl is None and shown.states() == LIVE)
        for step in range(30):
            market.set_quote("SPY", bid=600.0 + step / 100)
            market.set_quote("CIM PRB", bid=24.0 + step / 100)
            await time_passes(market, clock, 8, step_s=8)
        assert shown.row().prev_close is None
        hammer.faults.unsent.add("CIM-B")
        hammer.faults.unanswered_symbols.add("CIM-B")
        for step in range(7):
            market.set_quote("SPY", bid=610.0 + step / 100)
            await time_passes(market, clock, 4)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.state("SPY") is QuoteState.LIVE


async def test_that_a_previous_close_that_was_not_answered_is_asked_for_until_it_comes(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    shown = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=0.2))
    hammer.faults.unanswered_symbols.add("CIM-B")
    async with running(shown.adapter):
        shown.adapter.link.connect()
        await until(lambda: shown.state() is QuoteState.LIVE)
        assert shown.row().day_pnl is None
        hammer.faults.unanswered_symbols.clear()
        await time_passes(market, clock, 20)
        await until(lambda: shown.row().day_pnl is not None)
