"""HAMMER's own account in the window: its rows beside IBKR's, its sums apart."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from psf_monitor.ui.table.row_painter import PADDING
from tests.fill_records import fill as execution
from tests.records import GUN, NOON, order, position
from tests.ui.window import HAMMER, WindowUnderTest, as_shown, fill, quote, symbols, total


def hold(desk: WindowUnderTest) -> None:
    fill(desk)
    desk.book.accounts_named(HAMMER, ["ALARIC:TOPI000000A1"])
    desk.book.positions_replaced(
        HAMMER, [position("GS PRA", 200, 21.0, account="ALARIC:TOPI000000A1", mode=HAMMER)]
    )
    desk.window.show_now()


def show_hammer(desk: WindowUnderTest, qtbot: QtBot) -> None:
    view = desk.window.positions.view
    qtbot.keyClick(view, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)  # type: ignore[no-untyped-call]


def test_that_its_positions_stand_beside_the_others_and_outside_their_total(desk: WindowUnderTest) -> None:
    hold(desk)
    assert symbols(desk).count("GS PRA") == 2
    assert desk.window.positions.frame.total is not None
    assert "HAMMER_PRO is not in this total" in desk.window.positions.frame.total.figures.note
    strip = desk.window.links_panel.strips[HAMMER].words
    assert strip is not None
    assert strip.money[1].words == total(desk)["market_value"]
    assert desk.window.positions.view.header.account == "IBKR / HAMMER ACCOUNT"


def test_that_its_name_is_whole_in_half_of_a_screen(desk: WindowUnderTest) -> None:
    hold(desk)
    desk.window.resize(960, 720)
    desk.window.show_now()
    for panel in (desk.window.positions, desk.window.orders, desk.window.fills):
        room = panel.view.header.sectionSize(panel.model.table.index("account")) - 2 * PADDING
        assert all(desk.window.theme.metrics(12).horizontalAdvance(n) <= room for n in ("GUN", "PED", "HAM"))


def test_that_shown_alone_it_has_a_total_and_a_source_of_its_own(desk: WindowUnderTest, qtbot: QtBot) -> None:
    hold(desk)
    show_hammer(desk, qtbot)
    assert symbols(desk) == ["GS PRA"]
    assert desk.cell("account") == "HAM"
    assert total(desk) == as_shown(desk.book.totals([HAMMER]))
    assert desk.window.positions.view.header.account == "HAMMER ACCOUNT"


def test_that_its_total_is_marked_where_the_note_explains_it(desk: WindowUnderTest, qtbot: QtBot) -> None:
    total_row = desk.window.positions.frame.total
    assert total_row is not None
    hold(desk)
    assert total_row.figures.title == "Total¹"
    assert "¹ HAMMER_PRO is not in this total" in total_row.figures.note
    show_hammer(desk, qtbot)
    assert (total_row.figures.title, "¹" in total_row.figures.note) == ("Total", False)


def test_that_its_fills_shown_alone_name_it_alone(desk: WindowUnderTest, qtbot: QtBot) -> None:
    hold(desk)
    desk.fills.fills_told(GUN, [execution("1.1", at=NOON)])
    desk.fills.fills_told(HAMMER, [execution("1/a", mode=HAMMER, account="ALARIC:TOPI000000A1", at=NOON)])
    desk.window.fill_acts.follow()
    header = desk.window.fills.view.header
    assert header.account == "IBKR / HAMMER ACCOUNT"
    show_hammer(desk, qtbot)
    assert (desk.window.fills.model.shown_count, header.account) == (1, "HAMMER ACCOUNT")


def test_that_the_name_of_the_pressed_choice_is_whole(desk: WindowUnderTest, qtbot: QtBot) -> None:
    hold(desk)
    show_hammer(desk, qtbot)
    (button,) = [each for each in desk.window.findChildren(QPushButton) if each.text() == "HAMMER_PRO"]
    assert button.isChecked()
    assert button.width() >= desk.window.theme.metrics(11, bold=True).horizontalAdvance("HAMMER_PRO") + 10


def test_that_orders_near_a_fill_that_are_not_in_view_are_counted(
    desk: WindowUnderTest, qtbot: QtBot
) -> None:
    desk.open(GUN, orders=[order("CIM PRB", limit_price=24.56)])
    desk.quote(CIM_PRB=quote(desk.clock))
    desk.wait()
    orders = desk.window.orders
    assert orders.chip.text == "1 near fill"
    assert "not in this view" not in orders.words.text
    show_hammer(desk, qtbot)
    assert orders.words.text.endswith(", 1 not in this view")


def test_that_an_account_that_nobody_named_says_how_to_name_it(desk: WindowUnderTest, qtbot: QtBot) -> None:
    fill(desk)
    show_hammer(desk, qtbot)
    for panel in (desk.window.positions, desk.window.orders):
        assert panel.frame.empty.title.text == "HAMMER_PRO is not read"


def test_that_trouble_with_it_is_told_in_place_of_its_rows(desk: WindowUnderTest, qtbot: QtBot) -> None:
    fill(desk)
    desk.book.account_troubled(HAMMER, "Hammer Pro does not know this account key.")
    desk.window.show_now()
    show_hammer(desk, qtbot)
    empty = desk.window.positions.frame.empty
    assert empty.title.text == "HAMMER_PRO's positions are not known"
    assert empty.steps[0].text == "Hammer Pro does not know this account key."


def test_that_an_empty_one_is_called_empty(desk: WindowUnderTest, qtbot: QtBot) -> None:
    fill(desk)
    desk.book.accounts_named(HAMMER, ["ALARIC:TOPI000000A1"])
    desk.book.positions_replaced(HAMMER, [])
    desk.window.show_now()
    show_hammer(desk, qtbot)
    assert desk.window.positions.frame.empty.title.text == "No positions"


def test_that_without_it_the_band_says_ibkr(desk: WindowUnderTest) -> None:
    fill(desk)
    assert desk.window.positions.view.header.account == "IBKR"
    desk.book.positions_replaced(GUN, [])
    desk.window.show_now()
    assert desk.window.orders.view.header.account == "IBKR"
