"""A price that is shown as live is live: what happens when prices stop, lag, or come out of order."""

from dataclasses import replace

import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.errors import no_password
from psf_monitor.hammer.pending_requests import PRICE_WAIT_S
from psf_monitor.sim.hammer.faults import unsolicited
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import (
    KNOWN,
    QUICK,
    RecordingSink,
    Shown,
    adapter_of,
    connected,
    running,
    settled,
)
from tests.support.records import GUN
from tests.support.waiting import until

LIVE, FROZEN, LATE = {QuoteState.LIVE}, {QuoteState.FROZEN}, {QuoteState.LATE}


async def test_that_after_a_silence_the_answer_is_newer(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.is_mute = True
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 24)
        assert shown.states() == FROZEN
        # It sends and answers again, but its stream is empty.
        hammer.faults.unsent.update(("CIM-B", "SPY", "BAC-L"))
        hammer.faults.is_mute = False
        await time_passes(market, clock, 16)
        await until(lambda: shown.states() == LIVE)
        assert (shown.row().bid, shown.row().last) == (20.0, 20.05)


async def test_that_a_row_stays_frozen_until_a_price_of_it_was_taken(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.is_mute = True
        await time_passes(market, clock, 24)
        hammer.faults.unanswered_symbols.add("SPY")
        hammer.faults.unsent.add("SPY")
        hammer.faults.is_mute = False
        market.set_quote("SPY", bid=600.0)
        market.set_quote("CIM PRB", bid=24.51)
        await until(lambda: shown.state("CIM PRB") is QuoteState.LIVE)
        assert shown.state("SPY") is QuoteState.FROZEN
        hammer.faults.unanswered_symbols.clear()
        await time_passes(market, clock, 24)
        await until(lambda: shown.state("SPY") is QuoteState.LIVE)
        assert shown.row("SPY").bid == 600.0


async def test_that_part_of_a_quote_is_not_a_quote(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.is_mute = True
        await time_passes(market, clock, 24)
        hammer.faults.is_mute = False
        hammer.unanswered.update(("getSymbolSnapshot", "subscribe"))
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","bid":20.0}}')
        await until(lambda: shown.row().bid == 20.0)
        assert shown.state() is QuoteState.FROZEN
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","ask":20.1,"price":20.05}}')
        await until(lambda: shown.state() is QuoteState.LIVE)
        # Figures that were not sent again are unknown.
        assert (shown.row().bid_size, shown.row().volume, shown.row().high) == (None, None, None)


async def test_that_nothing_is_valued_by_the_part_of_a_new_quote_that_came_first(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    shown = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=0.2))
    async with connected(shown.adapter):
        hammer.faults.unanswered_symbols.add("CIM-B")
        hammer.faults.unsent.add("CIM-B")
        hammer.close_all()
        await until(lambda: shown.state("SPY") is QuoteState.FROZEN)
        await until(lambda: shown.state("SPY") is QuoteState.LIVE)
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","bid":20.0}}')
        await until(lambda: (shown.row().bid, shown.state()) == (20.0, QuoteState.LIVE))
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","ask":20.1}}')
        await until(lambda: shown.row().ask == 20.1)
        # HAMMER has a last price but has not sent it yet.
        assert (shown.row().mark, shown.row().market_value, shown.row().unrealized_pnl) == (None,) * 3
        assert shown.book.totals([GUN]).without_quote == 1
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","price":20.02}}')
        await until(lambda: shown.row().mark == 20.02)
        assert shown.book.totals([GUN]).without_quote == 0


async def test_that_a_price_that_nobody_confirmed_while_others_were_awaited_does_not_begin_as_live(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    slow = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=600.0))
    hammer.faults.unanswered_symbols.add("SPY")
    async with running(slow.adapter):
        slow.adapter.link.connect()
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) == len(KNOWN))
        await clock.all_read()
        hammer.faults.unsent.add("CIM-B")
        hammer.faults.unanswered_symbols.add("CIM-B")
        await time_passes(market, clock, PRICE_WAIT_S + 4)
        await until(lambda: slow.link_state is LinkState.READY)
        assert slow.state() is QuoteState.FROZEN


async def test_that_a_price_of_while_the_data_source_stood_still_does_not_go_on_as_live(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.start_answer = ("fail", "not now")
        hammer.stop_streamer()
        await time_passes(market, clock, 20)
        hammer.faults.unanswered_symbols.add("CIM-B")
        hammer.faults.unsent.add("CIM-B")
        await time_passes(market, clock, 48)
        hammer.faults.start_answer = None
        while shown.state("SPY") is not QuoteState.LIVE:
            await time_passes(market, clock, 1)
        assert shown.state() is QuoteState.FROZEN


@pytest.mark.parametrize("figures", ['"volume":7000', '"bidSize":3,"askSize":4', '"size":100,"price":""'])
async def test_that_sizes_and_volume_keep_no_price_alive(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, figures: str
) -> None:
    async with connected(shown.adapter):
        received_at = market.clock()
        hammer.faults.unsent.add("CIM-B")
        hammer.faults.unanswered_symbols.add("CIM-B")
        for _ in range(6):
            hammer.send_raw(f'{{"cmd":"L1Update","result":{{"sym":"CIM-B",{figures}}}}}')
            market.set_quote("SPY", bid=market.security("SPY").bid - 0.01)
            await time_passes(market, clock, 4)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.row().quote_as_of == received_at
        assert shown.state("SPY") is QuoteState.LIVE


async def test_that_a_price_that_was_answered_is_shown_though_the_stream_reports_sizes_alone(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.unsent.add("CIM-B")
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        asked = len(hammer.commands("getSymbolSnapshot"))
        hammer.stall()
        await time_passes(market, clock, 16)
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) > asked)
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","bidSize":3,"volume":9000}}')
        await until(lambda: shown.row().volume == 9000)
        hammer.resume()
        await until(lambda: (shown.row().bid, shown.row().last) == (20.0, 20.05))
        assert shown.row().volume == 9000


@pytest.mark.parametrize("is_symbol_lost", [False, True])
async def test_that_quotes_that_cannot_be_read_are_reported_and_their_rows_are_old_until_answered(
    shown: Shown, hammer: SimHammer, market: Market, *, is_symbol_lost: bool
) -> None:
    async with connected(shown.adapter):
        hammer.faults.spoils_updates, hammer.faults.spoils_symbols = True, is_symbol_lost
        hammer.unanswered.add("getSymbolSnapshot")
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.state("SPY") is (QuoteState.FROZEN if is_symbol_lost else QuoteState.LIVE)
        assert shown.warning == (
            "Messages of HAMMER that could not be read are missing here: 1 L1Update. See the log. "
            "Record the wires (View) and it can be seen again."
        )


async def test_that_a_quote_that_could_not_be_read_is_asked_for(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.spoils_updates = True
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 16)
        await until(lambda: shown.row().bid == 20.0 and shown.states() == LIVE)


async def test_that_a_warning_about_prices_is_shown_beside_the_one_about_the_line(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    # It leads to this computer, too, but might as well be another one's name.
    shown = Shown.of(hammer, market, clock, host="127.1")
    async with connected(shown.adapter):
        hammer.faults.spoils_updates = True
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await until(lambda: "could not be read" in shown.warning)
        assert "not encrypted" in shown.warning


async def test_that_a_hammer_without_sizes_is_a_hammer(
    shown: Shown, hammer: SimHammer, market: Market
) -> None:
    hammer.faults.sends_sizes = False
    async with connected(shown.adapter):
        assert shown.states() == LIVE
        market.set_quote("CIM PRB", bid=24.51, bid_size=700)
        await until(lambda: shown.row().bid == 24.51)
        assert (shown.row().bid_size, shown.row().ask_size) == (None, None)
        assert shown.warning == ""


async def test_that_a_print_of_the_stream_carries_its_venue(
    sink: RecordingSink, adapter: HammerAdapter, hammer: SimHammer
) -> None:
    async with connected(adapter):
        for name, venue, size in (("venue", "NYSE", 37), ("exchange", "FNRA", 38)):
            update = f'{{"sym":"CIM-B","price":24.5,"size":{size},"{name}":"{venue}"}}'
            hammer.send_raw(f'{{"cmd":"L1Update","result":{update}}}')
            reported = (size, venue)
            await until(lambda: reported in [(p.size, p.venue) for p in sink.prints.get("CIM PRB", ())])  # noqa: B023


async def test_that_documented_messages_give_no_warning_and_unknown_ones_are_reported_once_per_kind(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(adapter):
        for _ in range(2):
            for frame in unsolicited():
                hammer.send_raw(frame)
            hammer.send_raw('{"cmd":"oneThing"}')
            hammer.send_raw('{"cmd":"another"}')
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":11.11}}')
        await until(lambda: sink.quotes["SPY"].bid == 11.11)
    warned = [r.getMessage() for r in caplog.records if r.name.startswith("psf_monitor.hammer")]
    assert len(warned) == 2
    assert "oneThing" in warned[0]
    assert "another" in warned[1]


async def test_that_without_a_password_one_is_asked_for(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = adapter_of(hammer, sink, market.clock, password="")
    async with running(adapter):
        adapter.link.connect()
        assert await settled(adapter) is LinkState.FAILED
        assert adapter.link.status.problem == no_password()
        assert "refused" not in str(no_password())


async def test_that_a_restart_with_one_answer_missing_leaves_that_row_old(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    shown = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=0.2))
    async with connected(shown.adapter):
        hammer.faults.unsent.add("CIM-B")
        hammer.faults.unanswered_symbols.add("CIM-B")
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        hammer.close_all()
        await until(lambda: len(hammer.commands("connect")) == 2)
        await until(lambda: shown.link_state is LinkState.READY)
        assert shown.state("SPY") is QuoteState.LIVE
        assert shown.state() is QuoteState.FROZEN
        assert shown.row().bid == 24.52
        hammer.faults.unanswered_symbols.clear()
        await time_passes(market, clock, 24)
        await until(lambda: shown.row().bid == 20.0 and shown.states() == LIVE)
