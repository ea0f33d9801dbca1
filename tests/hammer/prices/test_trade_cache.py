"""Every trade once, whichever way HAMMER sends it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.indicators import PRINTS_USED
from psf_monitor.domain.quote import Print
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.messages import ProtocolError, Reply, decode
from psf_monitor.hammer.prices.trade_cache import TRADES_KEPT, TradeLog, ticks_of
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.conftest import named_in_failure
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import KNOWN, RecordingSink, connected
from tests.support.records import NOON
from tests.support.waiting import until


def answer(data: Any) -> Reply:
    frame = {"cmd": "getTicks", "reqID": "1", "success": "OK", "result": {"sym": "CIM-B", "data": data}}
    message = decode(json.dumps(frame).encode())
    assert isinstance(message, Reply)
    return message


def trade(second: float = 0, price: float = 24.55, size: float = 100, venue: str = "") -> Print:
    return Print(price, size, NOON + timedelta(seconds=second), venue)


def test_that_a_listed_trade_is_dated_however_hammer_writes_it() -> None:
    for at in ("2026-09-18T16:00:00Z", "2026-09-18T16:00:00", 1789747200, "1789747200", 1789747200000.0):
        with named_in_failure(at):
            assert ticks_of(answer([{"t": at, "p": "24.55", "s": 100, "e": "NYSE"}])).trades == (
                trade(venue="NYSE"),
            )


def test_that_a_listed_trade_that_cannot_be_true_is_left_out() -> None:
    for tick in (
        {"t": "soon", "p": 24.55, "s": 100},
        {"t": True, "p": 24.55, "s": 100},
        {"t": 1e300, "p": 24.55, "s": 100},
        {"t": "2026-09-18T16:00:00Z", "p": "", "s": 100},
        {"t": "2026-09-18T16:00:00Z", "p": 0, "s": 100},
        {"t": "2026-09-18T16:00:00Z", "p": 24.55, "s": -1},
        {"t": "2026-09-18T16:00:00Z", "p": "nan", "s": 100},
    ):
        with named_in_failure(tick):
            good = {"t": "2026-09-18T16:00:00Z", "p": 24.55, "s": 100, "e": 7}
            assert ticks_of(answer([tick, good])).trades == (trade(),)


T0, T1 = "2026-09-18T16:00:00Z", "2026-09-18T16:00:01.429"


def test_that_a_row_made_of_a_candle_is_no_trade() -> None:
    good = {"t": T0, "p": 24.55, "s": 100, "e": "NYSE", "bf": False}
    made_up = [{**good, "bf": flag} for flag in (True, 1, "true", "TRUE", "1")]
    assert ticks_of(answer([*made_up, good])).trades == (trade(venue="NYSE"),)


@pytest.mark.parametrize(
    "row", [None, 7, "a trade", [], {}, {"t": T0}, {"t": T0, "p": 24.55}, {"t": T0, "p": None, "s": {}}]
)
def test_that_one_bad_row_costs_that_row(row: object) -> None:
    good = {"t": T0, "p": 24.55, "s": 100}
    assert ticks_of(answer([row, good])).trades == (trade(),)


def test_that_rows_in_other_capitals_are_read_and_trades_that_cannot_be_read_are_counted() -> None:
    data = [
        {"T": T0, "P": 24.55, "S": 100},
        {"t": T0, "p": "x", "s": 100},
        {"t": "soon", "p": 24.5, "s": 9},
        7,
    ]
    quotes = [{"t": T0, "p": 0, "s": 0, "b": 24.5}, {"t": T0, "b": 24.5, "a": 24.6}]
    ticks = ticks_of(answer([*data, *quotes]))
    assert (ticks.trades, ticks.unread) == ((trade(),), 3)


async def test_that_earlier_trades_that_cannot_be_read_are_named(
    hammer: SimHammer, adapter: HammerAdapter, sink: RecordingSink, caplog: pytest.LogCaptureFixture
) -> None:
    hammer.unanswered.add("getTicks")
    async with connected(adapter):
        await until(lambda: hammer.commands("getTicks"))
        asked = hammer.commands("getTicks")[0]
        rows = [{"T": T0, "P": 24.55, "S": 100}, {"t": T0, "p": "24,6", "s": 100}]
        fields = {"cmd": "getTicks", "reqID": asked["reqID"], "success": "OK"}
        hammer.send_raw(json.dumps({**fields, "result": {"Sym": asked["sym"], "Data": rows}}))
        await until(lambda: "1 earlier trade" in caplog.text)
        await until(lambda: any(p.is_history for prints in sink.prints.values() for p in prints))


def test_that_a_list_of_quotes_holds_no_trade() -> None:
    assert ticks_of(answer([{"t": T0, "p": 0, "s": 0, "b": 24.5, "a": 24.6}])).trades == ()
    assert ticks_of(answer([])).trades == ()


def test_that_trades_of_one_moment_keep_their_order_where_the_newest_comes_first() -> None:
    later = {"t": T1, "p": 24.60, "s": 300.0, "e": "FNRA"}
    second, first = {"t": T0, "p": 24.57, "s": 40}, {"t": T0, "p": 24.55, "s": 40}
    assert [t.price for t in ticks_of(answer([later, second, first])).trades] == [24.55, 24.57, 24.60]
    assert [t.price for t in ticks_of(answer([first, second, later])).trades] == [24.55, 24.57, 24.60]
    assert [t.price for t in ticks_of(answer([second, first])).trades] == [24.55, 24.57]
    assert all(t.is_history for t in ticks_of(answer([first])).trades)


def test_that_equal_trades_of_one_millisecond_are_all_real() -> None:
    assert len(ticks_of(answer([{"t": T1, "p": 24.60, "s": 300.0, "e": "NSX"}] * 3)).trades) == 3


def test_that_of_equal_figures_and_venues_of_listed_trades_one_is_kept() -> None:
    rows = [{"t": T0, "p": 24.55, "s": 100.5, "e": "NYSE", "b": 24.5, "a": 24.55} for _ in range(2)]
    first, second = ticks_of(answer(rows)).trades
    assert first == second
    assert first.price is second.price is first.ask
    assert first.size is second.size
    assert first.bid is second.bid
    assert first.venue is second.venue is ticks_of(answer(rows)).trades[0].venue


def test_that_an_answer_that_is_no_list_of_trades_is_an_error() -> None:
    for data in (None, "none", [1], [None, "a trade"]):
        with named_in_failure(data), pytest.raises(ProtocolError):
            ticks_of(answer(data))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_that_no_list_of_trades_breaks_the_reading(value: object) -> None:
    entry = {"t": value, "p": value, "s": value, "e": value}
    try:
        found = ticks_of(Reply("getTicks", "1", True, answer([entry]).result)).trades
    except ProtocolError:
        return
    assert all(t.price > 0 and t.size > 0 for t in found)


def test_that_a_trade_already_streamed_stays_one_with_the_venue_of_the_list() -> None:
    log = TradeLog()
    log.apply(trade(0.4), NOON)
    log.apply(trade(1.2, size=200), NOON)
    log.apply_history([trade(-5), trade(0, venue="NYSE"), trade(1, size=200, venue="ARCA")], NOON)
    assert log.prints == (trade(-5), trade(0.4, venue="NYSE"), trade(1.2, size=200, venue="ARCA"))


def test_that_two_equal_trades_in_the_list_stay_two() -> None:
    log = TradeLog()
    log.apply(trade(0.4), NOON)
    log.apply_history([trade(), trade()], NOON)
    assert len(log.prints) == 2


def test_that_a_listed_trade_that_still_comes_with_the_stream_is_not_counted_again() -> None:
    log = TradeLog()
    log.apply_history([trade(), trade(1, 24.56)], NOON)
    assert not log.apply(trade(1.3, 24.56), NOON + timedelta(seconds=1))
    assert log.apply(trade(1.4, 24.56), NOON + timedelta(seconds=1))
    assert len(log.prints) == 3


def test_that_an_equal_trade_long_after_the_list_is_another_one() -> None:
    log = TradeLog()
    log.apply_history([trade()], NOON)
    assert log.apply(trade(1), NOON + timedelta(seconds=3))


def test_that_the_last_trade_repeated_by_a_new_subscription_is_not_counted_again() -> None:
    log = TradeLog()
    assert log.apply(trade(), NOON)
    log.subscribed()
    assert not log.apply(trade(), NOON + timedelta(seconds=60))
    assert log.apply(trade(60), NOON + timedelta(seconds=60))


def test_that_only_the_last_are_kept() -> None:
    log = TradeLog()
    log.apply_history([trade(n) for n in range(400)], NOON)
    log.apply(trade(1000), NOON + timedelta(seconds=1000))
    assert len(log.prints) == TRADES_KEPT == 2 * PRINTS_USED == 300
    assert log.prints[-1] == trade(1000)
    assert log.prints[0] == trade(101)


trades = st.lists(
    st.builds(trade, st.integers(0, 30), st.sampled_from([24.55, 24.56]), st.sampled_from([100, 200])),
    max_size=40,
).map(lambda found: sorted(found, key=lambda t: t.at))


@given(trades, st.integers(0, 40), st.integers(0, 40))
def test_that_no_trade_is_counted_twice_wherever_the_list_comes_in(
    happened: list[Print], connected_at: int, listed_at: int
) -> None:
    """The stream sends what happens from the subscription on, the list all that happened before it."""
    log = TradeLog()
    for number, each in enumerate([*happened, None]):
        if number == listed_at or (each is None and listed_at > number):
            log.apply_history(happened[:number], NOON)
        if each is not None and number >= connected_at:
            # Long after the list, so that nothing in it can still be coming.
            log.apply(each, each.at + timedelta(minutes=1))
    counted = sorted(log.prints, key=lambda t: (t.at, t.price, t.size))
    everything = sorted(happened, key=lambda t: (t.at, t.price, t.size))
    assert len(counted) <= len(everything)
    if connected_at <= listed_at:
        assert counted == everything


@given(trades)
def test_that_the_same_list_again_adds_nothing(history: list[Print]) -> None:
    log = TradeLog()
    log.apply_history(history, NOON)
    before = log.prints
    log.apply_history(history, NOON)
    assert log.prints == before


def reported(sink: RecordingSink, symbol: str = "CIM PRB") -> list[tuple[float, float, datetime]]:
    return [(p.price, p.size, p.at) for p in sink.prints.get(symbol, ())]


def happened(market: Market, symbol: str = "CIM PRB") -> list[tuple[float, float, datetime]]:
    prints = list(market.security(symbol).prints)[-PRINTS_USED:]
    return [(p.price, float(p.size), p.time.replace(microsecond=0)) for p in prints]


def seconds(found: list[tuple[float, float, datetime]]) -> list[tuple[float, float, datetime]]:
    return [(price, size, at.replace(microsecond=0)) for price, size, at in found]


async def test_that_the_prints_are_the_markets_from_before_and_after_the_start(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    market.step(600)
    assert happened(market)
    async with connected(adapter):
        await until(lambda: seconds(reported(sink)) == happened(market))
        asked = hammer.commands("getTicks")
        market.step(600)
        await until(lambda: seconds(reported(sink)) == happened(market))
        assert sorted(c["sym"] for c in asked) == ["BAC-L", "CIM-B", "SPY"]
        assert all((c["lastFew"], c["tradesOnly"], c["regHoursOnly"]) == (150, True, False) for c in asked)


async def test_that_rows_that_are_no_trades_reach_nobody(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    hammer.has_rough_ticks = True
    market.step(600)
    async with connected(adapter):
        await until(lambda: seconds(reported(sink)) == happened(market))
    assert adapter.unreadable_frames == {}


async def test_that_a_loss_leaves_no_gap_and_no_double(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        market.step(300)
        await until(lambda: seconds(reported(sink)) == happened(market))
        hammer.close_all()
        market.step(300)
        await until(lambda: adapter.link.status.state is LinkState.READY)
        await until(lambda: seconds(reported(sink)) == happened(market))


async def test_that_quotes_do_not_wait_for_the_trades(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    hammer.unanswered.add("getTicks")
    async with connected(adapter):
        assert sink.states == ["live"]
        await until(lambda: len(hammer.commands("getTicks")) == 3)
        assert sink.prints == {}


async def test_that_trades_missed_in_a_silence_are_asked_for(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market, clock: WatchedClock
) -> None:
    async with connected(adapter):
        hammer.is_dry = True
        market.trade("CIM PRB", 24.57, 300)
        for _ in range(18):
            hammer.send_raw('{"cmd":"heartbeat"}')
            await time_passes(market, clock, 5, step_s=2.5)
        await until(lambda: seconds(reported(sink)) == happened(market))


async def test_that_a_symbol_under_another_name_loses_the_other_shares_prints(
    adapter: HammerAdapter, sink: RecordingSink, market: Market
) -> None:
    market.trade("SPY", 662.05, 100)
    async with connected(adapter):
        await until(lambda: reported(sink, "SPY"))
        adapter.remap({"SPY": "EFC-B"})
        assert reported(sink, "SPY") == []
        market.trade("EFC PRB", 24.3, 100)
        await until(lambda: [price for price, _, _ in reported(sink, "SPY")][-1:] == [24.3])


async def test_that_without_a_taker_no_trades_are_asked_for(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = HammerAdapter(HammerProfile("127.0.0.1", hammer.port, "demo"), HammerSinks(sink), market.clock)
    adapter.set_wanted(KNOWN)
    async with connected(adapter):
        market.trade("CIM PRB", 24.57, 300)
        await until(lambda: sink.quotes["CIM PRB"].last == 24.57)
        assert hammer.commands("getTicks") == []
        assert sink.prints == {}
