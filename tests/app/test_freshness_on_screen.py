"""What is shown as live is live: in rows, sums, strips, cards and banners, and for other programs."""

import re
from pathlib import Path

import pytest

from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.market_hours import clock_text
from tests.app.on_screen import HAMMER, WATCHFUL, OnScreen, on_screen
from tests.conftest import ExpectedErrors
from tests.ibkr.running_connector import NEVER
from tests.support.records import GUN, PED
from tests.support.waiting import limits_run_out, until

pytestmark = pytest.mark.usefixtures("qapp")

DASH = "—"
ALL = ("CIM-B", "SPY", "BAC-L")


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """ib_insync logs TWS's messages, and a lost line, as errors."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")


async def is_all_old(product: OnScreen) -> None:
    """Check that everything made of HAMMER's prices is marked, and that programs get none."""
    moment = await product.now()
    for (mode, symbol), cells in moment.positions.items():
        for key in (
            "bid",
            "ask",
            "last",
            "change",
            "prev_close",
            "market_value",
            "unrealized_pnl",
            "day_pnl",
        ):
            assert cells[key].is_old, (mode, symbol, key)
        assert cells["last"].is_struck
        assert not cells["quantity"].is_old
    for key in ("bid", "ask", "to_fill", "to_touch"):
        assert moment.order_cell(key)[1], key
    assert moment.order_cell("where")[0] == "Frozen"
    assert moment.total_is_old
    for title in ("GUN", "PED", "Total"):
        for caption in ("Day P&L", "Unrlzd P&L"):
            assert moment.strips[title][caption][1], (title, caption)
        assert not moment.strips[title]["Net liq"][1]
    for reported in moment.reported.values():
        assert reported["quote_state"] == "FROZEN"
        assert reported["quote_as_of"] is not None
        assert reported["price_status"] == "STALE"
        figures = ("current_price", "timestamp", "bid", "ask", "market_value", "unrealized_pnl", "day_pnl")
        assert [reported[name] for name in figures] == [None] * len(figures)
    assert moment.reported_orders["CIM PRB"]["quote_state"] == "FROZEN"
    assert not moment.reported_orders["CIM PRB"]["near_fill"]


async def is_all_current(product: OnScreen, bid: float, ask: float, last: float) -> None:
    """Check that CIM PRB is there, that every figure of it is current, and that nothing is reported."""
    moment = await product.now()
    value = round(100 * min(max(last, bid), ask))
    for mode in (GUN, PED):
        shown = [moment.cell(key, mode=mode) for key in ("bid", "ask", "last", "market_value")]
        assert shown == [
            (f"{bid:.2f}", False),
            (f"{ask:.2f}", False),
            (f"{last:.2f}", False),
            (f"{value:,}", False),
        ]
        reported = moment.reported[mode.value, "CIM PRB"]
        assert (reported["bid"], reported["ask"], reported["quote_state"]) == (bid, ask, "LIVE")
        assert (reported["current_price"], reported["market_value"]) == (min(max(last, bid), ask), value)
        assert (reported["quote_as_of"], reported["quote_late_s"]) == (None, None)
    assert moment.order_cell("bid") == (f"{bid:.2f}", False)
    assert not moment.total_is_old
    assert not any(is_old for strip in moment.strips.values() for _text, is_old in strip.values())
    assert moment.total["market_value"] == moment.strips["Total"]["Mkt value"][0]
    assert moment.chip == ""
    assert moment.banners == ""
    assert ", Connected, " in moment.cards[HAMMER]


async def test_that_a_silence_marks_all_and_that_the_answer_after_it_is_newer(
    tmp_path: Path,
) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        await is_all_current(product, 24.52, 24.6, 24.55)
        since = clock_text(product.market.clock())
        product.hammer.faults.is_mute = True
        product.market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await product.time_passes(24)
        await until(lambda: product.cell("last") == ("24.55", True))
        await is_all_old(product)
        moment = await product.now()
        assert moment.chip == "ALL QUOTES FROZEN"
        assert f"frozen since {since}" in moment.banners
        assert f"Old: HAMMER's last word of it was at {since} ET" in product.order_tooltip("where")
        assert "No quotes for " in moment.cards[HAMMER]
        # It sends and answers again, but its stream does not contain the share.
        product.hammer.faults.unsent.update(ALL)
        product.hammer.faults.is_mute = False
        await product.time_passes(16)
        await until(lambda: product.cell("last") == ("20.05", False))
        await until(lambda: product.cell("last", "SPY")[1] is False)
        await is_all_current(product, 20.0, 20.1, 20.05)


async def test_that_only_a_row_without_news_stays_marked_and_the_sums_with_it(
    tmp_path: Path,
) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        product.hammer.faults.unsent.add("SPY")
        product.hammer.faults.unanswered_symbols.add("SPY")
        received_at = product.market.clock()
        for step in range(6):
            product.market.set_quote("CIM PRB", bid=24.5 + step / 100)
            await product.time_passes(4)
        await until(lambda: product.cell("last", "SPY")[1])
        moment = await product.now()
        assert moment.cell("last")[1] is False
        assert moment.total_is_old
        assert moment.strips["GUN"]["Day P&L"][1]
        assert moment.strips["Total"]["Mkt value"][1]
        assert not moment.strips["PED"]["Day P&L"][1]
        assert moment.chip == "1 still frozen SPY not reported again by HAMMER"
        assert moment.reported[GUN.value, "SPY"]["quote_as_of"] == received_at.isoformat()
        assert moment.reported[GUN.value, "CIM PRB"]["current_price"] is not None
        assert f"HAMMER's last word of it was at {clock_text(received_at)} ET" in product.tooltip(
            "age", "SPY"
        )


async def test_that_a_stream_of_heartbeats_alone_is_found_out_by_the_answers_and_reported(
    tmp_path: Path,
) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        product.hammer.faults.unsent.update(ALL)
        product.market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        for _ in range(7):
            product.hammer.send_raw('{"cmd":"heartbeat"}')
            await product.time_passes(4)
        await until(lambda: product.cell("last") == ("20.05", False))
        moment = await product.now()
        assert "HAMMER's stream does not send the prices of CIM-B." in moment.banners
        assert "HAMMER's stream does not send the prices of CIM-B." in moment.cards[HAMMER]
        assert "does not send the prices of CIM-B" in moment.reported_by_hammer
        assert moment.reported[GUN.value, "CIM PRB"]["current_price"] == 20.05


async def test_that_five_quiet_shares_whose_answers_agree_raise_no_alarm(tmp_path: Path) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        product.hammer.faults.unsent.update(ALL)
        for _ in range(5):
            await product.time_passes(8)
            await is_all_current(product, 24.52, 24.6, 24.55)


async def test_that_a_data_source_that_stops_is_reported_and_marks_all_until_it_runs_again(
    tmp_path: Path,
) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        product.hammer.unanswered.add("startDataStreamer")
        product.hammer.stop_streamer("Disconnected")
        await until(lambda: product.cell("last")[1])
        await is_all_old(product)
        product.market.clock.advance(4)
        moment = await product.now()
        for text in (moment.banners, moment.cards[HAMMER], moment.reported_by_hammer):
            assert "ALARICQ has stopped: it says 'Disconnected'" in text
        product.hammer.unanswered.clear()
        await product.time_passes(12)
        await until(lambda: not product.cell("last")[1] and not product.cell("last", "SPY")[1])
        # Where the first subscription came too early it is asked for again.
        await product.time_passes_until(lambda: product.monitor.links[HAMMER].status.warning is None)
        await is_all_current(product, 24.52, 24.6, 24.55)


async def test_that_quotes_that_cannot_be_read_are_reported_and_mark_their_row(tmp_path: Path) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        product.hammer.faults.spoils_updates = True
        product.hammer.unanswered.add("getSymbolSnapshot")
        product.market.set_quote("CIM PRB", bid=20.0, ask=20.1, last=20.05)
        await until(lambda: product.cell("last")[1])
        moment = await product.now()
        assert not moment.cell("last", "SPY")[1]
        assert moment.total_is_old
        assert moment.strips["PED"]["Day P&L"][1]
        for text in (moment.banners, moment.cards[HAMMER], moment.reported_by_hammer):
            assert re.search(r"could not be read are missing here: \d+ L1Update", text)
        assert moment.reported[GUN.value, "CIM PRB"]["quote_state"] == "FROZEN"


async def test_that_a_rejected_subscription_is_reported_as_such_and_repeated(
    tmp_path: Path,
) -> None:
    async with on_screen(tmp_path) as product:
        product.hammer.faults.busy = 3
        product.monitor.connect_all()
        link = product.monitor.links[HAMMER]
        await until(lambda: "has not taken the subscription" in str(link.status.warning))
        moment = await product.now()
        assert "busy, try again" in moment.cards[HAMMER]
        assert "does not know" not in moment.chip
        await product.time_passes_until(lambda: product.hammer.subscribed >= set(ALL))
        await product.time_passes_until(lambda: link.status.warning is None)
        await until(lambda: product.cell("last") == ("24.55", False))


async def test_that_after_a_sleep_all_is_as_of_the_last_message_before_it(tmp_path: Path) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        product.hammer.faults.is_mute = True
        fell_asleep = product.sleep(70)
        await until(lambda: product.cell("last")[1])
        await is_all_old(product)
        assert (await product.now()).reported[GUN.value, "SPY"]["quote_as_of"] == fell_asleep.isoformat()
        await product.time_passes(8)
        await until(lambda: product.monitor.links[HAMMER].status.state is LinkState.SILENT)
        moment = await product.now()
        assert f"frozen since {clock_text(fell_asleep)}" in moment.banners
        assert "No quotes for 1 m" in moment.cards[HAMMER]


async def test_that_a_tws_that_sends_nothing_more_is_lost_as_of_its_last_message(tmp_path: Path) -> None:
    async with on_screen(tmp_path, timing=WATCHFUL) as product:
        await product.connect()
        product.tws[GUN].mute()
        # Everything in transit has arrived when the silence is detected; the clock stops until then.
        received_at = product.market.clock()
        asked = product.tws[GUN].received.count((1, 49))
        await until(lambda: product.tws[GUN].received.count((1, 49)) > asked)
        limits_run_out()
        await until(lambda: product.monitor.links[GUN].status.lost_at)
        product.market.clock.advance(60)
        moment = await product.now()
        assert product.monitor.links[GUN].status.lost_at == received_at
        assert moment.cell("quantity") == ("100", True)
        assert moment.strips_as_of["GUN"] == clock_text(received_at)
        assert moment.strips["GUN"]["Net liq"][1]
        assert f"lost at {clock_text(received_at)}" in moment.banners
        assert "has not said a word since" in moment.banners
        assert "closed the connection" not in moment.banners


async def test_that_one_login_that_is_lost_is_old_in_its_rows_in_the_total_row_and_in_its_strip(
    tmp_path: Path,
) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        received_at = product.market.clock()
        await product.tws[GUN].stop()
        await until(lambda: product.cell("quantity") == ("100", True))
        moment = await product.now()
        assert moment.cell("quantity", mode=PED) == ("100", False)
        assert moment.cell("last") == ("24.55", False)
        for key in ("market_value", "unrealized_pnl", "day_pnl"):
            assert moment.cell(key)[1], key
            assert not moment.cell(key, mode=PED)[1], key
        assert moment.order_cell("limit_price") == ("24.58", True)
        assert moment.order_cell("to_fill")[1]
        assert moment.total_is_old
        for title in ("GUN", "Total"):
            assert all(is_old for _text, is_old in moment.strips[title].values()), title
            assert moment.strips_as_of[title] == clock_text(received_at)
        assert not any(is_old for _text, is_old in moment.strips["PED"].values())
        assert (
            await product.api.get("account/ibkr/positions", params={"account_type": GUN})
        ).status_code == 503
        fields = {(each.account_type, each.symbol): each for each in product.reported().positions}
        assert fields[GUN.value, "CIM PRB"].stale_since == received_at.isoformat()
        assert fields[PED.value, "CIM PRB"].stale_since is None
        (order,) = product.reported().orders
        assert order.stale_since == received_at.isoformat()
        assert not order.near_fill


async def test_that_a_previous_close_of_an_earlier_day_is_not_used_and_the_sums_mark_it(
    tmp_path: Path,
) -> None:
    async with on_screen(tmp_path) as product:
        await product.connect()
        # From Friday 14:26 to Monday 09:31; HAMMER has not rolled its closes.
        product.sleep(2 * 86_400 + 19 * 3600 + 5 * 60)
        await product.time_passes(8)
        await until(
            lambda: product.cell("last") == ("24.55", False) and product.cell("last", "SPY")[1] is False
        )
        moment = await product.now()
        assert (moment.cell("day_pnl"), moment.cell("prev_close")) == ((DASH, False), (DASH, False))
        assert moment.total["day_pnl"] == DASH
        assert "4 not in Day P&L" in moment.total_note
        assert {strip["Day P&L"][0] for strip in moment.strips.values()} == {DASH}
        reported = moment.reported[GUN.value, "CIM PRB"]
        assert (reported["day_pnl"], reported["prev_close"], reported["current_price"]) == (None, None, 24.55)
        for symbol in ("CIM PRB", "SPY", "BAC PRL"):
            product.market.set_quote(symbol, prev_close=product.market.security(symbol).last - 0.5)
        await product.time_passes(64)
        await until(lambda: product.cell("day_pnl") == ("+50", False))
        assert (await product.now()).reported[GUN.value, "CIM PRB"]["prev_close"] == pytest.approx(24.05)


async def test_that_a_price_that_is_late_by_hammers_own_time_is_marked_with_how_late(tmp_path: Path) -> None:
    async with on_screen(tmp_path) as product:
        product.hammer.faults.stamp_lag_s = 300.0
        await product.connect()
        await product.time_passes(4)
        product.market.set_quote("CIM PRB", bid=24.5)
        await until(lambda: product.cell("bid") == ("24.50", True))
        moment = await product.now()
        assert moment.cell("market_value")[1]
        assert moment.order_cell("where") == ("Late", True)
        assert moment.total_is_old
        assert moment.strips["GUN"]["Day P&L"][1]
        assert moment.strips["PED"]["Day P&L"][1]
        assert moment.chip.startswith("2 late by 5 m")
        for text in (
            product.tooltip("age"),
            product.order_tooltip("where"),
            product.order_tooltip("to_fill"),
        ):
            assert "It came 5 m late by HAMMER's own time" in text
        reported = moment.reported[GUN.value, "CIM PRB"]
        assert (reported["quote_state"], reported["current_price"]) == ("LATE", None)
        assert reported["quote_late_s"] == pytest.approx(300, abs=2)
        assert moment.reported_orders["CIM PRB"]["quote_late_s"] == reported["quote_late_s"]


async def test_that_a_line_without_pongs_is_no_problem_while_quotes_come(tmp_path: Path) -> None:
    async with on_screen(tmp_path) as product:
        product.hammer.faults.answers_pings = False
        await product.connect()
        for step in range(18):
            product.market.set_quote("SPY", bid=600.0 + step / 100)
            await product.time_passes(4)
        await is_all_current(product, 24.52, 24.6, 24.55)
        assert len(product.hammer.commands("connect")) == 1


async def test_that_a_line_that_we_closed_is_reported_as_closed_by_us(tmp_path: Path) -> None:
    async with on_screen(tmp_path, backoff=Backoff(NEVER, NEVER)) as product:
        # After the close only the line itself shows that HAMMER is there.
        product.market.clock.advance(3 * 3600)
        await product.connect()
        received_at = product.market.clock()
        product.hammer.faults.is_mute, product.hammer.faults.answers_pings = True, False
        await product.time_passes(64)
        await until(lambda: product.cell("last")[1])
        await is_all_old(product)
        moment = await product.now()
        assert "psf_monitor closed the line" in moment.banners
        assert "HAMMER closed" not in moment.banners
        assert f"frozen since {clock_text(received_at)}" in moment.banners
