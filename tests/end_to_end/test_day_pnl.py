"""The day as it was earned, from the sockets to the window, the API and the snapshot."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from psf_monitor.book.rows import PositionRow
from psf_monitor.domain.day_pnl import OpenSource
from psf_monitor.ui.positions.total import total_figures
from tests.api.client import opened
from tests.support.records import GUN, Clock
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import Script
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
CIM = "CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB"
ZONE = "20261127 10:30:00 US/Eastern"


def execution(side: str, quantity: int, price: float, number: int = 1, stamp: str = "10:15:30") -> str:
    return (
        f"11|{{req}}|0|700000001|{CIM}|0000e0d5.67fe667b.{number:02}.01|20261127 {stamp} US/Eastern|U1240821|"
        f"IEX|{side}|{quantity}|{price}|{number}|0|0|{quantity}|{price}|||||2"
    )


def holding(quantity: int, *executions: str, handshake: str = ZONE) -> Script:
    held = [f"61|3|U1240821|700000001|{CIM}|{quantity}|24.125"] if quantity else []
    return {
        "handshake_time": handshake,
        "to_61": held,
        "to_7": list(executions),
        "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    }


def row(product: ScriptedProduct) -> PositionRow:
    (found,) = product.monitor.book.position_rows()
    return found


async def test_that_the_day_is_the_same_in_the_window_the_strip_the_snapshot_and_the_totals(
    tmp_path: Path,
) -> None:
    of = holding(400, execution("BOT", 200, 24.45), execution("SLD", 100, 24.65, 2))
    async with scripted(of, clock=Clock(NOW), has_window=True) as product:
        await product.connect()
        await until(lambda: row(product).day_pnl is not None, what="the executions and the previous close")
        # 300 were held: 300 x 0.15 + 200 x 0.10 - 100 x -0.10
        assert row(product).opening == (300, OpenSource.EXECUTIONS)
        assert row(product).day_pnl == pytest.approx(75)
        assert product.positions()[0]["day_pnl"] == "+75"
        text = product.tooltip(product.positions_table, "day_pnl")
        assert "300 at the open × (24.55 − 24.40 previous close)" in text
        assert "+30.00 by 2 executions of today" in text
        (position,) = product.snapshot()["positions"]
        assert position["day_pnl"] == pytest.approx(75)
        assert position["day_pnl_gap"].startswith("as if nothing was traded on the evening before")
        assert product.monitor.book.totals((GUN,)).day_pnl == pytest.approx(75)
        assert product.monitor.book.strip(None).day_pnl == pytest.approx(75)
        async with opened(product.monitor, tmp_path) as api:
            reported_day = (await api.get("day")).json()
        (share,) = reported_day["shares"]
        assert share["day_pnl"] == pytest.approx(75)
        assert (share["open_qty"], share["open_source"], share["fills"]) == (300, "EXECUTIONS", 2)
        assert share["by_move"] + share["by_fills"] == pytest.approx(75)
        for name in (GUN.value, "ALL"):
            assert reported_day["totals"][name]["day_pnl"] == pytest.approx(75)
        assert product.window.symbol_windows.open_named("CIM PRB")
        (opened_window,) = product.window.symbol_windows.windows
        held = " ".join(styled.text for styled in opened_window.header.holdings)
        assert held.endswith("Day +75")
        assert "Day P&L +75 = 300 at open × +0.15 + 30 by fills" in opened_window.fills.sentences


async def test_that_a_share_sold_off_today_is_in_every_sum_and_named(tmp_path: Path) -> None:
    async with scripted(
        holding(0, execution("SLD", 100, 24.65)), clock=Clock(NOW), has_window=True
    ) as product:
        for link in (product.monitor.links[GUN], list(product.monitor.links.values())[-1]):
            link.connect()
        book = product.monitor.book
        await until(lambda: book.strip(GUN).day_pnl is not None, what="the previous close of what was sold")
        assert book.strip(GUN).day_pnl == pytest.approx(25)
        note = total_figures(book.totals((GUN,)), "").note
        assert "Day P&L with CIM PRB, closed today" in note
        product.window.show_now()
        async with opened(product.monitor, tmp_path) as api:
            answer = (await api.get("day")).json()
        (share,) = answer["shares"]
        assert (share["closed"], share["symbol"], share["qty"]) == (True, "CIM PRB", 0)
        assert share["day_pnl"] == pytest.approx(25)
        text = product.window.links_panel.strips[GUN].content
        assert text is not None
        assert {money.caption: money.text for money in text.money}["Day P&L"] == "+25"


@pytest.mark.parametrize("first", ["execution", "position"])
async def test_that_the_first_trade_of_an_account_that_held_nothing_began_with_nothing(first: str) -> None:
    async with scripted(holding(0), clock=Clock(NOW), has_window=True) as product:
        await product.connect_with_fills()
        book, bought = product.monitor.book, holding(100, execution("BOT", 100, 24.45))
        assert book.position_rows() == []
        product.tws.answers |= {"61": bought["to_61"], "7": bought["to_7"]}
        if first == "execution":
            product.tws.send(*bought["to_7"])
            await until(
                lambda: [each.opening for each in book.closed_today()] == [(0, OpenSource.EXECUTIONS)]
            )
            await until(lambda: book.strip(GUN).day_pnl is not None, what="the previous close")
            assert book.strip(GUN).day_pnl == pytest.approx(10)
        product.tws.send(*bought["to_61"])
        await until(lambda: book.position_rows(), what="the position")
        await until(lambda: row(product).opening == (0, OpenSource.EXECUTIONS), what="its execution")
        await until(lambda: row(product).day_pnl == pytest.approx(10), what="the execution")


async def test_that_the_record_of_the_open_stands_in_for_a_list_that_begins_late(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 11, 27, 14, 31, tzinfo=UTC))
    path = tmp_path / "journal.sqlite3"
    async with scripted(holding(300), clock=clock, journal=path) as product:
        await product.connect()
        recorder = product.monitor.recorder
        assert recorder is not None
        recorder.take_due_snapshots()
        recorder.take_due_snapshots()
        assert recorder.snapped
        await until(lambda: row(product).day_pnl is not None, what="the executions and the previous close")
        product.monitor.book.day.curve.sample(product.monitor.book)
        kept = list(product.monitor.book.day.curve.points(GUN))
        assert kept
        held = row(product).key
        line = list(product.monitor.book.day.curve.line(held))
        assert line[-1] == pytest.approx(300 * 0.15)
    clock.advance(3600)
    # Restarted where its midnight is New York's 08:30, an hour before the open.
    late = holding(400, execution("BOT", 100, 24.45), handshake="20261127 23:01:00 Asia/Kathmandu")
    async with scripted(late, clock=clock, journal=path) as product:
        await product.connect()
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        await until(lambda: row(product).day_pnl is not None, what="the previous close")
        assert row(product).opening == (300, OpenSource.JOURNAL)
        assert row(product).day_pnl == pytest.approx(300 * 0.15 + 100 * 0.10)
        curve = product.monitor.book.day.curve
        assert list(curve.points(GUN))[: len(kept)] == kept
        curve.sample(product.monitor.book)
        drawn = list(curve.line(held))
        assert drawn[len(line) - 1] == line[-1], "the small line of the row begins where it began"
        assert drawn[-1] == pytest.approx(300 * 0.15 + 100 * 0.10)
        assert all(map(math.isnan, drawn[len(line) : -1])), "nobody watched between"


async def test_that_what_left_while_the_line_was_lost_is_in_no_day_until_its_execution_is_listed(
    tmp_path: Path,
) -> None:
    clock = Clock(datetime(2026, 11, 27, 14, 31, tzinfo=UTC))
    async with scripted(holding(400), clock=clock, journal=tmp_path / "journal.sqlite3") as product:
        await product.connect()
        recorder, book = product.monitor.recorder, product.monitor.book
        assert recorder is not None
        recorder.take_due_snapshots()
        recorder.take_due_snapshots()
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        await until(lambda: row(product).day_pnl is not None, what="the previous close")
        assert row(product).opening == (400, OpenSource.JOURNAL)
        product.tws.answers["61"] = holding(300)["to_61"]
        product.tws.refusals["7"] = (321, "Not now.")
        product.tws.close_all()
        await until(
            lambda: row(product).quantity == 300 and "Not now" in str(product.monitor.fills.state(GUN))
        )
        assert product.positions()[0]["day_pnl"] == "—"
        assert "there may be executions that are not listed" in product.tooltip(
            product.positions_table, "day_pnl"
        )
        (position,) = product.snapshot()["positions"]
        assert position["day_pnl"] is None
        assert book.strip(GUN).day_pnl is None
        # It is listed, and explains nothing: the shares were transferred.
        del product.tws.refusals["7"]
        await until(lambda: product.monitor.fills.state(GUN).problem is None)
        assert row(product).day_pnl == pytest.approx(60), "its execution may be on its way"
        clock.advance(10)
        asked = product.tws.asked(7)
        product.monitor.refresh()
        await until(
            lambda: product.tws.asked(7) > asked and product.monitor.fills.state(GUN).as_of == clock()
        )
        await until(lambda: row(product).day_pnl is None, what="a list that does not explain it")
        assert product.positions()[0]["day_pnl"] == "—"
        assert "it moved without an execution of today" in product.tooltip(product.positions_table, "day_pnl")
        product.tws.answers["61"] = []
        product.monitor.refresh()
        await until(lambda: not book.position_rows() and book.totals((GUN,)).closed_unpriced)
        assert (
            "CIM PRB: it moved without an execution of today" in total_figures(book.totals((GUN,)), "").note
        )
        async with opened(product.monitor, tmp_path) as api:
            (share,) = (await api.get("day")).json()["shares"]
        assert (share["closed"], share["day_pnl"], share["qty"]) == (True, None, 0)


async def test_that_before_the_open_a_previous_close_that_may_be_too_old_makes_no_day_pnl(
    tmp_path: Path,
) -> None:
    """HAMMER does not date it: where the last is another price it may be that of the day before."""
    known = holding(400)
    other = "61|3|U1240821|700000002|MS|STK||0.0|||NYSE|USD|MS PRK|MS PRK|100|24.0"
    quotes = {**known["hammer"], "MS-K": [25.0, 25.1, 25.05, 25.05]}
    of = {**known, "to_61": [*known["to_61"], other], "hammer": quotes}
    async with scripted(of, clock=(clock := Clock(NOW - timedelta(hours=2)))) as product:
        await product.connect_with_fills()
        book = product.monitor.book
        await until(lambda: book.strip(GUN).day_pnl is not None, what="the day of the other share")
        rows = {each.symbol: each for each in book.position_rows()}
        assert rows["CIM PRB"].day_pnl is None
        assert rows["CIM PRB"].change == pytest.approx(0.15)
        assert rows["MS PRK"].day_pnl == book.totals((GUN,)).day_pnl == 0.0
        shown = {cells["symbol"]: (n, cells["day_pnl"]) for n, cells in enumerate(product.positions())}
        assert (shown["CIM PRB"][1], shown["MS PRK"][1]) == ("—", "0")
        why = "outside the session HAMMER's previous close, which has no date, may be of another day"
        tooltip = product.tooltip(product.positions_table, "day_pnl", shown["CIM PRB"][0])
        assert tooltip.startswith(f"Not known: {why}")
        reported = {each["symbol"]: each for each in product.snapshot()["positions"]}
        assert reported["CIM PRB"]["day_pnl"] is None
        assert reported["CIM PRB"]["day_pnl_gap"].startswith(why)
        assert any(why in gap for gap in book.totals((GUN,)).day_gaps)
        async with opened(product.monitor, tmp_path) as api:
            shares = {each["symbol"]: each for each in (await api.get("day")).json()["shares"]}
        assert shares["CIM PRB"]["why"].startswith(why)
        clock.now = NOW
        await until(lambda: len([r for r in book.position_rows() if r.day_pnl is not None]) == 2)
        assert book.strip(GUN).day_pnl == pytest.approx(60)
        assert not any(why in gap for gap in book.totals((GUN,)).day_gaps)


async def test_that_a_previous_close_that_hammer_replaces_in_the_evening_leaves_the_days_pnl() -> None:
    """From then on it is that of the next day, and today would have earned nothing."""
    evening = NOW + timedelta(hours=9)
    async with scripted(holding(400), clock=(clock := Clock(NOW))) as product:
        await product.connect_with_fills()
        book = product.monitor.book
        await until(lambda: book.strip(GUN).day_pnl == pytest.approx(60), what="the day's P&L")
        product.hammer.quotes["CIM-B"] = [24.5, 24.6, 24.55, 24.55]
        asked = len(product.hammer.received)
        clock.now = evening
        await until(lambda: len(product.hammer.received) > asked, what="the requests at the close")
        product.hammer.quote("CIM-B", 24.52, 24.6, 24.55, 24.55)
        await until(lambda: book.position_rows()[0].bid == 24.52)
        await product.list_fills_again()
        assert row(product).prev_close == 24.4
        assert book.strip(GUN).day_pnl == pytest.approx(60)
    async with scripted(holding(400), clock=Clock(evening)) as product:
        product.hammer.quotes["CIM-B"] = [24.5, 24.6, 24.55, 24.55]
        await product.connect_with_fills()
        await until(lambda: row(product).prev_close == 24.55, what="the previous close")
        assert (row(product).day_pnl, product.monitor.book.strip(GUN).day_pnl) == (None, None)
        assert row(product).day_why.startswith("outside the session HAMMER's previous close")
