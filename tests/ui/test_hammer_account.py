"""HAMMER's own account in the window: its rows beside IBKR's, its sums apart."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.records import GUN, position
from tests.ui.desk import HAMMER, Desk, as_shown, fill, symbols, total


def hold(desk: Desk) -> None:
    fill(desk)
    desk.book.accounts_named(HAMMER, ["ALARIC:TOPI000000A1"])
    desk.book.positions_replaced(
        HAMMER, [position("GS PRA", 200, 21.0, account="ALARIC:TOPI000000A1", mode=HAMMER)]
    )
    desk.window.show_now()


def show_hammer(desk: Desk, qtbot: QtBot) -> None:
    view = desk.window.positions.view
    qtbot.keyClick(view, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)  # type: ignore[no-untyped-call]


def test_that_its_positions_stand_beside_the_others_and_outside_their_total(desk: Desk) -> None:
    hold(desk)
    assert symbols(desk).count("GS PRA") == 2
    assert desk.window.positions.frame.total is not None
    assert "HAMMER_PRO is not in this total" in desk.window.positions.frame.total.figures.note
    strip = desk.window.links_panel.strips[HAMMER].words
    assert strip is not None
    assert strip.money[1].words == total(desk)["market_value"]
    assert desk.window.positions.view.header.account == "IBKR / HAMMER ACCOUNT"


def test_that_shown_alone_it_has_a_total_and_a_source_of_its_own(desk: Desk, qtbot: QtBot) -> None:
    hold(desk)
    show_hammer(desk, qtbot)
    assert symbols(desk) == ["GS PRA"]
    assert desk.cell("account") == "HAMMER"
    assert total(desk) == as_shown(desk.book.totals([HAMMER]))
    assert desk.window.positions.view.header.account == "HAMMER ACCOUNT"


def test_that_an_account_that_nobody_named_says_how_to_name_it(desk: Desk, qtbot: QtBot) -> None:
    fill(desk)
    show_hammer(desk, qtbot)
    for panel in (desk.window.positions, desk.window.orders):
        assert panel.frame.empty.title.text == "HAMMER_PRO is not read"


def test_that_trouble_with_it_is_told_in_place_of_its_rows(desk: Desk, qtbot: QtBot) -> None:
    fill(desk)
    desk.book.account_troubled(HAMMER, "Hammer Pro does not know this account key.")
    desk.window.show_now()
    show_hammer(desk, qtbot)
    empty = desk.window.positions.frame.empty
    assert empty.title.text == "HAMMER_PRO's positions are not known"
    assert empty.steps[0].text == "Hammer Pro does not know this account key."


def test_that_an_empty_one_is_called_empty(desk: Desk, qtbot: QtBot) -> None:
    fill(desk)
    desk.book.accounts_named(HAMMER, ["ALARIC:TOPI000000A1"])
    desk.book.positions_replaced(HAMMER, [])
    desk.window.show_now()
    show_hammer(desk, qtbot)
    assert desk.window.positions.frame.empty.title.text == "No positions"


def test_that_without_it_the_band_says_ibkr(desk: Desk) -> None:
    fill(desk)
    assert desk.window.positions.view.header.account == "IBKR"
    desk.book.positions_replaced(GUN, [])
    desk.window.show_now()
    assert desk.window.orders.view.header.account == "IBKR"
