"""Quotes and symbols, while everything goes well."""

import asyncio
from dataclasses import replace

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.prices.subscriptions import SYMBOLS_PER_BATCH
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock
from tests.hammer.running_adapter import (
    KNOWN,
    QUICK,
    RecordingSink,
    adapter_of,
    agrees,
    as_in,
    connected,
    running,
    timeless,
)
from tests.support.waiting import until


async def test_that_the_quotes_are_the_markets(
    adapter: HammerAdapter, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        assert sink.states == ["live"]
        assert str(adapter.link.status.progress) == "3/3 symbols"
        assert agrees(sink, market)
        market.step(30.0)
        await until(lambda: agrees(sink, market))


async def test_that_all_symbols_of_a_long_session_stay_the_markets(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = adapter_of(hammer, sink, market.clock)
    everything = tuple(name for name, s in market.securities.items() if s.hammer_symbol)
    adapter.set_wanted(everything)
    async with connected(adapter):
        for _ in range(20):
            market.step(10.0)
        await until(lambda: agrees(sink, market, everything))
        assert not adapter.unreadable_frames


async def test_that_nobody_connects_without_a_click(adapter: HammerAdapter, hammer: SimHammer) -> None:
    async with running(adapter):
        assert adapter.link.status.state is LinkState.IDLE
        adapter.link.connect()
        await until(lambda: hammer.connections == 1)


async def test_that_a_turn_delivers_only_the_symbols_that_hammer_reported(
    adapter: HammerAdapter, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        turns = len(sink.turns)
        market.set_quote("CIM PRB", bid=24.53)
        await until(lambda: len(sink.turns) > turns)
        assert sink.turns[turns:] == [{"CIM PRB"}]
        assert sink.quotes["CIM PRB"].bid == 24.53


async def test_that_the_time_of_change_moves_only_with_the_figures(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        before = sink.quotes["CIM PRB"]
        market.clock.advance(3)
        hammer.send_raw(f'{{"cmd":"L1Update","result":{{"sym":"CIM-B","bid":"{before.bid}","ask":""}}}}')
        await until(lambda: sink.quotes["CIM PRB"].received_at == market.clock())
        assert timeless(sink.quotes["CIM PRB"]) == timeless(before)
        assert sink.quotes["CIM PRB"].changed_at == before.changed_at
        market.clock.advance(3)
        market.set_quote("CIM PRB", ask_size=700)
        await until(lambda: sink.quotes["CIM PRB"].changed_at == market.clock())


async def test_that_a_withdrawn_quote_is_unknown_and_the_last_trade_stays(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        last = sink.quotes["CIM PRB"].last
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","bid":0,"ask":"0","price":0}}')
        await until(lambda: sink.quotes["CIM PRB"].bid is None)
        assert sink.quotes["CIM PRB"].ask is None
        assert sink.quotes["CIM PRB"].last == last


async def test_that_a_refused_symbol_is_reported(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    assert market.security("TWO PRB").hammer_symbol is None
    adapter.set_wanted([*KNOWN, "TWO PRB"])
    async with connected(adapter):
        assert sink.refused == {"TWO PRB"}
        assert "TWO PRB" not in sink.quotes
        # Whether it was asked for, too, is a matter of who is faster: the refusal or the next question.
        asked = [each["sym"] for each in hammer.commands("getSymbolSnapshot")]
        assert sorted({*asked} - {"TWO-B"}) == ["BAC-L", "CIM-B", "SPY"]
        assert str(adapter.link.status.progress) == "3/4 symbols"
        adapter.set_wanted(KNOWN)
        assert sink.refused == frozenset()


async def test_that_a_symbol_that_hammer_knows_and_does_not_stream_has_no_quote(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    hammer.not_streamed.add("MS-K")
    async with connected(adapter):
        # Held back, the refusal comes when the snapshot is asked for already.
        hammer.stall()
        adapter.set_wanted([*KNOWN, "MS PRK"])
        await until(lambda: "MS-K" in [c["sym"] for c in hammer.commands("getSymbolSnapshot")])
        hammer.resume()
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":11.11}}')
        await until(lambda: sink.quotes["SPY"].bid == 11.11)
        assert sink.refused == {"MS PRK"}
        assert "MS PRK" not in sink.quotes


async def test_that_a_symbol_that_was_refused_is_taken_once_hammer_reports_a_price_of_it(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    adapter.set_wanted([*KNOWN, "TWO PRB"])
    async with connected(adapter):
        assert sink.refused == {"TWO PRB"}
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"TWO-B","volume":100}}')
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":11.11}}')
        await until(lambda: sink.quotes["SPY"].bid == 11.11)
        assert sink.refused == {"TWO PRB"}
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"TWO-B","bid":24.5}}')
        await until(lambda: sink.refused == frozenset())
        await until(lambda: sink.quotes["TWO PRB"].bid == 24.5)


async def test_that_data_that_nobody_wants_is_not_delivered(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        turns = len(sink.turns)
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"MS-K","bid":22.22}}')
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":11.11}}')
        await until(lambda: sink.quotes["SPY"].bid == 11.11)
        assert set().union(*sink.turns[turns:]) == {"SPY"}
        assert frozenset() not in sink.turns
        adapter.set_wanted([*KNOWN, "MS PRK"])
        assert "MS PRK" not in sink.quotes


async def test_that_the_traders_override_is_what_is_asked(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = HammerAdapter(
        HammerProfile("127.0.0.1", hammer.port, "demo"),
        HammerSinks(sink),
        market.clock,
        timing=QUICK,
    )
    adapter.remap({"CIM B": "CIM-B"})
    adapter.set_wanted(["CIM B", "CIM PRB"])
    assert sink.asked == {"CIM B": "CIM-B", "CIM PRB": "CIM-B"}
    async with connected(adapter):
        assert sink.quotes["CIM B"] == sink.quotes["CIM PRB"]
        assert [c["sym"] for c in hammer.commands("subscribe")] == [["CIM-B"]]


async def test_that_a_second_name_for_a_quoted_symbol_gets_its_quote_at_once(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = HammerAdapter(HammerProfile("127.0.0.1", hammer.port, "demo"), HammerSinks(sink), market.clock)
    adapter.remap({"CIM B": "CIM-B"})
    adapter.set_wanted(["CIM PRB"])
    async with connected(adapter):
        adapter.set_wanted(["CIM PRB", "CIM B"])
        assert sink.quotes["CIM B"] == sink.quotes["CIM PRB"]


async def test_that_a_new_name_is_requested_at_once_and_the_old_quote_removed(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        adapter.remap({"SPY": "MS-K"})
        assert sink.asked["SPY"] == "MS-K"
        assert sink.quotes["SPY"] == Quote()
        await until(lambda: timeless(sink.quotes["SPY"]) == as_in(market, "MS PRK"))
        assert hammer.subscribed == {"BAC-L", "CIM-B", "MS-K"}
        assert len(hammer.commands("connect")) == 1
        assert sink.states == ["live"]


async def test_that_a_refused_symbol_is_accepted_under_the_right_name(
    adapter: HammerAdapter, sink: RecordingSink, market: Market
) -> None:
    adapter.set_wanted([*KNOWN, "AGNCM"])
    async with connected(adapter):
        assert sink.refused == {"AGNCM"}
        adapter.remap({"AGNCM": "AGNCN"})
        assert sink.refused == frozenset()
        sought = as_in(market, "AGNCN")
        await until(lambda: timeless(sink.quotes.get("AGNCM", Quote())) == sought)
        # A second share under a name that HAMMER refuses is refused like the first.
        adapter.remap({"AGNCM": "NONE", "SPY": "NONE"})
        await until(lambda: sink.refused == {"AGNCM", "SPY"})


async def test_that_a_table_that_changes_no_name_asks_for_nothing(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        turns = len(sink.turns)
        adapter.remap({"CIM PRB": "CIM-B", "KEY PRK": "KEY.K"})
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":11.11}}')
        await until(lambda: len(sink.turns) > turns)
        assert sink.turns[turns:] == [{"SPY"}]
        assert len(hammer.commands("subscribe")) == 1
        assert hammer.commands("unsubscribe") == []


async def test_that_a_symbol_given_up_and_wanted_again_gets_its_quote_again(
    adapter: HammerAdapter, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        adapter.set_wanted(["SPY"])
        sink.quotes.clear()
        adapter.set_wanted(KNOWN)
        await until(lambda: "CIM PRB" in sink.quotes and agrees(sink, market, ("CIM PRB", "BAC PRL")))


async def test_that_other_wanted_symbols_subscribe_the_new_and_give_up_the_gone(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        assert [c["sym"] for c in hammer.commands("subscribe")] == [["BAC-L", "CIM-B", "SPY"]]
        adapter.set_wanted(["SPY", "MS PRK", "BAC PRL"])
        await until(lambda: hammer.subscribed == {"SPY", "MS-K", "BAC-L"})
        await until(lambda: "MS PRK" in sink.quotes and agrees(sink, market, ("MS PRK",)))
        assert [c["sym"] for c in hammer.commands("subscribe")[1:]] == [["MS-K"]]
        assert [c["sym"] for c in hammer.commands("unsubscribe")] == [["CIM-B"]]
        turns = len(sink.turns)
        adapter.set_wanted(["BAC PRL", "SPY", "MS PRK"])
        market.set_quote("SPY", bid=662.01)
        await until(lambda: len(sink.turns) > turns)
        assert len(hammer.commands("subscribe")) == 2


async def test_that_many_symbols_go_out_in_batches_that_hammer_takes(
    hammer: SimHammer, sink: RecordingSink, clock: WatchedClock
) -> None:
    pause_s = HammerTiming().subscribe_pause_s
    adapter = adapter_of(hammer, sink, clock, timing=replace(QUICK, subscribe_pause_s=pause_s))
    unknown = [f"X{n:03d}" for n in range(110)]
    adapter.set_wanted([*KNOWN, *unknown])
    async with connected(adapter):
        batches = [c["sym"] for c in hammer.commands("subscribe")]
        assert [len(batch) for batch in batches] == [50, 50, 13]
        assert sink.refused == set(unknown)


async def test_that_a_busy_hammer_is_asked_for_the_next_batch_when_it_has_answered_the_last(
    hammer: SimHammer, sink: RecordingSink, clock: WatchedClock
) -> None:
    # The first question, and the real pause behind it: HAMMER drops the line of a client that asks sooner.
    pause_s = HammerTiming().subscribe_pause_s
    adapter = adapter_of(hammer, sink, clock, timing=replace(QUICK, subscribe_pause_s=pause_s))
    async with connected(adapter):
        hammer.stall()
        adapter.set_wanted([f"S{number} PRA" for number in range(2 * SYMBOLS_PER_BATCH)])
        await until(lambda: len(hammer.commands("subscribe")) == 1)
        looks = clock.looks
        await until(lambda: clock.looks > looks + 10)
        await hammer.ping_all()
        assert len(hammer.commands("subscribe")) == 1
        hammer.resume()
        await until(lambda: len(hammer.commands("subscribe")) == 2)
        assert adapter.link.status.state is LinkState.READY


async def test_that_the_snapshot_is_asked_once_a_symbol(adapter: HammerAdapter, hammer: SimHammer) -> None:
    async with connected(adapter):
        asked = [c["sym"] for c in hammer.commands("getSymbolSnapshot")]
        assert sorted(asked) == ["BAC-L", "CIM-B", "SPY"]


async def test_that_a_new_trading_day_asks_for_the_previous_close_again(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        market.set_quote("CIM PRB", prev_close=24.99)
        hammer.stall()
        market.clock.advance(3 * 86_400)
        await until(lambda: sink.quotes["CIM PRB"].prev_close is None)
        assert sink.quotes["CIM PRB"].bid is not None
        hammer.resume()
        await until(lambda: sink.quotes["CIM PRB"].prev_close == 24.99)


@pytest.mark.parametrize(
    ("host", "is_warned"),
    [
        ("127.0.0.1", False),
        ("127.0.0.2", False),
        ("localhost", False),
        ("[::1]", False),
        ("192.168.1.20", True),
        ("hammer-pc", True),
        ("0.0.0.0", True),
    ],
)
async def test_that_a_password_that_leaves_this_computer_is_warned_about(
    sink: RecordingSink, market: Market, monkeypatch: pytest.MonkeyPatch, host: str, is_warned: bool
) -> None:
    tried = asyncio.Event()

    async def never_opens(*_: object, **_named: object) -> None:
        tried.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("psf_monitor.hammer.session.open_socket", never_opens)
    adapter = HammerAdapter(HammerProfile(host, 16400), HammerSinks(sink), market.clock)
    async with running(adapter):
        adapter.link.connect()
        await until(tried.is_set, what="an attempt")
        assert ("not encrypted" in str(adapter.link.status.warning)) is is_warned
