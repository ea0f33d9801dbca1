"""A price that is shown as live is live: what happens when prices stop, lag, or come out of order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.errors import no_password
from psf_monitor.hammer.requests import PRICE_WAIT_S
from psf_monitor.sim.hammer.faults import unasked
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.far_side import KNOWN, QUICK, RecordingSink, Shown, adapter_of, connected, running, settled
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.records import GUN, position
from tests.waiting import until

LIVE, FROZEN, LATE = {QuoteState.LIVE}, {QuoteState.FROZEN}, {QuoteState.LATE}


async def test_that_after_a_silence_the_answer_is_the_newer_word(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.is_mute = True
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 24)
        assert shown.states() == FROZEN
        # It talks again and answers; its stream tells nothing.
        hammer.faults.untold.update(("CIM-B", "SPY", "BAC-L"))
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
        hammer.faults.untold.add("SPY")
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
        # What was not told again is not known.
        assert (shown.row().bid_size, shown.row().volume, shown.row().high) == (None, None, None)


async def test_that_nothing_is_valued_by_the_part_of_a_new_quote_that_came_first(
    shown: Shown, hammer: SimHammer
) -> None:
    async with connected(shown.adapter):
        hammer.faults.unanswered_symbols.add("CIM-B")
        hammer.faults.untold.add("CIM-B")
        hammer.close_all()
        await until(lambda: shown.state("SPY") is QuoteState.FROZEN)
        await until(lambda: shown.state("SPY") is QuoteState.LIVE)
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","bid":20.0}}')
        await until(lambda: (shown.row().bid, shown.state()) == (20.0, QuoteState.LIVE))
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","ask":20.1}}')
        await until(lambda: shown.row().ask == 20.1)
        # HAMMER has a last, and has not told it yet.
        assert (shown.row().mark, shown.row().market_value, shown.row().unrealized_pnl) == (None,) * 3
        assert shown.book.totals([GUN]).without_quote == 1
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","price":20.02}}')
        await until(lambda: shown.row().mark == 20.02)
        assert shown.book.totals([GUN]).without_quote == 0


async def test_that_quiet_shares_whose_answers_agree_stay_live_and_nothing_is_said(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(shown.adapter):
        hammer.is_dry = True
        asked = len(hammer.commands("getSymbolSnapshot"))
        for _ in range(10):
            await time_passes(market, clock, 8)
            assert shown.states() == LIVE
            assert shown.link_state is LinkState.READY
            assert shown.warning == ""
        assert len(hammer.commands("getSymbolSnapshot")) >= asked + 3 * 4
        assert len(hammer.commands("subscribe")) == 1
    assert not [r for r in caplog.records if r.name.startswith("psf_monitor.hammer")]


async def test_that_a_stream_that_does_not_tell_what_is_answered_is_subscribed_again_and_said(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(shown.adapter):
        hammer.faults.untold.update(("CIM-B", "SPY", "BAC-L"))
        hammer.send_raw('{"cmd":"heartbeat"}')
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 28)
        await until(lambda: shown.row().bid == 20.0)
        await until(lambda: len(hammer.commands("subscribe")) == 2)
        assert shown.states() == LIVE
        assert shown.warning.startswith("HAMMER's stream does not tell the prices of CIM-B. ")
        assert "stream has failed" in caplog.text
        hammer.faults.untold.clear()
        market.set_quote("CIM PRB", bid=20.01)
        await time_passes(market, clock, 4)
        await until(lambda: shown.warning == "")


async def test_that_one_share_that_the_stream_forgot_is_found_while_others_stream(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.untold.add("CIM-B")
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        for step in range(8):
            market.set_quote("SPY", bid=600.0 + step / 100)
            await time_passes(market, clock, 4)
        await until(lambda: shown.row().bid == 20.0)
        await until(lambda: len(hammer.commands("subscribe")) == 2)
        assert "CIM-B" in hammer.commands("subscribe")[1]["sym"]


async def test_that_a_share_for_which_hammer_does_not_answer_is_old_alone(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        told_at = shown.row().quote_changed_at
        assert told_at is not None
        heard_at = market.clock()
        hammer.faults.untold.add("CIM-B")
        hammer.faults.unanswered_symbols.add("CIM-B")
        for step in range(6):
            market.set_quote("SPY", bid=600.0 + step / 100)
            await time_passes(market, clock, 4)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.row().quote_as_of == heard_at
        assert (shown.state("SPY"), shown.state("BAC PRL")) == (QuoteState.LIVE, QuoteState.LIVE)
        assert shown.link_state is LinkState.READY


async def test_that_a_price_that_nobody_confirmed_while_others_were_awaited_does_not_begin_as_live(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    slow = Shown.of(hammer, market, clock, timing=replace(QUICK, settle_s=600.0))
    hammer.faults.unanswered_symbols.add("SPY")
    async with running(slow.adapter):
        slow.adapter.link.connect()
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) == len(KNOWN))
        await clock.all_read()
        hammer.faults.untold.add("CIM-B")
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
        hammer.faults.untold.add("CIM-B")
        await time_passes(market, clock, 48)
        hammer.faults.start_answer = None
        while shown.state("SPY") is not QuoteState.LIVE:
            await time_passes(market, clock, 1)
        assert shown.state() is QuoteState.FROZEN


async def test_that_many_quiet_shares_are_each_asked_for_in_time(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    holdings = [each for account in ("U1240821", "U1770037") for each in market.holdings_of(account)]
    held = {each.security.hammer_symbol: each.security.local_symbol for each in holdings}
    names = [name for name in held if name is not None]
    book = Book(market.clock)
    book.accounts_named(GUN, ["U1240821"])
    book.positions_replaced(GUN, [position(held[name], con_id=n) for n, name in enumerate(names, 1)])
    adapter = adapter_of(hammer, book, clock, silent_after_s=5.0)
    book.when_symbols_change(adapter.want)
    shown = Shown(book, adapter, clock)
    async with connected(adapter):
        hammer.faults.untold.update(name for name in names if name != "SPY")
        for _ in range(6):
            market.set_quote("SPY", bid=market.security("SPY").bid - 0.01)
            await time_passes(market, clock, 4, step_s=1.0)
            assert shown.states() == LIVE
            said_at = [max(each.at for each in hammer.told[name].values()) for name in names]
            assert market.clock() - min(said_at) <= timedelta(seconds=5 + 2)


async def test_that_who_fell_silent_before_the_open_is_old_in_the_session_as_of_its_last_word(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    # From Friday 14:26 to Monday 06:00.
    market.clock.advance(2 * 86_400 + 15 * 3600 + 34 * 60)
    shown = Shown.of(hammer, market, clock, silent_after_s=600.0)
    async with connected(shown.adapter):
        told_at = market.clock()
        hammer.faults.is_mute = True
        # To 09:50: the line is there, its pings are answered, and no word comes.
        await time_passes(market, clock, 230 * 60, step_s=590.0)
        await until(lambda: shown.states() == FROZEN)
        assert shown.row().quote_as_of == told_at
        assert shown.link_state is LinkState.SILENT


@pytest.mark.parametrize("figures", ['"volume":7000', '"bidSize":3,"askSize":4', '"size":100,"price":""'])
async def test_that_sizes_and_volume_keep_no_price_alive(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, figures: str
) -> None:
    async with connected(shown.adapter):
        told_at = market.clock()
        hammer.faults.untold.add("CIM-B")
        hammer.faults.unanswered_symbols.add("CIM-B")
        for _ in range(6):
            hammer.send_raw(f'{{"cmd":"L1Update","result":{{"sym":"CIM-B",{figures}}}}}')
            market.set_quote("SPY", bid=market.security("SPY").bid - 0.01)
            await time_passes(market, clock, 4)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.row().quote_as_of == told_at
        assert shown.state("SPY") is QuoteState.LIVE


async def test_that_a_price_that_was_answered_is_shown_though_the_stream_tells_sizes_alone(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.untold.add("CIM-B")
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


async def test_that_a_data_source_that_stops_is_started_again_and_said(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.unanswered.add("startDataStreamer")
        hammer.stop_streamer("Disconnected")
        await until(lambda: shown.states() == FROZEN)
        assert "ALARICQ has stopped: it says 'Disconnected'" in shown.warning
        assert shown.link_state is LinkState.SILENT
        # Answers are no stream.
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 20)
        assert shown.states() == FROZEN
        hammer.unanswered.clear()
        await time_passes(market, clock, 12)
        await until(lambda: shown.states() == LIVE)
        assert shown.row().bid == 20.0
        assert shown.warning == ""
        assert len(hammer.commands("connect")) == 1


@pytest.mark.parametrize("is_symbol_lost", [False, True])
async def test_that_quotes_that_cannot_be_read_are_said_and_their_rows_are_old_until_answered(
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


@pytest.mark.parametrize("words", ["busy, try again", "the data streamer is not ready"])
async def test_that_a_subscription_that_was_not_taken_is_said_and_asked_again(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, words: str
) -> None:
    hammer.faults.busy, hammer.faults.busy_words = 2, words
    async with connected(shown.adapter):
        await until(lambda: words in shown.warning)
        assert "has not taken the subscription of 3 symbols (BAC-L, CIM-B, SPY)" in shown.warning
        await time_passes(market, clock, 12)
        await until(lambda: hammer.subscribed == {"BAC-L", "CIM-B", "SPY"})
        await until(lambda: shown.warning == "")
        assert shown.book.position_rows()
        assert shown.states() == LIVE


async def test_that_a_warning_of_prices_stands_beside_the_one_of_the_line(
    shown: Shown, hammer: SimHammer, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psf_monitor.hammer.adapter._is_this_computer", lambda _host: False)
    async with connected(shown.adapter):
        hammer.faults.spoils_updates = True
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await until(lambda: "could not be read" in shown.warning)
        assert "not encrypted" in shown.warning


async def test_that_a_subscription_without_an_answer_is_asked_again(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.unanswered.add("subscribe")
        shown.book.positions_replaced(GUN, [position(s) for s in (*KNOWN, "MS PRK")])
        await until(lambda: len(hammer.commands("subscribe")) == 2)
        await time_passes(market, clock, 12)
        await until(lambda: "no answer in 10 s" in shown.warning)
        hammer.unanswered.clear()
        await time_passes(market, clock, 12)
        await until(lambda: "MS-K" in hammer.subscribed)
        await until(lambda: shown.state("MS PRK") is QuoteState.LIVE)
        assert shown.warning == ""


async def test_that_what_a_sleeping_computer_missed_is_old_until_it_is_told_again(
    shown: Shown, hammer: SimHammer, market: Market
) -> None:
    async with connected(shown.adapter):
        heard_at = market.clock()
        hammer.faults.is_mute = True
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        market.clock.advance(70)
        await until(lambda: shown.states() == FROZEN)
        assert shown.row().quote_as_of == heard_at
        market.clock.advance(5)
        await until(lambda: shown.link_state is LinkState.SILENT)
        assert shown.book.prices.frozen_since == shown.adapter.link.status.since == heard_at
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
    adapter.want(KNOWN)
    async with connected(adapter):
        offset = jump
        seen = looks
        await until(lambda: looks > seen + 12)
        assert sink.told == ["live"]
        assert adapter.link.status.state is LinkState.READY


async def test_that_silence_is_found_though_the_clock_stands_still(
    hammer: SimHammer, market: Market, sink: RecordingSink
) -> None:
    now_s = 0.0
    adapter = adapter_of(hammer, sink, market.clock, elapsed_s=lambda: now_s)
    adapter.want(KNOWN)
    async with connected(adapter):
        hammer.faults.is_mute = True
        asked = len(hammer.commands("getSymbolSnapshot"))
        now_s = 14.0
        assert len(hammer.commands("getSymbolSnapshot")) == asked
        now_s = 15.0
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) == asked + 3)
        now_s = 20.0
        await until(lambda: sink.told == ["live", "frozen"])


async def test_that_a_line_without_pongs_lives_while_quotes_come(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    hammer.faults.answers_pings = False
    async with connected(shown.adapter):
        for step in range(30):
            market.set_quote("SPY", bid=600.0 + step / 100)
            await time_passes(market, clock, 4)
        assert len(hammer.commands("connect")) == 1
        assert shown.link_state is LinkState.READY


async def test_that_a_line_on_which_nothing_comes_is_closed_by_us_and_that_is_said(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    # After the close nothing but the line itself tells that HAMMER is there.
    market.clock.advance(3 * 3600)
    async with connected(shown.adapter):
        told: list[str] = []
        shown.adapter.link.when_changed(lambda: told.append(str(shown.adapter.link.status.problem or "")))
        heard_at = market.clock()
        hammer.faults.is_mute, hammer.faults.answers_pings = True, False
        await time_passes(market, clock, 32)
        assert not any(told)
        market.clock.advance(30)
        await until(lambda: any(told))
        said = next(filter(None, told))
        assert said.startswith("No word of HAMMER since 17:26:00.")
        assert "psf_monitor closed the line to open another" in said
        assert shown.book.prices.frozen_since == heard_at
        assert shown.adapter.link.status.lost_at == heard_at


async def test_that_pings_alone_keep_a_quiet_line(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    market.clock.advance(3 * 3600)
    async with connected(shown.adapter):
        hammer.is_dry = True
        await time_passes(market, clock, 200)
        assert len(hammer.commands("connect")) == 1


async def test_that_a_price_that_is_late_by_hammers_own_time_is_marked_with_how_late(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    hammer.faults.stamp_lag_s = 300.0
    async with connected(shown.adapter):
        # What it tells first may have stood for as long.
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
        # The one is told and the other waited for, then the other way round.
        hammer.faults.untold = hammer.faults.unanswered_symbols = {"CIM-B"}
        hammer.close_all()
        market.set_quote("SPY", bid=600.0)
        await until(lambda: shown.row("SPY").bid == 600.0)
        hammer.faults.untold = hammer.faults.unanswered_symbols = {"SPY"}
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


async def test_that_a_share_whose_close_is_asked_for_ever_more_rarely_is_asked_for_its_price_as_ever(
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
        hammer.faults.untold.add("CIM-B")
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


@pytest.mark.parametrize(
    "answer",
    [("fail", "already started"), ("fail", {"reason": "data streamer is already running"}), ("??", {})],
)
async def test_that_a_start_that_is_not_answered_ok_is_not_given_up(
    shown: Shown, hammer: SimHammer, answer: tuple[str, object]
) -> None:
    hammer.faults.start_answer = answer
    async with connected(shown.adapter):
        await until(lambda: shown.states() == LIVE)
        assert shown.warning == ""


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
            told = (size, venue)
            await until(lambda: told in [(p.size, p.venue) for p in sink.prints.get("CIM PRB", ())])  # noqa: B023


async def test_that_documented_news_is_no_warning_and_unknown_messages_are_told_once_a_kind(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(adapter):
        for _ in range(2):
            for frame in unasked():
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
        hammer.faults.untold.add("CIM-B")
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
