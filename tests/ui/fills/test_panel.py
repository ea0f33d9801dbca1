"""The second tab of the lower section: what was traded today, and how whole the list of it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.fill_totals import totals
from psf_monitor.formatting import HIDDEN
from psf_monitor.journal.csv_export import notes
from psf_monitor.problem import Problem
from psf_monitor.ui.fills.columns import FILL_TOTALS, FILLS
from psf_monitor.ui.shell.layout.store import LayoutStore
from psf_monitor.ui.symbol.row_details import RowDetails
from tests.fill_records import fill
from tests.records import GUN, NOON, PED
from tests.ui.fills_tab import column, tell, tip
from tests.ui.shell.test_hidden_values import every_text
from tests.ui.window import ACCOUNTS, HAMMER, WindowUnderTest, quote
from tests.ui.window import fill as fill_window

Opener = Callable[..., WindowUnderTest]
CONTROL = Qt.KeyboardModifier.ControlModifier


def at(minutes: float) -> datetime:
    """So many minutes before noon in New York."""
    return NOON - timedelta(minutes=minutes)


BOUGHT = fill("1.1", at=at(30), commission=1.0, venue="NYSE", order_id=11, perm_id=9001, client_id=3)
SOLD = fill(
    "1.2",
    "GS PRA",
    "SELL",
    200,
    22.05,
    at=at(20),
    commission=1.25,
    realized_pnl=83.456,
    order_id=0,
    perm_id=9002,
)
UNTOLD = fill("1.3", "CIM PRB", "SELL", 40, 24.6, at=at(10))
OF_PED = fill("2.1", "CIM PRB", "BUY", 1700, 24.41, at=at(5), account=ACCOUNTS[PED], mode=PED)
DAY = (BOUGHT, SOLD, UNTOLD, OF_PED)


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    """Both logins are there, and each has told its list of the day."""
    fill_window(ui)
    tell(ui, *DAY)
    for mode in (GUN, PED):
        ui.fills.fills_listed(mode, [ACCOUNTS[mode]])
    ui.window.section.show_fills(True)
    ui.window.show_now()
    return ui


def choose(menu: QMenu, words: str) -> None:
    (action,) = [each for each in menu.actions() if each.text().replace("&", "") == words]
    action.trigger()


def tab(ui: WindowUnderTest, words: str) -> QAbstractButton:
    (button,) = [
        each for each in ui.window.section.tabs.findChildren(QAbstractButton) if each.text() == words
    ]
    return button


# The tabs.


def test_that_the_orders_are_in_front_until_the_fills_are_asked_for(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    window = ui.window
    assert window.orders.isVisible()
    assert not window.fills.isVisible()
    qtbot.mouseClick(tab(ui, "Fills"), Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert window.fills.isVisible()
    assert not window.orders.isVisible()
    assert tab(ui, "Fills").isVisible()
    qtbot.mouseClick(tab(ui, "Open orders"), Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert window.orders.isVisible()


def test_that_switching_moves_nothing_else(full: WindowUnderTest) -> None:
    section = full.window.section
    before = (section.geometry(), full.window.positions.geometry(), tab(full, "Open orders").geometry())
    section.switch()
    QApplication.processEvents()
    now = (section.geometry(), full.window.positions.geometry(), tab(full, "Open orders").geometry())
    assert now == before


def test_that_ctrl_tab_switches_and_the_keys_follow(full: WindowUnderTest, qtbot: QtBot) -> None:
    window = full.window
    window.fills.view.setFocus()
    qtbot.keyClick(window.fills.view, Qt.Key.Key_Tab, CONTROL)  # type: ignore[no-untyped-call]
    assert window.alerts.view.hasFocus()
    qtbot.keyClick(window.alerts.view, Qt.Key.Key_Tab, CONTROL)  # type: ignore[no-untyped-call]
    assert window.orders.isVisible()
    assert window.orders.view.hasFocus()
    qtbot.keyClick(window.orders.view, Qt.Key.Key_Tab, CONTROL)  # type: ignore[no-untyped-call]
    assert window.fills.view.hasFocus()


def test_that_ctrl_tab_leaves_the_keys_to_the_positions(full: WindowUnderTest, qtbot: QtBot) -> None:
    view = full.window.positions.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab, CONTROL)  # type: ignore[no-untyped-call]
    assert full.window.alerts.isVisible()
    assert view.hasFocus()


def test_that_a_tab_pressed_by_key_keeps_the_keys(full: WindowUnderTest, qtbot: QtBot) -> None:
    button = tab(full, "Open orders")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)  # type: ignore[no-untyped-call]
    assert full.window.orders.isVisible()
    assert button.hasFocus()


def test_that_f6_goes_to_the_table_that_is_seen(full: WindowUnderTest, qtbot: QtBot) -> None:
    window = full.window
    window.positions.view.setFocus()
    qtbot.keyClick(window.positions.view, Qt.Key.Key_F6)  # type: ignore[no-untyped-call]
    assert window.fills.view.hasFocus()
    window.fills.by_symbol.click()
    window.positions.view.setFocus()
    qtbot.keyClick(window.positions.view, Qt.Key.Key_F6)  # type: ignore[no-untyped-call]
    assert window.fills.totals.view.hasFocus()


def test_that_both_tabs_name_themselves_and_count_their_rows(full: WindowUnderTest) -> None:
    names = {tab(full, words).accessibleName() for words in ("Open orders", "Fills")}
    assert names == {"Show open orders", "Show fills"}
    assert full.window.orders.count.text == "2"
    assert full.window.fills.count.text == "4"
    assert full.window.orders.count.isVisible()


def test_that_what_the_panel_behind_warns_of_stands_beside_the_tabs(full: WindowUnderTest) -> None:
    section = full.window.section
    full.quote(CIM_PRB=quote(full.clock, bid=24.5, ask=24.54))
    full.window.show_now()
    near = full.window.orders.chip.text
    assert near == "1 near fill"
    assert [chip.text for chip in section.behind] == [f"Open orders: {near}", "", ""]
    assert section.behind[0].isVisible()
    full.fills.fills_unavailable(GUN, Problem("TWS does not answer."))
    full.window.show_now()
    section.show_fills(False)
    assert [chip.text for chip in section.behind] == ["", "Fills: INCOMPLETE", ""]


def test_that_no_tab_moves_when_the_panel_behind_begins_to_warn(full: WindowUnderTest, qtbot: QtBot) -> None:
    window = full.window
    window.section.show_fills(True)
    QApplication.processEvents()
    chip = window.section.behind[0]

    def is_whole() -> bool:
        return chip.width() == chip.sizeHint().width()

    def places() -> list[int]:
        tabs = (tab(full, words) for words in ("Open orders", "Fills", "Alerts"))
        return [each.mapTo(window, QPoint(0, 0)).x() for each in tabs]

    before = places()
    full.quote(CIM_PRB=quote(full.clock, bid=24.5, ask=24.54))
    full.wait()
    assert chip.text == "Open orders: 1 near fill"
    qtbot.waitUntil(is_whole)
    assert places() == before
    window.section.show_fills(False)
    qtbot.waitUntil(is_whole)
    assert places() == before


# The rows.


def test_that_the_newest_fill_is_on_top(full: WindowUnderTest) -> None:
    panel = full.window.fills
    assert column(panel, "at") == ["11:55:00", "11:50:00", "11:40:00", "11:30:00"]
    assert column(panel, "symbol") == ["CIM PRB", "CIM PRB", "GS PRA", "CIM PRB"]
    section, order = panel.model.sort_order
    assert (section, order) == (FILLS.index("at"), Qt.SortOrder.DescendingOrder)


def test_that_every_cell_says_what_the_broker_told(full: WindowUnderTest) -> None:
    panel = full.window.fills
    said = {each.key: column(panel, each.key)[2] for each in FILLS.columns if not each.is_hidden}
    assert said == {
        "at": "11:40:00",
        "trade_date": "09-18",
        "account": "GUN",
        "symbol": "GS PRA",
        "side": "SELL",
        "quantity": "200",
        "price": "22.05",
        "commission": "1.25",
        "realized_pnl": "+83.46",
        "order_id": "9002",
        "venue": "—",
        "source": "IBKR",
    }


def test_that_an_order_of_hammer_told_as_one_says_so_and_is_summed_once(full: WindowUnderTest) -> None:
    whole = replace(
        fill("77/filled", "NLY PRF", "SELL", 300, 24.6, mode=HAMMER, account="ALARIC:1", hammer_id="77"),
        broker_id="",
    )
    single = fill("77/a", "NLY PRF", "SELL", 300, 24.6, mode=HAMMER, account="ALARIC:1", hammer_id="77")
    tell(full, whole)
    sources = column(full.window.fills, "source")
    assert "HAMMER · whole order" in sources
    told = tip(full.window.fills, "source", sources.index("HAMMER · whole order"))
    assert "HAMMER tells no single executions" in told
    assert notes(whole) == ["the whole order at its average price: HAMMER told no single executions"]
    (total,) = totals([whole, single])
    assert (total.fills, total.sold) == (1, 300)


def test_that_what_was_not_told_is_a_dash_that_says_why(full: WindowUnderTest) -> None:
    panel = full.window.fills
    assert column(panel, "commission") == ["—", "—", "1.25", "1.00"]
    assert column(panel, "realized_pnl") == ["—", "—", "+83.46", "—"]
    assert tip(panel, "commission", 1) == "Commission not told yet"
    assert tip(panel, "realized_pnl", 1) == "Realized P&L not told yet"
    assert tip(panel, "realized_pnl", 3).startswith("It opened or added")


def test_that_the_time_tells_its_date_and_utc(full: WindowUnderTest) -> None:
    assert tip(full.window.fills, "at", 0) == "2026-09-18 11:55:00 in New York, 15:55:00 UTC"


def test_that_a_fill_without_a_time_is_shown_last(full: WindowUnderTest) -> None:
    tell(full, fill("1.9", "MS PRK", at=None))
    panel = full.window.fills
    assert column(panel, "symbol")[-1] == "MS PRK"
    assert column(panel, "at")[-1] == "—"
    assert tip(panel, "at", 4) == "The broker gave no time that could be read"


def test_that_a_commission_that_comes_later_takes_its_place(full: WindowUnderTest) -> None:
    tell(full, fill("1.3", "CIM PRB", "SELL", 40, 24.6, at=at(10), commission=0.35, realized_pnl=-4.1))
    panel = full.window.fills
    assert panel.model.row_count == len(DAY)
    assert (column(panel, "commission")[1], column(panel, "realized_pnl")[1]) == ("0.35", "−4.10")


def test_that_a_rebate_is_below_zero_and_a_foreign_cost_names_its_currency(ui: WindowUnderTest) -> None:
    tell(ui, fill("1.1", commission=-0.2125, realized_pnl=0.0))
    panel = ui.window.fills
    assert column(panel, "commission") == ["−0.2125"]
    assert "rebate" in tip(panel, "commission", 0)
    foreign = Fill(
        **{
            **{name: getattr(BOUGHT, name) for name in BOUGHT.__dataclass_fields__},
            "fill_id": "1.5",
            "commission_currency": "CAD",
        }
    )
    tell(ui, foreign)
    assert "1.00 CAD" in column(panel, "commission")


def test_that_a_correction_replaces_and_says_so(full: WindowUnderTest) -> None:
    tell(full, fill("1.2", "GS PRA", "SELL", 150, 22.05, at=at(20), revision=2))
    panel = full.window.fills
    assert panel.model.row_count == len(DAY)
    assert column(panel, "quantity")[2] == "150"
    assert column(panel, "source")[2] == "IBKR · corrected"
    assert "telling 2" in tip(panel, "source", 2)
    assert column(panel, "commission")[2] == "—", "the cost was that of the execution that was corrected"


def test_that_a_word_for_a_side_that_nobody_knows_is_shown_raw(ui: WindowUnderTest) -> None:
    tell(ui, fill("1.1", side="EXCH"))
    assert column(ui.window.fills, "side") == ["EXCH"]


def test_that_hammers_fills_say_that_it_tells_no_cost(ui: WindowUnderTest) -> None:
    tell(ui, fill("F1", mode=HAMMER, account="ALARIC:1", hammer_id="H-77", revision=0))
    panel = ui.window.fills
    assert (column(panel, "source"), column(panel, "order_id")) == (["HAMMER"], ["H-77"])
    assert tip(panel, "commission", 0) == "HAMMER does not tell what an execution costs"
    assert panel.view.header.account == "HAMMER ACCOUNT"


def test_that_a_paper_login_where_a_live_one_is_expected_stands_out(ui: WindowUnderTest) -> None:
    ui.open(GUN, account="DU1240821")
    tell(ui, fill("1.1", account="DU1240821"))
    assert column(ui.window.fills, "account") == ["PAPER"]


def test_that_yesterdays_fills_leave_at_midnight_in_new_york(full: WindowUnderTest) -> None:
    full.clock.now = datetime(2026, 9, 19, 4, 0, 1, tzinfo=UTC)
    full.window.show_now()
    assert full.window.fills.model.row_count == 0
    assert full.window.fills.count.text == "—"


# The totals.


def test_that_the_totals_are_those_of_the_rows(full: WindowUnderTest) -> None:
    panel = full.window.fills
    panel.by_symbol.click()
    totals = panel.totals
    assert totals.isVisible()
    found = list(
        zip(*(column(totals, key) for key in ("symbol", "account", "bought", "sold", "net")), strict=True)
    )
    assert found == [
        ("CIM PRB", "GUN", "100", "40", "60"),
        ("CIM PRB", "PED", "1,700", "0", "1,700"),
        ("GS PRA", "GUN", "0", "200", "−200"),
    ]
    assert column(totals, "bought_average") == ["24.5000", "24.4100", "—"]
    assert column(totals, "commission") == ["1.00", "—", "1.25"]
    assert column(totals, "realized_pnl") == ["—", "—", "+83.46"]
    assert panel.count.text == "4", "fills are counted, not their sums"


def test_that_the_totals_say_what_they_lack(full: WindowUnderTest) -> None:
    tell(full, fill("1.7", "CIM PRB", quantity=None, at=at(2)))
    panel = full.window.fills
    panel.by_symbol.click()
    assert column(panel.totals, "lacks")[0] == (
        "2 commissions and 2 realized P&Ls not told yet · 1 fill of unknown size not counted"
    )
    assert column(panel.totals, "lacks")[2] == ""
    assert tip(panel.totals, "commission", 0) == "Commission of 1 fill, 2 of 3 not told"


def test_that_the_totals_follow_what_comes(full: WindowUnderTest) -> None:
    panel = full.window.fills
    panel.by_symbol.click()
    tell(full, fill("1.8", "GS PRA", "BUY", 50, 22.0, at=at(1)), fill("1.9", "MS PRK", at=at(0)))
    assert column(panel.totals, "symbol") == ["CIM PRB", "CIM PRB", "GS PRA", "MS PRK"]
    assert column(panel.totals, "net")[2] == "−150"
    panel.by_symbol.click()
    assert panel.count.text == "6"


def test_that_both_models_keep_qts_rules(ui: WindowUnderTest) -> None:
    panel = ui.window.fills
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    for model in (panel.model, panel.totals.model):
        QAbstractItemModelTester(model, mode, ui.window)
    panel.by_symbol.click()
    tell(ui, *DAY)
    ui.window.positions.filter_box.setText("GS")
    tell(ui, fill("1.2", "GS PRA", "SELL", 150, 22.05, at=at(20), revision=2))
    ui.window.positions.filter_box.clear()
    panel.totals.view.sortByColumn(FILL_TOTALS.index("net"), Qt.SortOrder.DescendingOrder)
    ui.clock.now = datetime(2026, 9, 19, 4, 0, 1, tzinfo=UTC)
    ui.window.show_now()
    assert panel.totals.model.row_count == 0


# Filter, copy, menu.


def test_that_the_account_switch_and_the_filter_hold_for_the_fills(full: WindowUnderTest) -> None:
    window = full.window
    window.positions.choose(2)
    assert column(window.fills, "account") == ["PED"]
    window.positions.choose(0)
    window.positions.filter_box.setText("gs")
    assert column(window.fills, "symbol") == ["GS PRA"]
    assert window.fills.count.text == "1 of 4"
    window.positions.filter_box.setText("XYZ")
    assert window.fills.frame.empty.isVisible()
    assert "XYZ" in window.fills.frame.empty.title.text


def test_that_the_totals_are_filtered_too(full: WindowUnderTest) -> None:
    window = full.window
    window.fills.by_symbol.click()
    window.positions.filter_box.setText("gs")
    assert column(window.fills.totals, "symbol") == ["GS PRA"]
    assert window.fills.count.text == "1 of 4"


def test_that_a_double_click_filters_to_the_symbol(full: WindowUnderTest) -> None:
    window = full.window
    window.fills.view.doubleClicked.emit(window.fills.model.index(2, 0))
    assert window.positions.filter_box.text() == "GS PRA"


def test_that_selected_fills_are_copied_with_titles(full: WindowUnderTest, qtbot: QtBot) -> None:
    view = full.window.fills.view
    view.setFocus()
    view.selectRow(2)
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)  # type: ignore[no-untyped-call]
    titles, row = (line.split("\t") for line in QGuiApplication.clipboard().text().split("\n"))
    assert dict(zip(titles, row, strict=True))["Realized P&L"] == "83.456"


def test_that_the_menu_of_a_fill_copies_finds_and_tells(full: WindowUnderTest) -> None:
    acts, window = full.window.fills_controller, full.window
    choose(acts.menu_of(2, FILLS.index("price")), "Copy cell")
    assert QGuiApplication.clipboard().text() == "22.05"
    choose(acts.menu_of(2, 0), "Copy order id")
    assert QGuiApplication.clipboard().text() == "9002"
    choose(acts.menu_of(2, 0), "Show position")
    shown = window.positions.view.selectionModel().selectedRows()
    assert [full.cell("symbol", index.row()) for index in shown] == ["GS PRA"]
    choose(acts.menu_of(2, 0), "Details")
    (details,) = window.findChildren(RowDetails)
    assert details.figures["price"][0].text() == "22.05"
    details.close()
    choose(acts.menu_of(2, 0), "Filter to GS PRA")
    assert window.positions.filter_box.text() == "GS PRA"


def test_that_the_menu_of_a_total_has_no_order(full: WindowUnderTest) -> None:
    full.window.fills.by_symbol.click()
    words = [each.text().replace("&", "") for each in full.window.fills_controller.menu_of(0, 0).actions()]
    assert "Copy order id" not in words
    assert "Show position" in words


def test_that_asking_for_the_orders_of_a_symbol_brings_them_to_the_front(full: WindowUnderTest) -> None:
    choose(full.window.row_menus.of_position(0, 0), "Show orders of CIM PRB")
    assert full.window.orders.isVisible()
    assert full.window.orders.view.selectionModel().selectedRows()


def test_that_the_columns_button_belongs_to_the_table_that_is_seen(full: WindowUnderTest) -> None:
    panel = full.window.fills
    assert panel.columns_button.menu() is panel.column_menu
    panel.by_symbol.click()
    assert panel.columns_button.menu() is panel.totals.column_menu


# What the bar says.


def test_that_the_bar_says_as_of_when_the_list_is_whole(full: WindowUnderTest) -> None:
    full.clock.advance(30)
    full.fills.fills_listed(PED, [ACCOUNTS[PED]])
    full.window.show_now()
    assert full.window.fills.remark.text == "As of 12:00:00 ET"


def test_that_a_login_that_left_keeps_its_fills_and_their_time(full: WindowUnderTest) -> None:
    full.links[PED].be(LinkState.IDLE)
    full.clock.advance(30)
    full.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    full.window.show_now()
    panel = full.window.fills
    assert "PED" in column(panel, "account")
    assert panel.remark.text == "As of 12:00:30 ET  ·  IBKR_PED is not connected, as of 12:00:00 ET"


def test_that_fills_that_are_not_available_are_said(full: WindowUnderTest) -> None:
    full.fills.fills_unavailable(GUN, Problem("TWS does not answer."))
    full.window.show_now()
    panel = full.window.fills
    assert (panel.chip.text, panel.warning.text) == ("INCOMPLETE", "fills of IBKR_GUN are not available")
    assert "TWS does not answer." in panel.warning.toolTip()


def empty_title(ui: WindowUnderTest) -> str:
    empty = ui.window.fills.frame.empty
    assert not empty.isHidden()
    return empty.shown.title


def test_that_an_empty_table_never_calls_unknown_none(ui: WindowUnderTest) -> None:
    ui.window.section.show_fills(True)
    ui.window.show_now()
    assert empty_title(ui) == "No fills to show"
    ui.open(GUN)
    ui.window.show_now()
    assert empty_title(ui) == "Loading fills…"
    ui.fills.fills_unavailable(GUN, Problem("TWS does not answer."))
    ui.window.show_now()
    assert empty_title(ui) == "Fills are not known"
    ui.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    ui.window.show_now()
    assert empty_title(ui) == "No fills today"
    assert ui.window.fills.frame.empty.shown.steps == (
        "IBKR_GUN has none as of 12:00:00 ET.",
        "IBKR_PED is not connected.",
    )
    ui.window.positions.choose(3)
    assert empty_title(ui) == "HAMMER_PRO is not read"


# Being told.


def arrive(ui: WindowUnderTest, *fills: Fill) -> None:
    """They happen while we watch."""
    for mode in {each.mode for each in fills}:
        ui.fills.fills_listed(mode, [ACCOUNTS[mode]])
    tell(ui, *fills)


def test_that_nothing_is_said_and_no_sound_is_made_unless_wanted(
    full: WindowUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    beeps: list[int] = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(1))
    arrive(full, fill("3.1"))
    assert not full.window.fills_controller.toast.isVisible()
    assert not beeps


def test_that_a_new_fill_is_said_and_sounded_when_wanted(
    full: WindowUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    beeps: list[int] = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(1))
    full.window.menus.tell_fills.trigger()
    full.window.menus.beep_fills.trigger()
    arrive(full, fill("3.1", "NLY PRG", "BUY", 300, 25.44))
    toast = full.window.fills_controller.toast
    assert toast.isVisible()
    assert toast.label.text == "GUN  BUY 300 NLY PRG at 25.44"
    assert beeps == [1]
    arrive(full, fill("3.2", "MS PRK", "SELL", 10, 25.0))
    assert toast.label.text == "GUN  SELL 10 MS PRK at 25.00  (and 1 more)"
    toast.timer.timeout.emit()
    assert not toast.isVisible()
    arrive(full, fill("3.3", "T PRC", "SELL", 5, 19.1))
    assert toast.label.text == "GUN  SELL 5 T PRC at 19.10"


def test_that_the_list_of_the_morning_is_no_news(ui: WindowUnderTest) -> None:
    ui.window.menus.tell_fills.trigger()
    tell(ui, *DAY)
    ui.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    ui.window.show_now()
    assert not ui.window.fills_controller.toast.isVisible()


def test_that_the_line_takes_no_keys_stays_inside_and_opens_the_fills(
    full: WindowUnderTest, qtbot: QtBot
) -> None:
    window = full.window
    window.menus.tell_fills.trigger()
    window.section.show_fills(False)
    window.positions.view.setFocus()
    arrive(full, fill("3.1"))
    toast = window.fills_controller.toast
    assert window.positions.view.hasFocus()
    assert window.rect().contains(toast.geometry())
    window.resize(960, 700)
    assert window.rect().contains(toast.geometry())
    qtbot.mouseClick(toast, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert not toast.isVisible()
    assert window.fills.isVisible()


# Hidden values.


def test_that_hide_values_covers_quantities_and_money_and_nothing_else(full: WindowUnderTest) -> None:
    window = full.window
    window.menus.tell_fills.trigger()
    arrive(full, fill("3.1", "NLY PRG", "BUY", 300, 25.44, commission=7.77))
    window.fills.by_symbol.click()
    window.menus.hide_values.trigger()
    arrive(full, fill("3.2", "NLY PRG", "BUY", 4321, 25.44))
    fills, totals = window.fills, window.fills.totals
    for key in ("quantity",):
        assert set(column(fills, key)) == {HIDDEN}
    assert set(column(fills, "commission")) == {HIDDEN, "—"}
    assert set(column(fills, "realized_pnl")) == {HIDDEN, "—"}
    assert set(column(totals, "bought") + column(totals, "net")) == {HIDDEN}
    assert column(fills, "price").count("25.44") == 2
    assert tip(fills, "commission", 0) == "Hidden; Ctrl+H shows values"
    toast = window.fills_controller.toast.label
    assert toast.text == f"GUN  BUY {HIDDEN} NLY PRG at 25.44  (and 1 more)"
    assert "4,321" not in toast.toolTip() + toast.accessibleName()


def test_that_no_widget_and_no_role_tells_a_figure_of_a_fill(full: WindowUnderTest) -> None:
    window = full.window
    window.menus.tell_fills.trigger()
    arrive(full, fill("3.1", "NLY PRG", "BUY", 4321, 25.44, commission=7.77, realized_pnl=-65.43))
    window.fills.by_symbol.click()
    window.row_menus.show_details(window.fills, window.fills.model.line(0).key)
    secrets = {"4,321", "7.77", "65.43"}
    assert secrets <= {each for each in secrets if any(each in said for said in every_text(window))}
    window.menus.hide_values.trigger()
    window.show_now()
    assert not {each for each in secrets for said in every_text(window) if each in said}


# Kept.


def test_that_the_tab_and_its_tables_come_back_as_they_were(open_window: Opener, tmp_path: Path) -> None:
    store = LayoutStore(tmp_path / "ui.json")
    window = open_window(store=store).window
    window.section.show_fills(True)
    window.fills.by_symbol.click()
    window.menus.tell_fills.trigger()
    window.menus.beep_fills.trigger()
    window.fills.view.header.arrangement.show_column("broker_id", is_wanted=True)
    window.fills.view.sortByColumn(FILLS.index("symbol"), Qt.SortOrder.AscendingOrder)
    window.fills.totals.view.sortByColumn(FILL_TOTALS.index("net"), Qt.SortOrder.DescendingOrder)
    window.close()
    again = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    assert again.section.shows_fills
    assert again.fills.by_symbol.isChecked()
    assert again.fills.totals.isVisible()
    assert (again.menus.tell_fills.isChecked(), again.menus.beep_fills.isChecked()) == (True, True)
    assert again.fills.view.header.arrangement.is_shown("broker_id")
    assert again.fills.model.sort_order == (FILLS.index("symbol"), Qt.SortOrder.AscendingOrder)
    assert again.fills.totals.model.sort_order == (FILL_TOTALS.index("net"), Qt.SortOrder.DescendingOrder)


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_that_the_order_by_time_comes_back_whichever_way_it_was(
    open_window: Opener, tmp_path: Path, order: Qt.SortOrder
) -> None:
    window = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    window.fills.view.sortByColumn(FILLS.index("at"), order)
    window.close()
    again = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    assert again.fills.model.sort_order == (FILLS.index("at"), order)


# The look.


@pytest.mark.parametrize("width", [940, 1280])
def test_that_the_columns_have_room_and_no_button_is_cut(full: WindowUnderTest, width: int) -> None:
    window = full.window
    window.resize(width, 720)
    QApplication.processEvents()
    for is_by_symbol in (False, True):
        window.fills.by_symbol.setChecked(is_by_symbol)
        front = window.fills.front
        assert front.view.horizontalScrollBar().maximum() == 0
        for section in front.view.header.arrangement.shown:
            title = front.model.columns[section].title
            room = front.view.columnWidth(section)
            assert window.theme.metrics(11, bold=True).horizontalAdvance(title) <= room, title
        for button in window.fills.findChildren(QAbstractButton):
            if button.isVisible() and button.text():
                assert button.sizeHint().width() <= button.width() + 1, button.text()


def test_that_the_tab_does_not_widen_the_window(full: WindowUnderTest) -> None:
    assert full.window.minimumSizeHint().width() <= 940


def test_that_every_mode_has_a_word_for_its_source(ui: WindowUnderTest) -> None:
    for mode in AccountMode:
        tell(ui, fill(f"9.{mode}", mode=mode))
    assert set(column(ui.window.fills, "source")) == {"IBKR", "HAMMER"}
    assert ui.window.fills.view.header.account == "IBKR / HAMMER ACCOUNT"
