"""A click with the right button on a row: copy, look, find. Never an order."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.symbol.row_details import RowDetails
from tests.support.fill_records import fill as execution
from tests.support.records import GUN, NOON, PED, position
from tests.ui.service import Service
from tests.ui.window import WindowUnderTest, fill, quote, symbols

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]


@pytest.fixture
def full(ui: WindowUnderTest) -> WindowUnderTest:
    fill(ui)
    return ui


def choose(menu: QMenu, text: str) -> None:
    (action,) = [each for each in menu.actions() if each.text().replace("&", "") == text]
    action.trigger()


def on_position(ui: WindowUnderTest, place: int, key: str = "symbol") -> QMenu:
    return ui.window.controllers.row_menus.of_position(place, POSITIONS.index(key))


def on_order(ui: WindowUnderTest, place: int) -> QMenu:
    return ui.window.controllers.row_menus.of_order(place, ORDERS.index("symbol"))


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def selected(ui: WindowUnderTest) -> list[str]:
    view = ui.window.orders.view
    return [ui.order_cell("symbol", index.row()) for index in view.selectionModel().selectedRows()]


def test_that_a_cell_a_row_and_the_table_are_copied_with_titles(full: WindowUnderTest) -> None:
    choose(on_position(full, 2, "quantity"), "Copy cell")
    assert clipboard() == "-800"
    choose(on_position(full, 2), "Copy row")
    titles, row = (line.split("\t") for line in clipboard().split("\n"))
    assert dict(zip(titles, row, strict=True))["Symbol"] == "GS PRA"
    choose(on_position(full, 0), "Copy table")
    lines = clipboard().split("\n")
    assert len(lines) == 1 + full.window.positions.model.shown_count
    assert {len(line.split("\t")) for line in lines} == {19}


def test_that_an_orders_id_is_copied(full: WindowUnderTest) -> None:
    choose(on_order(full, 0), "Copy order id")
    assert clipboard() == full.order_cell("order_id", 0)


def test_that_filter_to_symbol_leaves_its_rows_alone(full: WindowUnderTest) -> None:
    choose(on_position(full, 2), "Filter to GS PRA")
    assert symbols(full) == ["GS PRA"]


def test_that_an_order_filters_every_table_to_its_symbol(full: WindowUnderTest) -> None:
    place = next(i for i in range(2) if full.order_cell("symbol", i) == "GS PRA")
    choose(on_order(full, place), "Filter to GS PRA")
    assert symbols(full) == ["GS PRA"]
    assert full.window.orders.model.shown_count == 1


@pytest.mark.seen
def test_that_the_orders_of_a_symbol_are_selected_and_none_is_hidden(full: WindowUnderTest) -> None:
    choose(on_position(full, 2), "Show orders of GS PRA")
    assert selected(full) == ["GS PRA"]
    assert full.window.orders.model.shown_count == 2
    assert full.window.orders.view.hasFocus()


def test_that_a_symbol_without_orders_is_reported(full: WindowUnderTest) -> None:
    choose(on_position(full, 3), "Show orders of TWO PRB")
    assert "no open order of TWO PRB is shown" in full.window.status.news.text


def test_that_an_orders_position_is_found_behind_a_filter_and_another_account(full: WindowUnderTest) -> None:
    full.window.positions.choose(2)
    full.window.positions.filter_box.setText("CIM")
    full.window.orders.model.filter((GUN, PED), "")
    place = next(i for i in range(2) if full.order_cell("symbol", i) == "GS PRA")
    choose(on_order(full, place), "Show position")
    view = full.window.positions.view
    assert [full.cell("symbol", i.row()) for i in view.selectionModel().selectedRows()] == ["GS PRA"]


def test_that_an_order_without_a_position_is_reported_and_the_filter_stays(full: WindowUnderTest) -> None:
    full.book.positions_replaced(GUN, [position("TWO PRB")])
    full.window.positions.filter_box.setText("CIM")
    full.window.show_now()
    symbol = full.order_cell("symbol", 0)
    choose(on_order(full, 0), "Show position")
    assert f"holds no {symbol}" in full.window.status.news.text
    assert full.window.positions.filter_box.text() == "CIM"


def details(ui: WindowUnderTest) -> list[RowDetails]:
    return ui.window.findChildren(RowDetails)


def test_that_details_show_every_figure_and_the_sum_behind_it(full: WindowUnderTest) -> None:
    choose(on_position(full, 0), "Details")
    (opened,) = details(full)
    assert not opened.isModal()
    assert set(opened.figures) == {column.key for column in POSITIONS.columns} - {"day_line"}
    figure, reason = opened.figures["market_value"]
    assert (figure.text(), reason.text()[:13]) == ("73,650", "3,000 × 24.55")
    assert opened.figures["hammer_symbol"][0].text() == "CIM-B"
    opened.close()


def test_that_details_follow_the_row(full: WindowUnderTest, qtbot: QtBot) -> None:
    choose(on_position(full, 0), "Details")
    (opened,) = details(full)
    full.quote(CIM_PRB=quote(full.clock, last=24.57))
    full.wait()
    assert opened.figures["last"][0].text() == "24.57"
    full.lose_hammer()
    full.wait()
    assert opened.figures["last"][0].text() == "24.57  (old)"
    full.book.positions_replaced(GUN, [])
    full.wait()
    assert "no longer there" in opened.message.text()
    assert opened.figures["quantity"][0].text() == "3,000"
    opened.close()
    qtbot.waitUntil(lambda: not details(full))
    full.wait()


def test_that_an_orders_details_are_reported(full: WindowUnderTest) -> None:
    choose(on_order(full, 0), "Details")
    (opened,) = details(full)
    assert opened.figures["client_id"][0].text() == "3"
    opened.close()


def test_that_details_name_no_source_without_figures(full: WindowUnderTest) -> None:
    panel = full.window.fills
    full.fills.fills_reported(GUN, [execution("1.1", at=NOON)])
    full.window.controllers.fills.apply_changes()
    full.window.controllers.row_menus.show_details(panel, next(iter(panel.model.rows())).key)
    (opened,) = details(full)
    texts = [label.text() for label in opened.findChildren(QLabel)]
    assert "IBKR" in texts
    assert "HAMMER QUOTES" not in texts
    opened.close()


@pytest.mark.seen
def test_that_the_right_button_opens_the_menu_of_the_row_under_it(full: WindowUnderTest) -> None:
    view = full.window.positions.view
    at = view.visualRect(full.window.positions.model.index(1, POSITIONS.index("symbol"))).center()
    view.menu_requested.emit(at)
    menus = [menu for menu in full.window.findChildren(QMenu) if menu.isVisible()]
    assert "&Filter to CIM PRB" in [action.text() for action in menus[0].actions()]
    menus[0].close()
    view.menu_requested.emit(QPoint(5, view.viewport().height() - 2))
    assert not [menu for menu in full.window.findChildren(QMenu) if menu.isVisible()]


@pytest.mark.seen
def test_that_the_menu_key_opens_the_menu_of_the_selected_row(full: WindowUnderTest) -> None:
    view, model = full.window.positions.view, full.window.positions.model
    for place in range(model.shown_count):
        view.selectRow(place)
        # As Qt sends it for the key: a point of the view's own, which is not the viewport's.
        at = view.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, view.mapToGlobal(at))
        QApplication.sendEvent(view, event)
        (menu,) = [menu for menu in full.window.findChildren(QMenu) if menu.isVisible()]
        symbol = model.line(place).row.symbol
        assert f"&Filter to {symbol}" in [action.text() for action in menu.actions()]
        menu.close()
        menu.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_no_menu_of_a_row_offers_to_trade(full: WindowUnderTest) -> None:
    for menu in (on_position(full, 0), on_order(full, 0)):
        for action in menu.actions():
            assert not {"buy", "sell", "cancel", "modify", "place"} & set(action.text().lower().split())


PROBLEMS = tuple(f"line {number}: a HAMMER symbol has no space." for number in range(1, 8))


def test_that_what_is_wrong_with_the_table_of_symbols_is_reported_once(open_window: Opener) -> None:
    service = Service(symbol_problems=PROBLEMS[:1])
    ui = open_window(service=service)
    news = ui.window.status.news
    assert news.text.endswith("Symbols: line 1: a HAMMER symbol has no space.")
    ui.wait()
    received_at = news.text[:8]
    ui.wait()
    assert news.text[:8] == received_at, "what is known is not reported again"
    service.symbol_problems = PROBLEMS[1:4]
    ui.wait()
    assert news.text.endswith("line 2: a HAMMER symbol has no space. (and 2 more in the log)")


def test_that_the_table_is_spoken_of_only_when_something_is_wrong(open_window: Opener) -> None:
    assert "Symbols" not in open_window(service=Service()).window.status.news.text


def test_that_problems_are_shown_beside_the_field_that_sets_a_symbol(open_window: Opener) -> None:
    ui = open_window(service=Service(symbol_problems=PROBLEMS))
    fill(ui)
    choose(on_position(ui, 0), "Set HAMMER symbol… (7 problems in the table)")
    (dialog,) = ui.window.findChildren(QInputDialog)
    texts = dialog.labelText().split("\n")
    assert texts[1:7] == [*PROBLEMS[:5], "and 2 more, which the log names"]
    assert texts[-1].startswith("HAMMER's name for CIM PRB")
    dialog.close()
