"""HAMMER's own account in the window: its rows beside IBKR's, its sums apart."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from psf_monitor.problem import Problem
from psf_monitor.ui.table.column_arrangement import PADDING
from tests.support.fill_records import fill as execution
from tests.support.records import GUN, NOON, order, position
from tests.ui.window import HAMMER, WindowUnderTest, as_shown, fill, quote, symbols, total


def hold(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.book.accounts_named(HAMMER, ["ALARIC:TOPI000000A1"])
    ui.book.positions_replaced(
        HAMMER, [position("GS PRA", 200, 21.0, account="ALARIC:TOPI000000A1", mode=HAMMER)]
    )
    ui.window.show_now()


def show_hammer(ui: WindowUnderTest, qtbot: QtBot) -> None:
    view = ui.window.positions.view
    qtbot.keyClick(view, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)  # type: ignore[no-untyped-call]


def test_that_its_positions_are_shown_beside_the_others_but_outside_their_total(ui: WindowUnderTest) -> None:
    hold(ui)
    assert symbols(ui).count("GS PRA") == 2
    assert ui.window.positions.frame.total is not None
    assert "HAMMER_PRO is not in this total" in ui.window.positions.frame.total.figures.note
    strip = ui.window.links_panel.strips[HAMMER].content
    assert strip is not None
    assert strip.money[1].text == total(ui)["market_value"]
    assert ui.window.positions.view.header.account == "IBKR / HAMMER ACCOUNT"


def test_that_its_name_is_whole_in_half_of_a_screen(ui: WindowUnderTest) -> None:
    hold(ui)
    ui.window.resize(960, 720)
    ui.window.show_now()
    for panel in (ui.window.positions, ui.window.orders, ui.window.fills):
        room = panel.view.header.sectionSize(panel.model.table.index("account")) - 2 * PADDING
        assert all(ui.window.theme.metrics(12).horizontalAdvance(n) <= room for n in ("GUN", "PED", "HAM"))


def test_that_shown_alone_it_has_a_total_and_a_source_of_its_own(ui: WindowUnderTest, qtbot: QtBot) -> None:
    hold(ui)
    show_hammer(ui, qtbot)
    assert symbols(ui) == ["GS PRA"]
    assert ui.cell("account") == "HAM"
    assert total(ui) == as_shown(ui.book.totals([HAMMER]))
    assert ui.window.positions.view.header.account == "HAMMER ACCOUNT"


def test_that_its_total_is_marked_where_the_note_explains_it(ui: WindowUnderTest, qtbot: QtBot) -> None:
    total_row = ui.window.positions.frame.total
    assert total_row is not None
    hold(ui)
    assert total_row.figures.title == "Total¹"
    assert "¹ HAMMER_PRO is not in this total" in total_row.figures.note
    show_hammer(ui, qtbot)
    assert (total_row.figures.title, "¹" in total_row.figures.note) == ("Total", False)


def test_that_texts_about_prices_and_orders_cover_the_rows_in_view(ui: WindowUnderTest, qtbot: QtBot) -> None:
    hold(ui)
    assert ui.window.positions.chip.text == "1 without quote"
    ui.book.orders_replaced(HAMMER, [order("GS PRA", "SELL", 100, 22.05, mode=HAMMER, perm_id=0)])
    ui.wait(3)
    assert ui.window.orders.remark.text.endswith("to change an order use TWS or Hammer Pro")
    ui.book.orders_replaced(GUN, [])
    ui.wait(2)
    show_hammer(ui, qtbot)
    ui.window.show_now()
    assert (ui.window.positions.chip.text, ui.window.positions.set_symbol.isVisible()) == ("", False)
    assert (
        ui.window.orders.remark.text == "Order list checked 5 s ago  ·  to change an order use Hammer Pro"
    ), "HAMMER's list, not TWS's"


def test_that_no_text_beside_the_tables_is_cut_in_half_of_a_screen(ui: WindowUnderTest, qtbot: QtBot) -> None:
    hold(ui)
    ui.book.orders_replaced(GUN, [order("CIM PRB", limit_price=24.58)])
    show_hammer(ui, qtbot)
    for width in (960, 1100, 1280, 1920):
        ui.window.resize(width, 720)
        ui.wait()
        QApplication.processEvents()
        orders = ui.window.orders
        assert orders.warning.text == "within 0.05 of the other side, 1 not in this view"
        for label in (orders.warning, orders.remark, ui.window.positions.warning, ui.window.positions.remark):
            assert not label.drawn.endswith("…"), (width, label.text)


def test_that_its_fills_shown_alone_name_it_alone(ui: WindowUnderTest, qtbot: QtBot) -> None:
    hold(ui)
    ui.fills.fills_reported(GUN, [execution("1.1", at=NOON)])
    ui.fills.fills_reported(HAMMER, [execution("1/a", mode=HAMMER, account="ALARIC:TOPI000000A1", at=NOON)])
    ui.window.controllers.fills.apply_changes()
    header = ui.window.fills.view.header
    assert header.account == "IBKR / HAMMER ACCOUNT"
    show_hammer(ui, qtbot)
    assert (ui.window.fills.model.shown_count, header.account) == (1, "HAMMER ACCOUNT")


def test_that_the_name_of_the_pressed_choice_is_whole(ui: WindowUnderTest, qtbot: QtBot) -> None:
    hold(ui)
    show_hammer(ui, qtbot)
    (button,) = [each for each in ui.window.findChildren(QPushButton) if each.text() == "HAMMER_PRO"]
    assert button.isChecked()
    assert button.width() >= ui.window.theme.metrics(11, bold=True).horizontalAdvance("HAMMER_PRO") + 10


def test_that_orders_near_a_fill_that_are_not_in_view_are_counted(ui: WindowUnderTest, qtbot: QtBot) -> None:
    ui.open(GUN, orders=[order("CIM PRB", limit_price=24.56)])
    ui.quote(CIM_PRB=quote(ui.clock))
    ui.wait()
    orders = ui.window.orders
    assert orders.chip.text == "1 near fill"
    assert "not in this view" not in orders.warning.text
    show_hammer(ui, qtbot)
    assert orders.warning.text.endswith(", 1 not in this view")


def test_that_an_account_that_nobody_named_shows_how_to_name_it(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    show_hammer(ui, qtbot)
    for panel in (ui.window.positions, ui.window.orders):
        assert panel.frame.empty.title.text == "HAMMER_PRO is not read"


def test_that_a_problem_with_it_is_reported_in_place_of_its_rows(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    ui.book.account_problem(HAMMER, Problem("Hammer Pro does not know this account key."))
    ui.window.show_now()
    show_hammer(ui, qtbot)
    empty = ui.window.positions.frame.empty
    assert empty.title.text == "HAMMER_PRO's positions are not known"
    assert empty.steps[0].text == "Hammer Pro does not know this account key."


def test_that_an_empty_one_is_called_empty(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    ui.book.accounts_named(HAMMER, ["ALARIC:TOPI000000A1"])
    ui.book.positions_replaced(HAMMER, [])
    ui.window.show_now()
    show_hammer(ui, qtbot)
    assert ui.window.positions.frame.empty.title.text == "No positions"


def test_that_without_it_the_band_names_ibkr(ui: WindowUnderTest) -> None:
    fill(ui)
    assert ui.window.positions.view.header.account == "IBKR"
    ui.book.positions_replaced(GUN, [])
    ui.window.show_now()
    assert ui.window.orders.view.header.account == "IBKR"
