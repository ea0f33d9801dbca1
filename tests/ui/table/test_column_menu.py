"""The trader arranges a table: which columns, in which order, how wide."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHeaderView
from pytestqt.qtbot import QtBot

from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.table.column_menu import ColumnMenu
from psf_monitor.ui.table.columns import Band
from tests.ui.window import WindowUnderTest, fill

Opener = Callable[..., WindowUnderTest]


def opened_menu(desk: WindowUnderTest, qtbot: QtBot) -> ColumnMenu:
    menu = desk.window.positions.column_menu
    menu.popup(QPoint(0, 0))
    qtbot.waitUntil(menu.isVisible)
    return menu


def pick(qtbot: QtBot, menu: ColumnMenu, key: str) -> None:
    at = menu.actionGeometry(menu.picks[key]).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]


def titles(desk: WindowUnderTest) -> list[str]:
    """The keys of the visible columns, from left to right."""
    arrangement = desk.window.positions.view.header.arrangement
    return [arrangement.columns[section].key for section in arrangement.shown]


def width(desk: WindowUnderTest, key: str) -> int:
    return desk.window.positions.view.columnWidth(POSITIONS.index(key))


def test_that_the_chooser_names_every_column_under_its_source(desk: WindowUnderTest) -> None:
    menu = desk.window.positions.column_menu
    words = [action.text() for action in menu.actions() if not action.isSeparator()]
    for band in Band:
        first = words.index(band.value)
        names = [column.name.replace("&", "&&") for column in POSITIONS.columns if column.band is band]
        assert words[first + 1 : first + 1 + len(names)] == names


def test_that_a_pick_shows_a_column_and_the_menu_stays_open(desk: WindowUnderTest, qtbot: QtBot) -> None:
    fill(desk)
    menu = opened_menu(desk, qtbot)
    pick(qtbot, menu, "hammer_symbol")
    assert "hammer_symbol" in titles(desk)
    assert desk.cell("hammer_symbol") == "CIM-B"
    pick(qtbot, menu, "spread")
    assert "spread" not in titles(desk)
    assert menu.isVisible()
    assert not menu.picks["spread"].isChecked()
    menu.close()


def test_that_the_space_key_picks_too(desk: WindowUnderTest, qtbot: QtBot) -> None:
    menu = opened_menu(desk, qtbot)
    menu.setActiveAction(menu.picks["exchange"])
    qtbot.keyClick(menu, Qt.Key.Key_Space)  # type: ignore[no-untyped-call]
    assert "exchange" in titles(desk)
    assert menu.isVisible()
    menu.close()


def test_that_the_last_column_cannot_be_hidden(desk: WindowUnderTest) -> None:
    arrangement = desk.window.positions.view.header.arrangement
    for key in titles(desk):
        arrangement.show_column(key, is_wanted=False)
    assert len(titles(desk)) == 1


def test_that_the_width_of_the_window_no_longer_picks_once_the_trader_has(desk: WindowUnderTest) -> None:
    desk.window.positions.view.header.arrangement.show_column("volume", is_wanted=True)
    before = titles(desk)
    desk.window.resize(960, 720)
    assert titles(desk) == before


def test_that_reset_gives_the_columns_back_to_the_window(desk: WindowUnderTest) -> None:
    before, widths = titles(desk), [width(desk, key) for key in titles(desk)]
    header = desk.window.positions.view.header
    header.arrangement.show_column("volume", is_wanted=True)
    header.moveSection(header.visualIndex(POSITIONS.index("last")), 0)
    header.resizeSection(POSITIONS.index("symbol"), 200)
    desk.window.positions.column_menu.reset.trigger()
    assert (titles(desk), [width(desk, key) for key in titles(desk)]) == (before, widths)
    desk.window.resize(960, 720)
    assert "spread" not in titles(desk)


def test_that_a_dragged_width_holds_and_fit_shares_the_room_again(desk: WindowUnderTest) -> None:
    view = desk.window.positions.view
    view.header.resizeSection(POSITIONS.index("symbol"), 300)
    desk.window.resize(1400, 720)
    assert width(desk, "symbol") == 300
    assert view.horizontalScrollBar().maximum() > 0
    desk.window.positions.column_menu.fit.trigger()
    assert width(desk, "symbol") < 120
    assert view.horizontalScrollBar().maximum() == 0


def test_that_rows_that_change_places_leave_the_widths_to_the_window(desk: WindowUnderTest) -> None:
    fill(desk)
    for panel in (desk.window.positions, desk.window.orders):
        panel.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        assert not panel.view.header.arrangement.has_own_widths
        assert not panel.saved().columns


def test_that_locked_columns_hold_still(desk: WindowUnderTest) -> None:
    header = desk.window.positions.view.header
    assert header.sectionsMovable()
    assert header.sectionResizeMode(0) is QHeaderView.ResizeMode.Interactive
    desk.window.positions.column_menu.lock.trigger()
    assert not header.sectionsMovable()
    assert header.sectionResizeMode(0) is QHeaderView.ResizeMode.Fixed


def test_that_a_band_stands_over_its_columns_wherever_they_are_moved(desk: WindowUnderTest) -> None:
    fill(desk)
    header = desk.window.positions.view.header
    header.moveSection(header.visualIndex(POSITIONS.index("last")), 0)
    bands = [band for band, _left, _right in header._bands()]
    assert bands == [Band.HAMMER, Band.IBKR, Band.HAMMER, Band.CALCULATED, Band.IBKR]


def test_that_a_click_with_the_right_button_on_a_title_opens_the_chooser(
    desk: WindowUnderTest, qtbot: QtBot
) -> None:
    panel = desk.window.orders
    panel.view.header.customContextMenuRequested.emit(QPoint(5, 5))
    qtbot.waitUntil(panel.column_menu.isVisible)
    panel.column_menu.close()
