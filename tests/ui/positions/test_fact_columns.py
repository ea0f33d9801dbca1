"""MY FILE in the window's cells: columns that the trader picks, sorted as what they are, grouped, kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.facts.merge import merge
from psf_monitor.facts.table import parse
from psf_monitor.ui.base.view_options import GROUP_TITLES
from psf_monitor.ui.shell.layout.store import LayoutStore
from psf_monitor.ui.shell.main_window import FULL_WIDTH
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.columns import Band
from psf_monitor.ui.table.panel import TablePanel
from tests.support.records import GUN, NOON, order, position
from tests.ui.window import WindowUnderTest, fill, quote, symbols

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]

MINE = """PREF IBKR,CMON,COUPON,DIV AMOUNT,EX-DIV DATE,CALL DATE,AVG_ADV,Group
CIM PRB,CIM,8.00%,0.5,09/30/2026,03/30/2024,52700.5,heldff
AGNCN,AGNC,10.5%,,10/13/2026,n.a.,"96,200",heldff
NLY PRG,NLY,6.5%,0.40625,09/18/2026,06/30/2027,"1,121,300",heldkuponlu
MS PRK,MS,,0.36,,07/15/2027,,
"""


def know(ui: WindowUnderTest, text: str = MINE, *, par: float | None = 25.0, is_old: bool = False) -> None:
    stale_since = NOON if is_old else None
    ui.book.facts.replace_all(
        merge({"mine.csv": parse(text.encode())}, usual_par=par, stale_since=stale_since)
    )
    ui.wait()


@pytest.fixture
def held(ui: WindowUnderTest) -> WindowUnderTest:
    shares = ["CIM PRB", "AGNCN", "NLY PRG", "MS PRK", "AGNCM"]
    ui.open(GUN, [position(share, 1000) for share in shares], [order("CIM PRB", limit_price=24.0)])
    ui.quote(CIM_PRB=quote(ui.clock, 24.99, 25.01, 25.00), NLY_PRG=quote(ui.clock, 25.45, 25.46, 25.45))
    know(ui)
    return ui


def cells(panel: TablePanel[Any], key: str) -> dict[str, str]:
    model = panel.model
    place = next(i for i, column in enumerate(model.columns) if column.key == key)
    lines = [model.line(at) for at in range(model.shown_count)]
    return {line.row.symbol: model.cell(line, place).text for line in lines}


def column(ui: WindowUnderTest, key: str) -> dict[str, str]:
    return cells(ui.window.positions, key)


def tooltip(ui: WindowUnderTest, key: str, symbol: str) -> str:
    model = ui.window.positions.model
    place = next(i for i, each in enumerate(model.columns) if each.key == key)
    line = next(line for at in range(model.shown_count) if (line := model.line(at)).row.symbol == symbol)
    return model.tooltip(line, place)


def sort(ui: WindowUnderTest, key: str) -> list[str]:
    model = ui.window.positions.model
    place = next(i for i, each in enumerate(model.columns) if each.key == key)
    ui.window.positions.view.sortByColumn(place, Qt.SortOrder.AscendingOrder)
    return symbols(ui)


def shown_keys(ui: WindowUnderTest) -> list[str]:
    arrangement = ui.window.positions.view.header.arrangement
    return [arrangement.columns[section].key for section in arrangement.shown]


def test_that_each_column_of_the_file_is_there_hidden_until_it_is_picked(held: WindowUnderTest) -> None:
    menu = held.window.positions.column_menu
    menu.refresh()
    names = [action.text() for action in menu.facts.actions()]
    assert names == ["CMON", "COUPON", "DIV AMOUNT", "EX-DIV DATE", "CALL DATE", "AVG_ADV", "Group"]
    assert not any(key.startswith("fact:") for key in shown_keys(held))
    menu.picks["fact:COUPON"].trigger()
    assert shown_keys(held)[-1] == "fact:COUPON"
    header = held.window.positions.view.header
    assert [band for band, _left, _right in header.bands()][-1] is Band.FACTS


def test_that_cells_are_written_as_what_they_are_and_unknown_is_a_dash(held: WindowUnderTest) -> None:
    coupons = {"CIM PRB": "8.0%", "AGNCN": "10.5%", "NLY PRG": "6.5%", "MS PRK": "—", "AGNCM": "—"}
    assert column(held, "fact:COUPON") == coupons
    assert column(held, "fact:AVGADV")["NLY PRG"] == "1,121,300.0"
    assert column(held, "fact:EXDIVDATE")["CIM PRB"] == "2026-09-30"
    assert column(held, "fact:CALLDATE")["AGNCN"] == "n.a."
    model = held.window.positions.model
    place = next(i for i, each in enumerate(model.columns) if each.key == "fact:CALLDATE")
    line = next(line for at in range(5) if (line := model.line(at)).row.symbol == "AGNCN")
    assert model.cell(line, place).tone is Tone.WARN
    assert tooltip(held, "fact:CALLDATE", "AGNCN") == "n.a. in mine.csv, line 3: no date, shown as it stands"
    assert tooltip(held, "days_to_call", "AGNCN") == "Not known: n.a. is no date"
    assert tooltip(held, "days_to_call", "AGNCM") == "Not known: no file has this share"
    assert tooltip(held, "fact:AVGADV", "AGNCN") == "96,200 in mine.csv, line 3"
    assert tooltip(held, "fact:COUPON", "AGNCM") == "Your file has no line for AGNCM"
    assert tooltip(held, "fact:COUPON", "MS PRK") == "Your file has no COUPON of MS PRK"


def test_that_columns_sort_as_numbers_percents_and_dates_with_the_unknown_last(held: WindowUnderTest) -> None:
    assert sort(held, "fact:COUPON")[:3] == ["NLY PRG", "CIM PRB", "AGNCN"]
    assert sort(held, "fact:AVGADV")[:3] == ["CIM PRB", "AGNCN", "NLY PRG"]
    assert sort(held, "fact:EXDIVDATE")[:3] == ["NLY PRG", "CIM PRB", "AGNCN"]
    assert sort(held, "fact:GROUP")[:3] == ["AGNCN", "CIM PRB", "NLY PRG"]


def test_that_yield_and_days_are_calculated_if_their_facts_exist(held: WindowUnderTest) -> None:
    assert column(held, "current_yield") == {
        "CIM PRB": "8.00%",
        "NLY PRG": "6.39%",
        "AGNCN": "—",
        "MS PRK": "—",
        "AGNCM": "—",
    }
    assert tooltip(held, "current_yield", "CIM PRB") == "COUPON 8 % of 25 is 2.0000 a year, at 25.00"
    assert tooltip(held, "current_yield", "MS PRK") == "Not known: your file has no COUPON of it"
    ex_dividend = column(held, "days_to_ex_dividend")
    assert [ex_dividend[s] for s in ("CIM PRB", "NLY PRG", "MS PRK")] == ["12 d", "today", "—"]
    call = column(held, "days_to_call")
    assert (call["CIM PRB"], call["MS PRK"], call["AGNCN"]) == ("passed 902 d", "300 d", "—")
    assert tooltip(held, "days_to_call", "CIM PRB") == "2024-03-30, passed 902 days ago"
    assert sort(held, "days_to_call")[:3] == ["CIM PRB", "NLY PRG", "MS PRK"]


def test_that_days_are_counted_anew_when_new_york_has_another_day(held: WindowUnderTest) -> None:
    held.wait(24 * 3600)
    assert column(held, "days_to_ex_dividend")["CIM PRB"] == "11 d"
    assert column(held, "days_to_ex_dividend")["NLY PRG"] == "passed 1 d"


def test_that_orders_have_them_too_and_the_yield_at_their_limit(held: WindowUnderTest) -> None:
    assert cells(held.window.orders, "fact:COUPON") == {"CIM PRB": "8.0%"}
    assert cells(held.window.orders, "yield_at_limit") == {"CIM PRB": "8.33%"}
    assert cells(held.window.orders, "days_to_ex_dividend") == {"CIM PRB": "12 d"}


def test_that_an_old_price_makes_the_yield_old_and_not_the_facts(held: WindowUnderTest) -> None:
    held.lose_hammer()
    held.wait()
    model = held.window.positions.model
    line = next(line for at in range(5) if (line := model.line(at)).row.symbol == "CIM PRB")
    old = {each.key: model.cell(line, i).is_old for i, each in enumerate(model.columns)}
    assert old["current_yield"]
    assert not old["fact:COUPON"]
    assert not old["days_to_call"]


def test_that_a_file_that_cannot_be_read_again_makes_them_old_with_its_time(held: WindowUnderTest) -> None:
    held.window.positions.column_menu.picks["fact:COUPON"].trigger()
    know(held, is_old=True)
    model = held.window.positions.model
    line = next(line for at in range(5) if (line := model.line(at)).row.symbol == "CIM PRB")
    old = {each.key: model.cell(line, i).is_old for i, each in enumerate(model.columns)}
    assert old["fact:COUPON"]
    assert old["days_to_call"]
    assert not old["last"]
    assert held.window.positions.view.header.notes[Band.FACTS] == ("AS READ 12:00:00", "OLD")
    assert tooltip(held, "fact:COUPON", "CIM PRB").endswith("this is as of 2026-09-18 12:00:00 ET")


def test_that_problems_of_the_file_are_shown_in_the_status_line_and_over_the_band(
    held: WindowUnderTest,
) -> None:
    know(held, "PREF IBKR,COUPON\nCIM PRB,8%\nCIM PRB,9%\nNLY PRG,x\nMS PRK,6%\n")
    text = held.window.status.news.text
    assert "mine.csv: line 3: CIM PRB is on line 2 already, which counts. (and 1 more in the log)" in text
    assert held.window.positions.view.header.notes[Band.FACTS][0] == "2 PROBLEMS, SEE LOG"


def test_that_own_groups_and_issuers_are_grouped_by(held: WindowUnderTest) -> None:
    positions = held.window.positions
    for _ in range(4):
        positions.next_group()
    assert positions.group is GroupBy.GROUP
    assert symbols(held) == ["heldff", "AGNCN", "CIM PRB", "NLY PRG", "no group", "AGNCM", "MS PRK"]
    positions.choose_group(GroupBy.ISSUER)
    assert symbols(held)[:3] == ["AGNC", "AGNCM", "AGNCN"]


def test_that_there_are_no_own_groups_without_a_file(ui: WindowUnderTest) -> None:
    positions = ui.window.positions
    for _ in range(4):
        positions.next_group()
    assert positions.group is GroupBy.NONE


def test_that_a_later_file_brings_new_columns_and_another_kind_of_an_old_one(held: WindowUnderTest) -> None:
    held.window.positions.column_menu.picks["fact:COUPON"].trigger()
    sort(held, "fact:COUPON")
    know(held, "PREF IBKR,COUPON,Rating\nCIM PRB,high,A1\nNLY PRG,low,B2\n")
    assert column(held, "fact:COUPON")["CIM PRB"] == "high"
    assert symbols(held)[:2] == ["CIM PRB", "NLY PRG"]
    assert column(held, "fact:RATING")["NLY PRG"] == "B2"
    assert column(held, "fact:GROUP")["CIM PRB"] == "—"


def test_that_they_are_copied_as_plain_figures(held: WindowUnderTest) -> None:
    positions = held.window.positions
    for key in ("fact:COUPON", "fact:EXDIVDATE", "fact:AVGADV", "days_to_call"):
        positions.column_menu.picks[key].trigger()
    place = symbols(held).index("CIM PRB")
    text = positions.view.export([place]).as_text()
    titles, figures = (line.split("\t") for line in text.split("\n"))
    copied = dict(zip(titles, figures, strict=True))
    assert copied["COUPON"] == "8"
    assert copied["EX-DIV DATE"] == "2026-09-30"
    assert copied["AVG_ADV"] == "52700.5"
    assert copied["To call"] == "-902"


def test_that_picks_places_and_sorting_wait_for_the_file_of_the_next_start(
    open_window: Opener, tmp_path: Path
) -> None:
    store = LayoutStore(tmp_path / "ui.json")
    first = open_window(store=store)
    know(first)
    header = first.window.positions.view.header
    for key in ("fact:COUPON", "fact:GROUP"):
        header.arrangement.show_column(key, is_wanted=True)
    places = {each.key: i for i, each in enumerate(header.arrangement.columns)}
    header.moveSection(header.visualIndex(places["fact:COUPON"]), 3)
    sort(first, "fact:COUPON")
    before = shown_keys(first)
    first.window.save_layout()
    second = open_window(store=LayoutStore(tmp_path / "ui.json"))
    second.window.save_layout()
    third = open_window(store=LayoutStore(tmp_path / "ui.json"))
    know(third)
    assert shown_keys(third) == before
    assert third.window.positions.saved().sort == "fact:COUPON"


@pytest.mark.seen
def test_that_columns_come_while_the_table_scrolls_sideways(open_window: Opener) -> None:
    narrow = open_window(size=(960, 500))
    narrow.open(GUN, [position(f"S{number} PRA", 100) for number in range(60)])
    narrow.wait()
    titles = ",".join(f"Column {number}" for number in range(60))
    know(narrow, f"PREF IBKR,{titles}\nS1 PRA{',1' * 60}\n")
    header = narrow.window.positions.view.header
    assert not any(key.startswith("fact:") for key in shown_keys(narrow))
    for number in range(60):
        header.arrangement.show_column(f"fact:COLUMN{number}", is_wanted=True)
    assert narrow.window.positions.view.horizontalScrollBar().maximum() > 0
    narrow.window.grab()


@pytest.mark.seen
@pytest.mark.parametrize("width", [FULL_WIDTH, 1280])
def test_that_every_button_of_the_groups_is_whole_beside_what_the_bar_warns_of(
    open_window: Opener, qtbot: QtBot, width: int
) -> None:
    ui = open_window(size=(width, 720))
    fill(ui)
    know(ui)
    panel = ui.window.positions
    switch = [button for button in panel.findChildren(QPushButton) if button.text() in GROUP_TITLES.values()]
    assert [button.text() for button in switch] == list(GROUP_TITLES.values())
    assert panel.warning.isVisible()
    bar = panel.bar.parentWidget()
    assert bar is not None

    def are_whole() -> bool:
        # Qt lays out again at its next turn.
        right = 0
        for button in switch:
            box = button.parentWidget()
            assert box is not None
            place = QRect(button.mapTo(bar, QPoint()), button.size())
            text = ui.window.theme.metrics(11, bold=True).horizontalAdvance(button.text())
            if button.width() <= text or not box.rect().contains(button.geometry()):
                return False
            right = max(right, place.right())
        return right < panel.filter_box.x()

    qtbot.waitUntil(are_whole)


@pytest.mark.seen
def test_that_spare_room_in_a_bar_goes_to_its_text_not_to_a_button(held: WindowUnderTest) -> None:
    for panel in (held.window.positions, held.window.orders):
        panel.remark.set_text("")
        panel.remark.hide()
        panel.bar.activate()
        assert panel.columns_button.width() == panel.columns_button.sizeHint().width()


def test_that_an_ambiguous_date_is_shown_raw_with_both_meanings(held: WindowUnderTest) -> None:
    know(held, "Symbol,EX-DIV DATE\nCIM PRB,05/10/2026\nAGNCN,06/06/2026\n")
    both = "may mean 2026-05-10 or 2026-10-05"
    assert column(held, "fact:EXDIVDATE")["CIM PRB"] == "05/10/2026"
    assert (
        tooltip(held, "fact:EXDIVDATE", "CIM PRB")
        == f"05/10/2026 in mine.csv, line 2: {both}, shown as it stands"
    )
    assert column(held, "days_to_ex_dividend")["CIM PRB"] == "\u2014"
    assert tooltip(held, "days_to_ex_dividend", "CIM PRB") == f"Not known: 05/10/2026 {both}"
