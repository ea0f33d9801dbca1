"""The tabs of the lower section: which is in front, what it counts, and what it warns of."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.domain.fills.fill import ListReach
from psf_monitor.problem import Problem
from psf_monitor.ui.fills.columns import FILL_TOTALS, FILLS
from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.support.records import GUN, PED, order
from tests.ui.fills.day_of_fills import DAY
from tests.ui.fills_tab import report
from tests.ui.window import ACCOUNTS, WindowUnderTest, quote
from tests.ui.window import fill as fill_window

Opener = Callable[..., WindowUnderTest]


CONTROL = Qt.KeyboardModifier.ControlModifier


def tab(ui: WindowUnderTest, text: str) -> QAbstractButton:
    (button,) = [each for each in ui.window.section.tabs.findChildren(QAbstractButton) if each.text() == text]
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


def test_that_the_first_fill_has_a_table_made_by_the_choices_of_before(
    ui: WindowUnderTest,
) -> None:
    window = ui.window
    fill_window(ui)
    window.menus.hide_values.trigger()
    window.selection.filter("GS")
    ui.wait()
    assert not window.section.has_fills
    report(ui, *DAY)
    assert window.section.has_fills
    assert window.orders.isVisible()
    assert window.fills.model.are_values_hidden
    assert (window.fills.model.row_count, window.fills.model.shown_count) == (4, 1)


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
    names = {tab(full, text).accessibleName() for text in ("Open orders", "Fills")}
    assert names == {"Show open orders", "Show fills"}
    assert full.window.orders.count.text == "2"
    assert full.window.fills.count.text == "4"
    assert full.window.orders.count.isVisible()


def test_that_warnings_of_the_hidden_panel_are_shown_beside_the_tabs(full: WindowUnderTest) -> None:
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


def test_that_no_two_chips_of_a_narrow_window_say_the_same_of_different_lists(full: WindowUnderTest) -> None:
    window, section = full.window, full.window.section
    section.set_narrow(True)
    full.fills.fills_unavailable(GUN, Problem("TWS does not answer."))
    full.book.orders_unavailable(PED, Problem("Orders are not available for IBKR_PED."))
    section.show_fills(False)
    full.wait()
    assert window.orders.chip.text == "INCOMPLETE"
    assert [chip.text for chip in section.behind] == ["", "Fills: INCOMPLETE", ""]
    section.show_alerts()
    full.wait()
    assert [chip.text for chip in section.behind] == ["Both: INCOMPLETE", "", ""]
    why = section.behind[0].toolTip()
    assert "Open orders: orders of IBKR_PED are not available" in why
    assert "Fills: fills of IBKR_GUN are not available" in why
    section.show_fills(True)
    full.wait()
    assert [chip.text for chip in section.behind] == ["Open orders: INCOMPLETE", "", ""]


def test_that_no_tab_moves_when_the_panel_behind_begins_to_warn(full: WindowUnderTest, qtbot: QtBot) -> None:
    window = full.window
    window.section.show_fills(True)
    QApplication.processEvents()
    chip = window.section.behind[0]

    def is_whole() -> bool:
        return chip.width() == chip.sizeHint().width()

    def places() -> list[int]:
        tabs = (tab(full, text) for text in ("Open orders", "Fills", "Alerts"))
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


# Kept.


def test_that_the_tab_and_its_tables_come_back_as_they_were(open_window: Opener, tmp_path: Path) -> None:
    store = LayoutStore(tmp_path / "ui.json")
    window = open_window(store=store).window
    window.section.show_fills(True)
    window.fills.by_symbol.click()
    window.menus.announce_fills.trigger()
    window.menus.beep_fills.trigger()
    window.fills.view.header.arrangement.show_column("broker_id", is_wanted=True)
    window.fills.view.sortByColumn(FILLS.index("symbol"), Qt.SortOrder.AscendingOrder)
    window.fills.totals.view.sortByColumn(FILL_TOTALS.index("net"), Qt.SortOrder.DescendingOrder)
    window.close()
    again = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    assert again.section.shows_fills
    assert again.fills.by_symbol.isChecked()
    assert again.fills.totals.isVisible()
    assert (again.menus.announce_fills.isChecked(), again.menus.beep_fills.isChecked()) == (True, True)
    assert again.fills.view.header.arrangement.is_shown("broker_id")
    assert again.fills.model.sort_order == (FILLS.index("symbol"), Qt.SortOrder.AscendingOrder)
    assert again.fills.totals.model.sort_order == (FILL_TOTALS.index("net"), Qt.SortOrder.DescendingOrder)


def test_that_tables_that_nobody_looked_at_are_kept_as_they_were(open_window: Opener, tmp_path: Path) -> None:
    window = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    window.fills.by_symbol.click()
    window.fills.view.header.arrangement.show_column("broker_id", is_wanted=True)
    window.fills.totals.view.sortByColumn(FILL_TOTALS.index("net"), Qt.SortOrder.DescendingOrder)
    window.close()
    unseen = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    assert not unseen.section.has_fills
    unseen.close()
    again = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    assert again.fills.by_symbol.isChecked()
    assert again.fills.view.header.arrangement.is_shown("broker_id")
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


def test_that_the_tab_does_not_widen_the_window(ui: WindowUnderTest) -> None:
    fill_window(ui)
    for mode in (GUN, PED):
        ui.fills.fills_listed(mode, [ACCOUNTS[mode]], ListReach(since=ui.clock() - timedelta(hours=12)))
    ui.book.orders_replaced(GUN, [order("CIM PRB", limit_price=24.60)])
    window = ui.window
    window.section.show_fills(True)
    ui.wait()
    assert window.section.behind[0].text == "Open orders: 1 near fill"
    assert "the evening before is not known" in window.fills.remark.drawn
    window.resize(940, 720)
    QApplication.processEvents()
    assert window.width() == 940
    assert window.section.behind[0].text == "1 near fill"
    assert window.section.behind[0].toolTip().startswith("Open orders: within 0.05")
    assert window.minimumSizeHint().width() <= 940
