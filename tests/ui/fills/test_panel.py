"""The table of the fills: what was traded today, and how whole the list of it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill_totals import totals
from psf_monitor.formatting import HIDDEN
from psf_monitor.journal.csv_export import notes
from psf_monitor.problem import Problem
from psf_monitor.ui.fills.columns import FILL_TOTALS, FILLS
from psf_monitor.ui.symbol.row_details import RowDetails
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, PED
from tests.ui.fills.day_of_fills import BOUGHT, DAY, arrive, at
from tests.ui.fills_tab import column, report, tip
from tests.ui.shell.test_hidden_values import every_text
from tests.ui.window import ACCOUNTS, HAMMER, WindowUnderTest

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]


def choose(menu: QMenu, text: str) -> None:
    (action,) = [each for each in menu.actions() if each.text().replace("&", "") == text]
    action.trigger()


# The rows.


def test_that_the_newest_fill_is_on_top(full: WindowUnderTest) -> None:
    panel = full.window.fills
    assert column(panel, "at") == ["11:55:00", "11:50:00", "11:40:00", "11:30:00"]
    assert column(panel, "symbol") == ["CIM PRB", "CIM PRB", "GS PRA", "CIM PRB"]
    section, order = panel.model.sort_order
    assert (section, order) == (FILLS.index("at"), Qt.SortOrder.DescendingOrder)


def test_that_every_cell_names_what_the_broker_reported(full: WindowUnderTest) -> None:
    panel = full.window.fills
    shown = {each.key: column(panel, each.key)[2] for each in FILLS.columns if not each.is_optional}
    assert shown == {
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


def test_that_an_order_of_hammer_reported_as_one_is_marked_and_is_summed_once(full: WindowUnderTest) -> None:
    whole = replace(
        fill("77/filled", "NLY PRF", "SELL", 300, 24.6, mode=HAMMER, account="ALARIC:1", hammer_id="77"),
        broker_id="",
    )
    single = fill("77/a", "NLY PRF", "SELL", 300, 24.6, mode=HAMMER, account="ALARIC:1", hammer_id="77")
    report(full, whole)
    sources = column(full.window.fills, "source")
    assert "HAMMER · whole order" in sources
    text = tip(full.window.fills, "source", sources.index("HAMMER · whole order"))
    assert "HAMMER reports no single executions" in text
    assert notes(whole, NOON) == [
        "the whole order at its average price: HAMMER reported no single executions"
    ]
    (total,) = totals([whole, single])
    assert (total.fills, total.sold) == (1, 300)


def test_that_an_unreported_figure_is_a_dash_that_explains_why(full: WindowUnderTest) -> None:
    panel = full.window.fills
    assert column(panel, "commission") == ["—", "—", "1.25", "1.00"]
    assert column(panel, "realized_pnl") == ["—", "—", "+83.46", "—"]
    assert tip(panel, "commission", 1) == "Commission not reported yet"
    assert tip(panel, "realized_pnl", 1) == "Realized P&L not reported yet"
    assert tip(panel, "realized_pnl", 3).startswith("It opened or added")


def test_that_the_tooltip_of_a_time_has_its_date_and_utc(full: WindowUnderTest) -> None:
    assert tip(full.window.fills, "at", 0) == "2026-09-18 11:55:00 in New York, 15:55:00 UTC"


def test_that_a_fill_without_a_time_is_shown_last(full: WindowUnderTest) -> None:
    report(full, fill("1.9", "MS PRK", at=None))
    panel = full.window.fills
    assert column(panel, "symbol")[-1] == "MS PRK"
    assert column(panel, "at")[-1] == "—"
    assert tip(panel, "at", 4) == "The broker gave no time that could be read"


def test_that_a_commission_that_comes_later_takes_its_place(full: WindowUnderTest) -> None:
    report(full, fill("1.3", "CIM PRB", "SELL", 40, 24.6, at=at(10), commission=0.35, realized_pnl=-4.1))
    panel = full.window.fills
    assert panel.model.row_count == len(DAY)
    assert (column(panel, "commission")[1], column(panel, "realized_pnl")[1]) == ("0.35", "−4.10")


def test_that_a_rebate_is_below_zero_and_a_foreign_cost_names_its_currency(ui: WindowUnderTest) -> None:
    report(ui, fill("1.1", commission=-0.2125, realized_pnl=0.0))
    panel = ui.window.fills
    assert column(panel, "commission") == ["−0.2125"]
    assert "rebate" in tip(panel, "commission", 0)
    foreign = replace(BOUGHT, fill_id="1.5", commission_currency="CAD")
    report(ui, foreign)
    assert "1.00 CAD" in column(panel, "commission")


def test_that_a_correction_replaces_and_reports_it(full: WindowUnderTest) -> None:
    report(full, fill("1.2", "GS PRA", "SELL", 150, 22.05, at=at(20), revision=2))
    panel = full.window.fills
    assert panel.model.row_count == len(DAY)
    assert column(panel, "quantity")[2] == "150"
    assert column(panel, "source")[2] == "IBKR · corrected"
    assert "this is revision 2" in tip(panel, "source", 2)
    assert column(panel, "commission")[2] == "—", "the cost was that of the execution that was corrected"


def test_that_the_name_of_a_side_that_nobody_knows_is_shown_raw(ui: WindowUnderTest) -> None:
    report(ui, fill("1.1", side="EXCH"))
    assert column(ui.window.fills, "side") == ["EXCH"]


def test_that_hammers_fills_report_that_it_reports_no_cost(ui: WindowUnderTest) -> None:
    report(ui, fill("F1", mode=HAMMER, account="ALARIC:1", hammer_id="H-77", revision=0))
    panel = ui.window.fills
    assert (column(panel, "source"), column(panel, "order_id")) == (["HAMMER"], ["H-77"])
    assert tip(panel, "commission", 0) == "HAMMER does not report what an execution costs"
    assert panel.view.header.account == "HAMMER ACCOUNT"


def test_that_a_paper_login_where_a_live_one_is_expected_stands_out(ui: WindowUnderTest) -> None:
    ui.open(GUN, account="DU1240821")
    report(ui, fill("1.1", account="DU1240821"))
    assert column(ui.window.fills, "account") == ["PAPER"]


def test_that_yesterdays_fills_leave_at_midnight_in_new_york(full: WindowUnderTest) -> None:
    full.clock.now = datetime(2026, 9, 19, 4, 0, 1, tzinfo=UTC)
    full.window.show_now()
    assert full.window.fills.model.row_count == 0
    assert full.window.fills.count.text == "—"


def test_that_both_models_keep_qts_rules(ui: WindowUnderTest) -> None:
    panel = ui.window.fills
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    for model in (panel.model, panel.totals.model):
        QAbstractItemModelTester(model, mode, ui.window)
    panel.by_symbol.click()
    report(ui, *DAY)
    ui.window.positions.filter_box.setText("GS")
    report(ui, fill("1.2", "GS PRA", "SELL", 150, 22.05, at=at(20), revision=2))
    ui.window.positions.filter_box.clear()
    panel.totals.view.sortByColumn(FILL_TOTALS.index("net"), Qt.SortOrder.DescendingOrder)
    ui.clock.now = datetime(2026, 9, 19, 4, 0, 1, tzinfo=UTC)
    ui.window.show_now()
    assert panel.totals.model.row_count == 0


# Filter, copy, menu.


@pytest.mark.seen
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


def test_that_a_double_click_filters_to_the_symbol(full: WindowUnderTest) -> None:
    window = full.window
    window.fills.view.doubleClicked.emit(window.fills.model.index(2, 0))
    assert window.positions.filter_box.text() == "GS PRA"


@pytest.mark.seen
def test_that_selected_fills_are_copied_with_titles(full: WindowUnderTest, qtbot: QtBot) -> None:
    view = full.window.fills.view
    view.setFocus()
    view.selectRow(2)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    titles, row = (line.split("\t") for line in QGuiApplication.clipboard().text().split("\n"))
    assert dict(zip(titles, row, strict=True))["Realized P&L"] == "83.456"


def test_that_the_menu_of_a_fill_copies_finds_and_shows_details(full: WindowUnderTest) -> None:
    acts, window = full.window.controllers.fills, full.window
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


@pytest.mark.seen
def test_that_asking_for_the_orders_of_a_symbol_brings_them_to_the_front(full: WindowUnderTest) -> None:
    choose(full.window.controllers.row_menus.of_position(0, 0), "Show orders of CIM PRB")
    assert full.window.orders.isVisible()
    assert full.window.orders.view.selectionModel().selectedRows()


def test_that_the_columns_button_belongs_to_the_table_that_is_seen(full: WindowUnderTest) -> None:
    panel = full.window.fills
    assert panel.columns_button.menu() is panel.column_menu
    panel.by_symbol.click()
    assert panel.columns_button.menu() is panel.totals.column_menu


# The bar's text.


def test_that_the_bar_shows_as_of_when_the_list_is_whole(full: WindowUnderTest) -> None:
    full.clock.advance(30)
    full.fills.fills_listed(PED, [ACCOUNTS[PED]])
    full.window.show_now()
    assert full.window.fills.remark.text == "Fill list checked 12:00:00 ET"


def test_that_a_login_that_left_keeps_its_fills_and_their_time(full: WindowUnderTest) -> None:
    full.links[PED].be(LinkState.IDLE)
    full.clock.advance(30)
    full.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    full.window.show_now()
    panel = full.window.fills
    assert "PED" in column(panel, "account")
    assert (
        panel.remark.text == "Fill list checked 12:00:30 ET  ·  IBKR_PED is not connected, as of 12:00:00 ET"
    )


def test_that_fills_that_are_not_available_are_reported(full: WindowUnderTest) -> None:
    full.fills.fills_unavailable(GUN, Problem("TWS does not answer."))
    full.window.show_now()
    panel = full.window.fills
    assert (panel.chip.text, panel.warning.text) == ("INCOMPLETE", "fills of IBKR_GUN are not available")
    assert "TWS does not answer." in panel.warning.toolTip()


def empty_title(ui: WindowUnderTest) -> str:
    empty = ui.window.fills.frame.empty
    assert not empty.isHidden()
    return empty.shown.title


def test_that_an_empty_table_never_calls_unknown_rows_none(ui: WindowUnderTest) -> None:
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


# Hidden values.


def test_that_hide_values_covers_quantities_and_money_and_nothing_else(full: WindowUnderTest) -> None:
    window = full.window
    window.menus.announce_fills.trigger()
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
    toast = window.controllers.fills.toast.label
    assert toast.text == f"GUN  BUY {HIDDEN} NLY PRG at 25.44  (and 1 more)"
    assert "4,321" not in toast.toolTip() + toast.accessibleName()


def test_that_no_widget_and_no_role_reveals_a_figure_of_a_fill(full: WindowUnderTest) -> None:
    window = full.window
    window.menus.announce_fills.trigger()
    arrive(full, fill("3.1", "NLY PRG", "BUY", 4321, 25.44, commission=7.77, realized_pnl=-65.43))
    window.fills.by_symbol.click()
    window.controllers.row_menus.show_details(window.fills, window.fills.model.line(0).key)
    secrets = {"4,321", "7.77", "65.43"}
    assert secrets <= {each for each in secrets if any(each in text for text in every_text(window))}
    window.menus.hide_values.trigger()
    window.show_now()
    assert not {each for each in secrets for text in every_text(window) if each in text}


def test_that_every_mode_has_a_name_for_its_source(ui: WindowUnderTest) -> None:
    for mode in AccountMode:
        report(ui, fill(f"9.{mode}", mode=mode))
    assert set(column(ui.window.fills, "source")) == {"IBKR", "HAMMER"}
    assert ui.window.fills.view.header.account == "IBKR / HAMMER ACCOUNT"
