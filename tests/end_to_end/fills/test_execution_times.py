"""When an execution was done, whatever TWS writes and wherever this computer stands."""

import csv
import io
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from psf_monitor.journal.journal import Journal
from psf_monitor.ui.positions.total import total_figures
from psf_monitor.ui.symbol.share_text import fill_total
from psf_monitor.ui.symbol.share_view import Share, ShareReader
from tests.end_to_end.fills.execution_script import CIM, NEW_YORK, NOW, execution
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN, Clock
from tests.support.scripted_product import scripted
from tests.support.scripted_tws import Script, script
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

OF_LATER_DAY = "1 of them is dated on a day that has not begun: shown here, and in no sum."
DONE_AT = datetime(2026, 11, 27, 15, 15, 30, tzinfo=UTC)


@pytest.fixture(params=["America/New_York", "Europe/Istanbul", "Pacific/Apia"])
def computer_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the computer that the product runs on."""
    monkeypatch.setenv("TZ", request.param)
    if hasattr(time, "tzset"):
        time.tzset()
    yield request.param
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def script_at(handshake: str, *stamps: str) -> Script:
    executions = [execution(stamp, number) for number, stamp in enumerate(stamps, 1)]
    return {"handshake_time": handshake, "to_7": executions}


@pytest.mark.usefixtures("computer_zone")
async def test_that_every_form_of_time_is_the_same_moment_wherever_this_computer_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    of = {**script("execution_times"), "handshake_time": NEW_YORK}
    async with scripted(of, clock=Clock(NOW), journal=path) as product:
        await product.connect_with_fills()
        assert [fill.at for fill in product.monitor.fills.fills()] == [DONE_AT] * 9
        assert {cells["at"] for cells in product.fills()} == {"10:15:30"}
        assert {cells["trade_date"] for cells in product.fills()} == {"11-27"}
        assert {fill["timestamp"] for fill in product.api_fills().values()} == {"2026-11-27T15:15:30+00:00"}
        assert product.monitor.fills.state(GUN).gaps == ()
    journal = Journal(path)
    found = tmp_path / "fills.csv"
    await journal.export_fills(found, [], date(2026, 11, 27), date(2026, 11, 27), NOW)
    await journal.close()
    lines = list(csv.DictReader(io.StringIO(found.read_text("utf-8-sig"))))
    assert len(lines) == 9
    assert {(line["Trade date"], line["Time (New York)"]) for line in lines} == {("2026-11-27", "10:15:30")}


@pytest.mark.usefixtures("computer_zone")
@pytest.mark.parametrize(
    ("handshake", "stamp"),
    [
        ("20261127 15:30:00 Greenwich Mean Time", "20261127  15:15:30"),
        ("20261127 18:30:00 TRT", "20261127  18:15:30"),
        ("20261127 16:30:00 Mitteleurop\\u00e4ische Zeit", "20261127 16:15:30"),
        ("20261127 23:30:00 CST", "20261127 23:15:30"),
        ("20261127 09:30:00 CST", "20261127 09:15:30 CST"),
        ("20261127 21:00:00 IST", "20261127 20:45:30"),
        ("20261128 04:30:00 Apia Standard Time", "20261128  04:15:30"),
        ("20261127 18:30:00 GMT+03:00", "20261127 18:15:30"),
        ("20261127 18:30:00 TRT", "20261127 10:15:30 US/Eastern"),
        ("20261127 18:30:00", "20261127-15:15:30"),
    ],
)
async def test_that_a_time_without_a_zone_is_on_the_clock_that_tws_named(handshake: str, stamp: str) -> None:
    async with scripted(script_at(handshake, stamp), clock=Clock(NOW)) as product:
        await product.connect_with_fills()
        assert [fill.at for fill in product.monitor.fills.fills()] == [DONE_AT]


@pytest.mark.parametrize(
    ("handshake", "stamp"),
    [
        ("20261127 10:41:00", "20261127  10:15:30"),
        ("20261127 10:41:00 Middle Earth Time", "20261127 10:15:30"),
        ("20261129 10:30:00 Middle Earth Time", "20261127 10:15:30"),
        ("20261127 11:11:00 CST", "20261127 10:15:30"),
        # Before that midnight the clock may have been set otherwise.
        ("20261127 10:30:00 Middle Earth Time", "20261126 10:15:30"),
        (NEW_YORK, "20261127 10:15:30 Middle Earth Time"),
        (NEW_YORK, "20261127 25:15:30"),
        (NEW_YORK, ""),
    ],
)
async def test_that_a_time_in_no_known_zone_is_unknown_and_reported(
    handshake: str, stamp: str, tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite3"
    async with scripted(
        script_at(handshake, stamp), clock=Clock(NOW), journal=path, has_window=True
    ) as product:
        await product.connect_with_fills()
        (cells,) = product.fills()
        assert (cells["at"], cells["trade_date"], cells["symbol"]) == ("—", "—", "CIM PRB")
        assert stamp in product.tooltip(product.fills_table, "at")
        assert product.window.fills.chip.text == "INCOMPLETE"
        (reported,) = product.api_fills().values()
        assert (reported["timestamp"], reported["trade_date"], reported["time_as_reported"]) == (
            None,
            None,
            stamp,
        )
        assert "1 execution has no time" in "".join(product.monitor.fills.state(GUN).gaps)
    journal = Journal(path)
    assert (await journal.day(date(2026, 11, 27))).fills == ()
    found = tmp_path / "fills.csv"
    exported = await journal.export_fills(found, [], date(2026, 11, 27), date(2026, 11, 27), NOW)
    gains = await journal.realized("U1240821", 2026, NOW)
    await journal.close()
    (line,) = csv.DictReader(io.StringIO(found.read_text("utf-8-sig")))
    assert (line["Trade date"], line["Time (UTC)"], line["Symbol"]) == ("", "", "CIM PRB")
    assert any("1 execution has no date" in remark.text for remark in exported.missing)
    assert any("no date" in sentence for sentence in gains.missing)


async def test_that_an_execution_of_a_time_still_to_come_is_reported_as_that(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    at_three, tomorrow = "20261127-20:15:30", "20261128-15:15:30"
    async with scripted(
        script_at(NEW_YORK, at_three, tomorrow), clock=Clock(NOW), journal=path, has_window=True
    ) as product:
        await product.connect_with_fills()
        assert [cells["at"] for cells in product.fills()] == ["10:15:30", "15:15:30"]
        tips = {product.tooltip(product.fills_table, "at", place) for place in (0, 1)}
        assert [tip.partition("\n")[2].partition(":")[0] for tip in sorted(tips)] == [
            "4 h 45 m ahead of this computer's clock",
            "23 h 45 m ahead of this computer's clock",
        ]
        sentence = (
            "2 executions were reported ahead of the time given: "
            "the broker's time zone or this computer's clock is wrong."
        )
        assert product.monitor.fills.state(GUN).gaps == (sentence, OF_LATER_DAY)
        assert sentence in product.window.fills.warning.text
        assert len(product.api_fills()) == 2


async def test_that_an_execution_of_a_day_that_has_not_begun_is_shown_and_in_no_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today, tomorrow = execution("20261127-15:15:30"), execution("20261128-15:15:30", 2)
    costs = [f"59|1|0000e0d5.67fe667b.0{n}.01|1.5|USD|46.5|1.7976931348623157E308|0" for n in (1, 2)]
    held = f"61|3|U1240821|700000001|{CIM}|400|24.125"
    of = {
        "handshake_time": NEW_YORK,
        "to_61": [held],
        "to_7": [today, tomorrow, *costs],
        "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    }
    clock = Clock(NOW)
    async with all_outputs(of, tmp_path, capsys, clock=clock, has_window=True) as seen:
        product = seen.product
        await product.connect_with_fills()
        await until(lambda: {cells["commission"] for cells in product.fills()} == {"1.50"}, what="the costs")
        days = {cells["perm_id"]: cells["trade_date"] for cells in product.fills()}
        assert days == {"1": "11-27", "2": "11-30 closed"}
        assert {each["perm_id"]: each["later_day"] for each in await seen.fills()} == {1: False, 2: True}
        assert product.monitor.fills.state(GUN).gaps[-1] == OF_LATER_DAY
        assert OF_LATER_DAY in (await seen.http("fills"))["gaps"][GUN.value]
        assert OF_LATER_DAY in product.window.fills.warning.text
        tips = [product.tooltip(product.fills_table, "at", place) for place in (0, 1)]
        assert ["Its day has not begun: it is in no sum" in tip for tip in tips].count(True) == 1
        ((sold, commission),) = [(row["sold"], row["commission"]) for row in product.fill_totals()]
        assert (sold, commission) == ("100", "1.50")
        why = "an execution is dated on a day that has not begun"
        (row,) = (await seen.positions()).values()
        assert (row["day_pnl"], row["day_pnl_gap"]) == (None, why)
        (held_row,) = product.monitor.book.position_rows()
        assert (product.positions()[0]["day_pnl"], held_row.traded.fills) == ("—", 1)
        share = ShareReader(product.window.context.sources, Share(700000001, "CIM PRB")).read()
        assert fill_total(share, hides=False)[3].text == "−100"
        assert product.monitor.book.day.commission((GUN,)) is None
        journal = Journal(seen.journal)
        gains = await journal.realized("U1240821", 2026, clock())
        await journal.close()
        assert [gain.quantity for gain in gains.rows] == [100]
        assert any("dates 1 execution on a day that has not begun" in each for each in gains.missing)
        (line,) = await seen.exported(date(2026, 11, 30))
        assert line["Note"] == "reported ahead of its time, at 2026-11-27T15:30:00+00:00"
        (line,) = await seen.exported(date(2026, 11, 27))
        assert line["Note"] == ""
        # It is of its own day once that begins.
        clock.advance(24 * 3600)
        await until(lambda: [cells["perm_id"] for cells in product.fills()] == ["2"], what="the next day")
        ((sold, _),) = [(row["sold"], row["commission"]) for row in product.fill_totals()]
        assert sold == "100"
        assert OF_LATER_DAY not in product.monitor.fills.state(GUN).gaps
        assert [each["later_day"] for each in await seen.fills()] == [False]


async def test_that_a_tws_without_a_time_zone_is_reported_to_list_from_an_unknown_time() -> None:
    async with scripted(
        script_at("20261127 10:41:00", "20261127-15:15:30"), clock=Clock(NOW), has_window=True
    ) as product:
        await product.connect_with_fills()
        assert [cells["at"] for cells in product.fills()] == ["10:15:30"]
        assert "named no time zone" in "".join(product.monitor.fills.state(GUN).gaps)
        assert product.window.fills.chip.text == "INCOMPLETE"


# Since when the list is: TWS's own midnight.


async def test_that_the_time_before_tws_midnight_is_a_gap_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    now = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    of = {
        "handshake_time": "20261126 01:30:00 TRT",
        "to_61": [f"61|3|U1240821|700000001|{CIM}|400|24.125"],
        "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    }
    async with scripted(of, clock=Clock(now), journal=path, has_window=True) as product:
        await product.connect_with_fills()
        assert product.fills() == []
        (gap,) = product.monitor.fills.state(GUN).gaps
        assert gap.startswith("what was traded from 00:00:00 to 16:00:00 New York is not known")
        assert product.window.fills.chip.text == "INCOMPLETE"
        assert "not known in full" in product.window.fills.frame.empty.title.text
        await until(lambda: product.positions()[0]["change"] == "+0.15", what="the previous close")
        assert product.positions()[0]["day_pnl"] == "—"
        why = "today's executions are not known in full, and the journal has not recorded the open"
        assert why in product.tooltip(product.positions_table, "day_pnl")
        (reported,) = product.snapshot()["positions"]
        assert (reported["day_pnl"], reported["day_pnl_gap"]) == (None, why)
        totals = product.monitor.book.totals((GUN,))
        assert f"Day P&L: CIM PRB: {why}" in total_figures(totals, "").note
        assert f"Day P&L: CIM PRB: {why}" in product.monitor.book.strip(None).not_valued
    journal = Journal(path)
    day = date(2026, 11, 25)
    exported = await journal.export_fills(tmp_path / "fills.csv", [], day, day, now)
    gains = await journal.realized("U1240821", 2026, now)
    await journal.close()
    for sentences in ([remark.text for remark in exported.missing], gains.missing):
        assert any("2026-11-25: what was traded from 00:00:00 to 16:00:00" in each for each in sentences)


async def test_that_time_watched_before_tws_midnight_is_no_gap(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    clock = Clock(datetime(2026, 11, 25, 20, 55, tzinfo=UTC))
    done = execution("20261125 15:00:00 US/Eastern")
    of = {"handshake_time": "20261125 23:55:00 TRT", "to_7": [done]}
    async with scripted(of, clock=clock, journal=path) as product:
        await product.connect_with_fills()
        assert "00:00:00 to" not in "".join(product.monitor.fills.state(GUN).gaps)
        clock.advance(600)
        product.tws.answers["7"] = []
        before = product.monitor.fills.state(GUN).as_of
        product.monitor.refresh()
        await until(lambda: product.monitor.fills.state(GUN).as_of != before, what="the next list")
        assert product.monitor.fills.state(GUN).gaps == ()
        assert not [gap for gap in product.monitor.book.totals((GUN,)).day_gaps if "executions" in gap]
        assert [cells["at"] for cells in product.fills()] == ["15:00:00"]
    # Another start an hour later knows from the journal what was watched.
    clock.advance(3600)
    of = {"handshake_time": "20261126 01:05:00 TRT"}
    async with scripted(of, clock=clock, journal=path) as product:
        await product.connect_with_fills()
        assert product.monitor.fills.state(GUN).gaps == ()
        assert [cells["at"] for cells in product.fills()] == ["15:00:00"]


async def test_that_a_tws_in_new_york_lists_the_whole_day() -> None:
    async with scripted(script_at(NEW_YORK), clock=Clock(NOW), has_window=True) as product:
        await product.connect_with_fills()
        assert product.monitor.fills.state(GUN).gaps == ()
        assert product.fills() == []
        assert product.window.fills.frame.empty.title.text == "No fills today"


# The trade date, and what IBKR does by itself.


@pytest.mark.parametrize(
    ("stamp", "day", "session"),
    [
        ("20261125 15:59:59 US/Eastern", "2026-11-25", "regular"),
        ("20261123 20:30:00 US/Eastern", "2026-11-24", "overnight"),
        ("20261124 03:00:00 US/Eastern", "2026-11-24", "overnight"),
        ("20261124 07:00:00 US/Eastern", "2026-11-24", "pre-market"),
        ("20261124 19:59:59 US/Eastern", "2026-11-24", "after-hours"),
        ("20261122 20:30:00 US/Eastern", "2026-11-23", "overnight"),
        # Friday's evening belongs to Monday, the eve of Thanksgiving to the day after it.
        ("20261120 20:30:00 US/Eastern", "2026-11-23", "closed"),
        ("20261125 20:30:00 US/Eastern", "2026-11-27", "closed"),
        # On the day after Thanksgiving the session ends at 13:00.
        ("20261127 13:00:00 US/Eastern", "2026-11-27", "after-hours"),
    ],
)
async def test_that_an_execution_is_booked_on_ibkrs_trade_date(stamp: str, day: str, session: str) -> None:
    wall = datetime.strptime(stamp[:17], "%Y%m%d %H:%M:%S").replace(tzinfo=ZoneInfo("America/New_York"))
    clock = Clock(wall.astimezone(UTC) + timedelta(minutes=5))
    handshake = f"{clock().astimezone(ZoneInfo('America/New_York')):%Y%m%d %H:%M:%S} US/Eastern"
    async with scripted(script_at(handshake, stamp), clock=clock) as product:
        await product.connect_with_fills()
        (cells,) = product.fills()
        assert cells["at"] == stamp[9:17]
        assert cells["trade_date"] == (day[5:] if session == "regular" else f"{day[5:]} {session}")
        (reported,) = product.api_fills().values()
        assert (reported["trade_date"], reported["session"]) == (day, session)


async def test_that_the_evening_before_is_of_todays_trade_date_and_stays_in_sight(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    clock = Clock(datetime(2026, 11, 24, 1, 35, tzinfo=UTC))
    async with scripted(
        script_at("20261123 20:35:00 US/Eastern", "20261123 20:30:00 US/Eastern"), clock=clock, journal=path
    ) as product:
        await product.connect_with_fills()
        assert [cells["trade_date"] for cells in product.fills()] == ["11-24 overnight"]
    clock.advance(13 * 3600)
    async with scripted(
        {"handshake_time": "20261124 09:35:00 US/Eastern"}, clock=clock, journal=path
    ) as product:
        await product.connect_with_fills()
        assert [cells["at"] for cells in product.fills()] == ["20:30:00"]
    journal = Journal(path)
    assert len((await journal.day(date(2026, 11, 24))).fills) == 1
    assert (await journal.day(date(2026, 11, 23))).fills == ()
    await journal.close()


async def test_that_ibkrs_own_liquidation_is_reported_as_that(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    clock = Clock(datetime(2026, 9, 18, 13, 41, tzinfo=UTC))
    async with scripted(script("margin_warning"), clock=clock, journal=path, has_window=True) as product:
        await product.connect_with_fills()
        product.tws.send_next()
        product.tws.send_next()
        await until(lambda: product.fills(), what="the fill")
        (cells,) = product.fills()
        assert (cells["source"], cells["side"], cells["quantity"]) == ("IBKR · liquidation", "SELL", "300")
        assert "by itself" in product.tooltip(product.fills_table, "source")
        assert product.tooltip(product.fills_table, "order_id").endswith("placed by IBKR itself")
        assert "IBKR sold CIM PRB by itself at 20.98 (liquidation)" in product.window.status.news.text
        (reported,) = product.api_fills().values()
        assert reported["liquidation"] is True
    journal = Journal(path)
    day = date(2026, 9, 18)
    await journal.export_fills(tmp_path / "fills.csv", [], day, day, clock())
    await journal.close()
    (line,) = csv.DictReader(io.StringIO((tmp_path / "fills.csv").read_text("utf-8-sig")))
    assert line["Note"] == "liquidated by IBKR"


async def test_that_a_correction_without_a_cost_is_reported_until_the_cost_comes() -> None:
    cost = "59|1|0000e0d5.67fe667b.01.{}|1.0|USD|46.5|1.7976931348623157E308|0"
    first = execution("20261127-15:15:30")
    second = first.replace(".01.01|", ".01.02|").replace("|24.5|1|", "|24.6|1|")
    of = {"handshake_time": NEW_YORK, "to_7": [first, cost.format("01")]}
    async with scripted(of, clock=Clock(NOW), has_window=True) as product:
        await product.connect_with_fills()
        assert product.fills()[0]["realized_pnl"] == "+46.50"
        product.tws.answers["7"] = [second]
        product.monitor.refresh()
        await until(lambda: product.monitor.fills.state(GUN).gaps, what="the word")
        (cells,) = product.fills()
        assert (cells["realized_pnl"], cells["source"]) == ("—", "IBKR · corrected")
        assert "P&L of a corrected execution yet (CIM PRB)" in product.window.fills.warning.text
        product.tws.send(cost.format("02"))
        await until(lambda: not product.monitor.fills.state(GUN).gaps, what="the cost")
        assert product.fills()[0]["realized_pnl"] == "+46.50"


async def test_that_a_time_that_is_missing_is_no_empty_text_beside_one_that_cannot_be_read() -> None:
    no_hour = "20261127 25:15:30 EST"
    async with scripted(script_at(NEW_YORK, "", no_hour), clock=Clock(NOW)) as product:
        await product.connect_with_fills()
        assert len(product.fills()) == 2
        (gap,) = product.monitor.fills.state(GUN).gaps
        assert gap == f"2 executions have no time that says which moment is meant ({no_hour})."
        tips = {product.tooltip(product.fills_table, "at", place) for place in (0, 1)}
        nothing = "The broker gave no time that could be read"
        assert tips == {nothing, f"{nothing}: {no_hour} is no time, or of a time zone that is not known"}
