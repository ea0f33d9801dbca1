"""Figures, shares and data sources that HAMMER writes in another case or spelling."""

import json
from itertools import product

import msgspec
import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.messages import ProtocolError, Reply
from psf_monitor.hammer.prices.replies import snapshot_of
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.conftest import named_in_failure
from tests.hammer.passing_time import WatchedClock
from tests.hammer.prices.frames import LIVE, answer, asked_of, silent, update
from tests.hammer.running_adapter import Shown, connected, running
from tests.support.records import GUN, position
from tests.support.waiting import until


@pytest.mark.parametrize(
    "names",
    [
        {"Bid": 20.0, "Ask": 20.1, "Last": 20.05},
        {"BID": "20.0", "ASK": "20.1", "PRICE": "20.05"},
        {"bid": "", "BID": 20.0, "ask": "", "Ask": 20.1, "Price": 20.05},
    ],
)
async def test_that_figures_named_in_another_case_are_read(
    shown: Shown, hammer: SimHammer, names: dict[str, object]
) -> None:
    async with connected(shown.adapter):
        hammer.send_raw(update(**names))
        await until(lambda: (shown.row().bid, shown.row().ask, shown.row().last) == (20.0, 20.1, 20.05))


async def test_that_figures_in_another_case_that_cannot_be_read_make_the_row_old(
    shown: Shown, hammer: SimHammer
) -> None:
    async with connected(shown.adapter):
        hammer.unanswered.add("getSymbolSnapshot")
        hammer.send_raw(update(Bid={"price": 20.0}))
        await until(lambda: shown.states() == {QuoteState.FROZEN, QuoteState.LIVE})
        assert shown.state() is QuoteState.FROZEN
        assert "1 L1Update" in shown.warning


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"ask": "24,6", "bid": 24.5}, "ask '24,6'"), ({"bid": 20.0, "Bid": 20.1}, "unreadable L1Update")],
)
async def test_that_a_price_that_is_no_number_or_two_makes_the_row_old_and_is_named(
    shown: Shown, hammer: SimHammer, caplog: pytest.LogCaptureFixture, fields: dict[str, object], named: str
) -> None:
    async with connected(shown.adapter):
        hammer.unanswered.add("getSymbolSnapshot")
        hammer.send_raw(update(**fields))
        await until(lambda: shown.state() is QuoteState.FROZEN)
        assert "1 L1Update" in shown.warning
        assert named in caplog.text
        assert shown.state("SPY") is QuoteState.LIVE


async def test_that_a_field_that_is_not_known_is_named_once_and_costs_nothing(
    shown: Shown, hammer: SimHammer, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(shown.adapter):
        for bid in (20.0, 20.1):
            hammer.send_raw(update(volume=5, Bid=bid, ask=20.2, price=20.1, halted=True))
        await until(lambda: (shown.row().bid, shown.state()) == (20.1, QuoteState.LIVE))
        assert caplog.text.count("halted True") == 1
        assert shown.warning == ""


async def test_that_shares_sent_unasked_and_times_in_no_known_form_are_named_once(
    shown: Shown, hammer: SimHammer, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(shown.adapter):
        for bid in (20.0, 20.1):
            hammer.send_raw(update(sym="CIM.B", bid=bid))
            hammer.send_raw(update(bid=bid, ask=20.2, price=20.1, timeStamp="9/18/2026 11:00:00 AM"))
        await until(lambda: (shown.row().bid, shown.state()) == (20.1, QuoteState.LIVE))
        assert caplog.text.count("HAMMER sends CIM.B, which it was not asked for") == 1
        assert caplog.text.count("time of a price of CIM-B cannot be read") == 1
        shown.book.positions_replaced(GUN, [position("CIM PRB")])
        await until(lambda: hammer.commands("unsubscribe"))
        hammer.send_raw(update(sym="SPY", bid=600.0))
        hammer.send_raw(update(bid=20.15))
        await until(lambda: shown.row().bid == 20.15, what="what was sent after it")
        assert "HAMMER sends SPY" not in caplog.text


async def test_that_prices_of_no_share_make_every_row_old_until_hammer_has_answered(
    shown: Shown, hammer: SimHammer
) -> None:
    async with connected(shown.adapter):
        hammer.unanswered.add("getSymbolSnapshot")
        hammer.send_raw(update(sym="", bid=20.0))
        await until(lambda: shown.states() == {QuoteState.FROZEN})
        assert "1 L1Update" in shown.warning


@pytest.mark.parametrize("spelling", ["cim-b", " CIM-B ", "Cim-B"])
async def test_that_a_share_reported_in_another_spelling_is_the_share(
    shown: Shown, hammer: SimHammer, spelling: str
) -> None:
    async with connected(shown.adapter):
        hammer.send_raw(update(sym=spelling, bid=20.0, ask=20.1, price=20.05))
        await until(lambda: (shown.row().bid, shown.row().last) == (20.0, 20.05))


async def test_that_an_answer_in_another_spelling_is_the_answer(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        count = await silent(shown, hammer, market, clock)
        hammer.send_raw(json.dumps({"cmd": "L1Update", "result": {"sym": "SPY", "bid": 600.0}}))
        asked = await asked_of(hammer, "CIM-B", count + 1)
        hammer.send_raw(answer({**asked, "sym": "cim-b"}, bid=20.0, ask=20.1, last=20.05))
        await until(lambda: shown.state() is QuoteState.LIVE)
        assert (shown.row().bid, shown.row().last) == (20.0, 20.05)


async def test_that_an_accepted_share_in_another_spelling_is_not_refused(
    shown: Shown, hammer: SimHammer
) -> None:
    hammer.unanswered.add("subscribe")
    async with running(shown.adapter):
        shown.adapter.link.connect()
        await until(lambda: hammer.commands("subscribe"))
        asked = hammer.commands("subscribe")[0]
        fields = {"cmd": "subscribe", "reqID": asked["reqID"], "success": "OK"}
        hammer.send_raw(json.dumps({**fields, "result": {"subbed": ["cim-b", "spy", "Bac-L", "cim-b"]}}))
        await until(lambda: shown.states() == LIVE)


@pytest.mark.parametrize("state", ["Streaming", "idleOrStreaming", "Idle"])
async def test_that_a_data_source_that_runs_in_another_spelling_is_not_taken_for_stopped(
    shown: Shown, hammer: SimHammer, state: str
) -> None:
    async with connected(shown.adapter):
        fields = {"streamerID": "ALARICQ", "state": state}
        hammer.send_raw(json.dumps({"cmd": "dataStreamerStateUpdate", "result": fields}))
        await shown.clock.all_read()
        assert shown.states() == LIVE
        assert shown.warning == ""


async def test_that_the_data_source_is_known_in_another_case_too(shown: Shown, hammer: SimHammer) -> None:
    async with connected(shown.adapter):
        started = len(hammer.commands("startDataStreamer"))
        fields = {"streamerID": "alaricq", "state": "Disconnected"}
        hammer.send_raw(json.dumps({"cmd": "dataStreamerStateUpdate", "result": fields}))
        await until(lambda: len(hammer.commands("startDataStreamer")) > started, what="started again")


async def test_that_another_data_source_that_stops_is_no_matter_of_ours(
    shown: Shown, hammer: SimHammer
) -> None:
    async with connected(shown.adapter):
        fields = {"streamerID": "GSMQUOTES", "state": "Disconnected"}
        hammer.send_raw(json.dumps({"cmd": "dataStreamerStateUpdate", "result": fields}))
        await shown.clock.all_read()
        assert shown.states() == LIVE
        assert shown.link_state is LinkState.READY


def test_that_a_snapshot_means_the_same_in_the_usual_spelling_and_in_another() -> None:
    # Figures under the usual names are read in one go, unless any is in doubt; all others one by one.
    numbers = ("0", "-0.0", "24.5", "24", "1e3", "999999999.5", "1e9", "-1", "-5", "2147483647", "1e400")
    texts = ("", " 24.5", "+24.5", "5.", "nan", "Infinity", "null", "1_000", "1,000", "0x10", "true")
    strings = tuple(f'"{text}"' for text in (*numbers, *texts))
    figures = (*numbers[:-1], *strings, "null", "true", "[24.5]")
    names = ("bid", "ask", "last", "prevClose", "open", "high", "low", "volume", "change")
    for name, figure in product(names, figures):
        with named_in_failure(name, figure):
            assert snapshot_or_refusal(name, figure) == snapshot_or_refusal(name.upper(), figure)


def snapshot_or_refusal(name: str, figure: str) -> object:
    raw = msgspec.Raw(f'{{"sym": "CIM-B", "{name}": {figure}}}'.encode())
    try:
        return snapshot_of(Reply("getSymbolSnapshot", "1", is_ok=True, result=raw))
    except ProtocolError as error:
        return error.kind
