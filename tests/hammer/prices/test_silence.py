"""Who fell silent: shares, data sources and lines of which nothing comes, and what is asked then."""

from datetime import timedelta

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import KNOWN, Shown, adapter_of, connected, follow
from tests.support.records import GUN, position
from tests.support.waiting import until

LIVE, FROZEN, LATE = {QuoteState.LIVE}, {QuoteState.FROZEN}, {QuoteState.LATE}


async def test_that_quiet_shares_whose_answers_agree_stay_live_and_nothing_is_reported(
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


async def test_that_answers_that_agree_work_out_no_row_and_are_what_an_old_price_is_as_of(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.is_dry = True
        await time_passes(market, clock, 20)
        assert shown.states() == LIVE
        revision, answered = shown.book.revision, len(hammer.commands("getSymbolSnapshot"))
        await time_passes(market, clock, 20)
        assert len(hammer.commands("getSymbolSnapshot")) >= answered + len(KNOWN)
        assert shown.book.revision == revision
        received_at = max(each.at for each in hammer.sent_prices["CIM-B"].values())
        hammer.close_all()
        await until(lambda: shown.states() == FROZEN)
        assert shown.row().quote_as_of == received_at


async def test_that_a_stream_that_misses_what_answers_show_is_resubscribed_and_reported(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(shown.adapter):
        hammer.faults.unsent.update(("CIM-B", "SPY", "BAC-L"))
        hammer.send_raw('{"cmd":"heartbeat"}')
        market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await time_passes(market, clock, 28)
        await until(lambda: shown.row().bid == 20.0)
        await until(lambda: len(hammer.commands("subscribe")) == 2)
        assert shown.states() == LIVE
        assert shown.warning.startswith("HAMMER's stream does not send the prices of CIM-B. ")
        assert "stream has failed" in caplog.text
        hammer.faults.unsent.clear()
        market.set_quote("CIM PRB", bid=20.01)
        await time_passes(market, clock, 4)
        await until(lambda: shown.warning == "")


async def test_that_one_share_that_the_stream_forgot_is_found_while_others_stream(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        hammer.faults.unsent.add("CIM-B")
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
        received_at = shown.row().quote_changed_at
        assert received_at is not None
        received_at = market.clock()
        hammer.faults.unsent.add("CIM-B")
        hammer.faults.unanswered_symbols.add("CIM-B")
        for step in range(6):
            market.set_quote("SPY", bid=600.0 + step / 100)
            await time_passes(market, clock, 4)
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert shown.row().quote_as_of == received_at
        assert (shown.state("SPY"), shown.state("BAC PRL")) == (QuoteState.LIVE, QuoteState.LIVE)
        assert shown.link_state is LinkState.READY


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
    follow(book, adapter)
    shown = Shown(book, adapter, clock)
    async with connected(adapter):
        hammer.faults.unsent.update(name for name in names if name != "SPY")
        for _ in range(6):
            market.set_quote("SPY", bid=market.security("SPY").bid - 0.01)
            await time_passes(market, clock, 4, step_s=1.0)
            assert shown.states() == LIVE
            sent_at = [max(each.at for each in hammer.sent_prices[name].values()) for name in names]
            assert market.clock() - min(sent_at) <= timedelta(seconds=5 + 2)


async def test_that_a_share_silent_since_before_the_open_is_old_as_of_its_last_report(
    hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    # From Friday 14:26 to Monday 06:00.
    market.clock.advance(2 * 86_400 + 15 * 3600 + 34 * 60)
    shown = Shown.of(hammer, market, clock, silent_after_s=600.0)
    async with connected(shown.adapter):
        received_at = market.clock()
        hammer.faults.is_mute = True
        # To 09:50: the line is there, its pings are answered, and no word comes.
        await time_passes(market, clock, 230 * 60, step_s=590.0)
        await until(lambda: shown.states() == FROZEN)
        assert shown.row().quote_as_of == received_at
        assert shown.link_state is LinkState.SILENT


async def test_that_a_data_source_that_stops_is_restarted_and_reported(
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


@pytest.mark.parametrize("text", ["busy, try again", "the data streamer is not ready"])
async def test_that_a_subscription_that_was_not_taken_is_reported_and_asked_again(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock, text: str
) -> None:
    hammer.faults.busy, hammer.faults.busy_reason = 2, text
    async with connected(shown.adapter):
        await until(lambda: text in shown.warning)
        assert "has not taken the subscription of 3 symbols (BAC-L, CIM-B, SPY)" in shown.warning
        await time_passes(market, clock, 12)
        await until(lambda: hammer.subscribed == {"BAC-L", "CIM-B", "SPY"})
        await until(lambda: shown.warning == "")
        assert shown.book.position_rows()
        assert shown.states() == LIVE


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


async def test_that_a_line_without_pongs_stays_alive_while_quotes_arrive(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    hammer.faults.answers_pings = False
    async with connected(shown.adapter):
        for step in range(30):
            market.set_quote("SPY", bid=600.0 + step / 100)
            await time_passes(market, clock, 4)
        assert len(hammer.commands("connect")) == 1
        assert shown.link_state is LinkState.READY


async def test_that_a_line_on_which_nothing_comes_is_closed_by_us_and_that_is_reported(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    # After the close only the line itself shows that HAMMER is there.
    market.clock.advance(3 * 3600)
    async with connected(shown.adapter):
        reported: list[str] = []
        shown.adapter.link.when_changed(lambda: reported.append(str(shown.adapter.link.status.problem or "")))
        received_at = market.clock()
        hammer.faults.is_mute, hammer.faults.answers_pings = True, False
        await time_passes(market, clock, 32)
        assert not any(reported)
        market.clock.advance(30)
        await until(lambda: any(reported))
        text = next(filter(None, reported))
        assert text.startswith("No word of HAMMER since 17:26:00.")
        assert "psf_monitor closed the line to open another" in text
        assert shown.book.prices.frozen_since == received_at
        assert shown.adapter.link.status.lost_at == received_at


async def test_that_pings_alone_keep_a_quiet_line(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    market.clock.advance(3 * 3600)
    async with connected(shown.adapter):
        hammer.is_dry = True
        await time_passes(market, clock, 200)
        assert len(hammer.commands("connect")) == 1


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
