"""Prices that come twice, late or by halves: right or marked, never wrong and live."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.prices.frames import FROZEN, answer, asked_of, silent, update
from tests.hammer.running_adapter import QUICK, Shown, connected, running
from tests.support.waiting import until


@pytest.mark.parametrize(
    "empty",
    [
        {},
        {"bid": "", "ask": None, "price": "", "size": "", "volume": ""},
        {"bestBid": 20.0, "bestOffer": 20.1},
    ],
)
async def test_that_news_without_a_figure_are_no_sign_of_life(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, empty: dict[str, object]
) -> None:
    async with connected(shown.adapter):
        hammer.faults.unsent.update(("CIM-B", "SPY", "BAC-L"))
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        for _ in range(8):
            hammer.send_raw(update(**empty))
            await time_passes(market, clock, 4)
        await until(lambda: (shown.row().bid, shown.row().last) == (20.0, 20.05))


async def test_that_news_without_a_figure_end_no_silence(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        await silent(shown, hammer, market, clock)
        hammer.send_raw(update(bid="", ask=""))
        hammer.send_raw('{"cmd":"heartbeat"}')
        await time_passes(market, clock, 4)
        assert shown.link_state is LinkState.SILENT
        assert shown.states() == FROZEN


async def test_that_an_answer_about_another_share_is_not_taken_for_this_one(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.unsent.add("CIM-B")
        hammer.unanswered.add("getSymbolSnapshot")
        await time_passes(market, clock, 16)
        asked = await asked_of(hammer, "CIM-B", 2)
        hammer.send_raw(answer({**asked, "sym": "GS-A"}, bid=1.0, ask=2.0, last=1.5))
        for step in range(4):
            market.set_quote("SPY", bid=600.0 + step / 100)
            await time_passes(market, clock, 4)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.row().bid == 24.52


@pytest.mark.parametrize("last", [{}, {"last": 0}, {"last": ""}, {"last": "0.00"}])
async def test_that_an_answer_without_a_last_does_not_make_the_old_last_current(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, last: dict[str, object]
) -> None:
    async with connected(shown.adapter):
        count = await silent(shown, hammer, market, clock)
        hammer.send_raw(json.dumps({"cmd": "L1Update", "result": {"sym": "SPY", "bid": 600.0}}))
        asked = await asked_of(hammer, "CIM-B", count + 1)
        hammer.send_raw(answer(asked, bid=20.0, ask=20.1, **last))
        await until(lambda: shown.row().bid == 20.0)
        assert (shown.state(), shown.row().last) == (QuoteState.FROZEN, 24.55)
        hammer.send_raw(update(price=20.05))
        await until(lambda: shown.state() is QuoteState.LIVE)


@pytest.mark.parametrize(
    "nothing",
    [{}, {"bid": 0, "ask": 0, "last": 0}, {"bid": "NaN", "ask": "n/a", "last": -1}, {"prevClose": 24.47}],
)
async def test_that_an_answer_without_a_price_is_no_answer(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, nothing: dict[str, object]
) -> None:
    async with connected(shown.adapter):
        count = await silent(shown, hammer, market, clock)
        hammer.send_raw(json.dumps({"cmd": "L1Update", "result": {"sym": "SPY", "bid": 600.0}}))
        asked = await asked_of(hammer, "CIM-B", count + 1)
        hammer.send_raw(answer(asked, **nothing))
        await shown.clock.all_read()
        assert shown.state() is QuoteState.FROZEN
        assert (shown.row().bid, shown.row().last) == (24.52, 24.55)


async def test_that_the_answer_to_an_earlier_question_does_not_undo_a_later_one(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.unanswered.add("getSymbolSnapshot")
        hammer.faults.unsent.add("CIM-B")
        await time_passes(market, clock, 40)
        first, second = await asked_of(hammer, "CIM-B", 2), await asked_of(hammer, "CIM-B", 3)
        hammer.send_raw(answer(second, bid=20.0, ask=20.1, last=20.05))
        await until(lambda: shown.row().bid == 20.0)
        hammer.send_raw(answer(first, bid=24.0, ask=24.1, last=24.05))
        await shown.clock.all_read()
        assert (shown.row().bid, shown.row().last) == (20.0, 20.05)
        assert "does not send" not in shown.warning


async def test_that_a_second_answer_to_one_request_is_ignored(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.unanswered.add("getSymbolSnapshot")
        hammer.faults.unsent.add("CIM-B")
        await time_passes(market, clock, 20)
        asked = await asked_of(hammer, "CIM-B", 2)
        hammer.send_raw(answer(asked, bid=20.0, ask=20.1, last=20.05))
        hammer.send_raw(answer(asked, bid=24.0, ask=24.1, last=24.05))
        await shown.clock.all_read()
        assert (shown.row().bid, shown.row().last) == (20.0, 20.05)


@pytest.mark.parametrize("form", ["milliseconds", "seconds", "text", "offset", "nanoseconds"])
async def test_that_a_late_price_is_found_late_however_hammer_writes_its_times(
    shown: Shown, hammer: SimHammer, market: Market, form: str
) -> None:
    def stamp(seconds: float) -> object:
        at = market.clock() + timedelta(seconds=seconds)
        written: dict[str, object] = {
            "milliseconds": round(at.timestamp() * 1000),
            "seconds": at.timestamp(),
            "text": str(round(at.timestamp() * 1000)),
            "offset": (at + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%S.%f+03:00"),
            "nanoseconds": at.strftime("%Y-%m-%dT%H:%M:%S.%f000Z"),
        }
        return written[form]

    hammer.faults.stamp_lag_s = 300.0
    async with connected(shown.adapter):
        hammer.send_raw(update(bid=24.54, timeStamp=stamp(-30)))
        await until(lambda: shown.row().bid == 24.54)
        assert shown.state() is QuoteState.LIVE
        market.clock.advance(10)
        hammer.send_raw(update(bid=24.55, timeStamp=stamp(0)))
        await until(lambda: shown.row().bid == 24.55)
        assert shown.state() is QuoteState.LIVE
        hammer.send_raw(update(sym="SPY", bid=600.0, timeStamp=stamp(-200)))
        await until(lambda: shown.row("SPY").bid == 600.0 and shown.state("SPY") is QuoteState.LATE)
        assert shown.row("SPY").quote_late_s == pytest.approx(200, abs=1)


@pytest.mark.parametrize("wrong", ["NaN", "-Infinity", -24.5, "24,50", "n/a", "1e400"])
async def test_that_a_price_that_cannot_be_true_is_unknown_and_not_the_old_one(
    shown: Shown, hammer: SimHammer, wrong: object
) -> None:
    async with connected(shown.adapter):
        hammer.send_raw(update(bid=wrong))
        await until(lambda: shown.row().bid is None)
        assert shown.row().ask == 24.6


async def test_that_two_updates_of_one_share_in_one_turn_are_applied_in_order(
    shown: Shown, hammer: SimHammer
) -> None:
    async with connected(shown.adapter):
        for bid in (20.0, 21.0, 20.5):
            hammer.send_raw(update(bid=bid))
        await until(lambda: shown.row().bid == 20.5)


async def test_that_a_storm_of_heartbeats_is_no_price(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.unsent.update(("CIM-B", "SPY", "BAC-L"))
        hammer.unanswered.add("getSymbolSnapshot")
        for _ in range(6):
            for _ in range(50):
                hammer.send_raw('{"cmd":"heartbeat"}')
            await time_passes(market, clock, 4)
        await until(lambda: shown.states() == FROZEN)


async def test_that_half_of_the_answers_make_half_of_the_rows_current(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.is_mute = True
        await time_passes(market, clock, 24)
        hammer.faults.unsent.update(("CIM-B", "SPY", "BAC-L"))
        hammer.faults.unanswered_symbols.update(("CIM-B", "BAC-L"))
        market.set_quote("SPY", bid=600.0)
        hammer.faults.is_mute = False
        await time_passes(market, clock, 24)
        await until(lambda: shown.state("SPY") is QuoteState.LIVE)
        assert (shown.state("CIM PRB"), shown.state("BAC PRL")) == (QuoteState.FROZEN, QuoteState.FROZEN)
        assert shown.row("SPY").bid == 600.0


@pytest.mark.parametrize("name", ["previousClose", "PrevClose", "close"])
async def test_that_a_previous_close_in_another_field_is_unknown_or_right(
    hammer: SimHammer, market: Market, clock: WatchedClock, name: str
) -> None:
    shown = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=0.1))
    hammer.unanswered.add("getSymbolSnapshot")
    async with running(shown.adapter):
        shown.adapter.link.connect()
        asked = await asked_of(hammer, "CIM-B", 1)
        hammer.send_raw(answer(asked, bid=24.52, ask=24.6, last=24.55, **{name: 24.47}))
        await until(lambda: shown.row().last == 24.55)
        assert shown.row().prev_close in (None, 24.47)
        assert shown.row().day_pnl in (None, pytest.approx(1000 * (24.55 - 24.47)))


async def test_that_the_last_prices_of_the_session_are_asked_for_at_its_close(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        # Friday 15:59:58; the stream forgets the share, and the session ends before anybody could notice.
        market.clock.advance(93 * 60 + 58)
        market.set_quote("SPY", bid=600.0)
        await time_passes(market, clock, 1)
        hammer.faults.unsent.add("CIM-B")
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 4)
        await until(lambda: (shown.row().bid, shown.row().last) == (20.0, 20.05))


async def test_that_a_share_of_which_nothing_comes_is_asked_for_out_of_hours_too(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    shown = Shown.of(hammer, market, clock, timing=replace(QUICK, out_of_hours_request_s=30.0))
    market.clock.advance(3 * 3600)
    async with connected(shown.adapter):
        hammer.faults.unsent.add("CIM-B")
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 40, step_s=10)
        await until(lambda: (shown.row().bid, shown.row().last) == (20.0, 20.05))
        hammer.faults.unanswered_symbols.add("CIM-B")
        await time_passes(market, clock, 60, step_s=10)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.state("SPY") is QuoteState.LIVE


async def test_that_reports_from_before_a_sleep_keep_their_age_when_read_after_it(
    shown: Shown, hammer: SimHammer, market: Market
) -> None:
    async with connected(shown.adapter):
        received_at = market.clock()
        hammer.unanswered.update(("getSymbolSnapshot", "subscribe"))
        # It is on the way when the computer falls asleep.
        hammer.send_raw(update(bid=20.0, ask=20.1, price=20.05))
        market.clock.advance(3600)
        await until(lambda: shown.row().bid == 20.0)
        assert shown.states() == FROZEN
        assert shown.row().quote_as_of == received_at


async def test_that_a_sleep_while_it_is_loading_makes_nothing_current(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    # One share that is not answered keeps it from being done with loading.
    hammer.faults.unanswered_symbols.add("SPY")
    hammer.faults.unsent.add("SPY")
    shown = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=0.3))
    async with running(shown.adapter):
        shown.adapter.link.connect()
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) == 3)
        await until(lambda: shown.adapter.link.status.progress.quoted == 2)
        hammer.unanswered.update(("getSymbolSnapshot", "subscribe"))
        market.clock.advance(3600)
        await until(lambda: shown.link_state is LinkState.READY)
        assert shown.state() is QuoteState.FROZEN
        assert shown.row().last == 24.55
