"""The trader arranges a table: which columns, in which order, how wide."""

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHeaderView, QInputDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.table.column_arrangement import PADDING
from psf_monitor.ui.table.column_menu import ColumnMenu
from psf_monitor.ui.table.columns import Band
from psf_monitor.ui.table.panel import TablePanel
from tests.support.records import GUN, PED, instrument, order, position
from tests.ui.window import ACCOUNTS, WindowUnderTest, fill

Opener = Callable[..., WindowUnderTest]


def opened_menu(ui: WindowUnderTest, qtbot: QtBot) -> ColumnMenu:
    menu = ui.window.positions.column_menu
    menu.popup(QPoint(0, 0))
    qtbot.waitUntil(menu.isVisible)
    return menu


def pick(qtbot: QtBot, menu: ColumnMenu, key: str) -> None:
    at = menu.actionGeometry(menu.picks[key]).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]


def titles(ui: WindowUnderTest) -> list[str]:
    """The keys of the visible columns, from left to right."""
    arrangement = ui.window.positions.view.header.arrangement
    return [arrangement.columns[section].key for section in arrangement.shown]


def width(ui: WindowUnderTest, key: str) -> int:
    return ui.window.positions.view.columnWidth(POSITIONS.index(key))


def is_as_wide(panel: TablePanel[Any], section: int, needed: int) -> bool:
    return panel.view.columnWidth(section) >= needed


def test_that_the_chooser_names_every_column_under_its_source(ui: WindowUnderTest) -> None:
    menu = ui.window.positions.column_menu
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    for band in set(Band) - {Band.FACTS}:
        first = texts.index(band.value)
        names = [column.name.replace("&", "&&") for column in POSITIONS.columns if column.band is band]
        assert texts[first + 1 : first + 1 + len(names)] == names


def test_that_a_pick_shows_a_column_and_the_menu_stays_open(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    menu = opened_menu(ui, qtbot)
    pick(qtbot, menu, "hammer_symbol")
    assert "hammer_symbol" in titles(ui)
    assert ui.cell("hammer_symbol") == "CIM-B"
    pick(qtbot, menu, "spread")
    assert "spread" not in titles(ui)
    assert menu.isVisible()
    assert not menu.picks["spread"].isChecked()
    menu.close()


def test_that_the_space_key_picks_too(ui: WindowUnderTest, qtbot: QtBot) -> None:
    menu = opened_menu(ui, qtbot)
    menu.setActiveAction(menu.picks["exchange"])
    qtbot.keyClick(menu, Qt.Key.Key_Space)  # type: ignore[no-untyped-call]
    assert "exchange" in titles(ui)
    assert menu.isVisible()
    menu.close()


def test_that_the_last_column_cannot_be_hidden(ui: WindowUnderTest) -> None:
    arrangement = ui.window.positions.view.header.arrangement
    for key in titles(ui):
        arrangement.show_column(key, is_wanted=False)
    assert len(titles(ui)) == 1


def test_that_the_width_of_the_window_picks_the_columns_that_the_trader_has_not(ui: WindowUnderTest) -> None:
    arrangement = ui.window.positions.view.header.arrangement
    arrangement.show_column("volume", is_wanted=True)
    ui.window.resize(960, 720)
    assert "volume" in titles(ui)
    assert "spread" not in titles(ui), "half a screen has no room for it"
    arrangement.show_column("spread", is_wanted=True)
    ui.window.resize(1280, 720)
    ui.window.resize(960, 720)
    assert {"volume", "spread"} <= set(titles(ui)), "what was picked stays"


def test_that_a_narrow_windows_columns_are_no_pick_after_a_restart(ui: WindowUnderTest) -> None:
    panel = ui.window.positions
    ui.window.resize(960, 720)
    panel.view.header.arrangement.show_column("volume", is_wanted=True)
    saved = panel.saved()
    panel.view.header.arrangement.reset()
    ui.window.resize(1280, 720)
    panel.restore(saved)
    assert {"volume", "spread"} <= set(titles(ui))
    ui.window.resize(960, 720)
    assert "volume" in titles(ui)
    assert "spread" not in titles(ui)


def test_that_the_release_of_the_click_that_opened_it_picks_nothing(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    panel = ui.window.positions
    panel.column_menu.popup(panel.columns_button.mapToGlobal(QPoint(0, 0)))
    before = titles(ui)
    at = panel.column_menu.actionGeometry(panel.column_menu.picks["exchange"]).center()
    qtbot.mouseRelease(panel.column_menu, Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]
    assert titles(ui) == before
    qtbot.mouseClick(panel.column_menu, Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]
    assert "exchange" in titles(ui)
    panel.column_menu.close()


def test_that_reset_gives_the_columns_back_to_the_window(ui: WindowUnderTest) -> None:
    before, widths = titles(ui), [width(ui, key) for key in titles(ui)]
    header = ui.window.positions.view.header
    header.arrangement.show_column("volume", is_wanted=True)
    header.moveSection(header.visualIndex(POSITIONS.index("last")), 0)
    header.resizeSection(POSITIONS.index("symbol"), 200)
    ui.window.positions.column_menu.reset.trigger()
    assert (titles(ui), [width(ui, key) for key in titles(ui)]) == (before, widths)
    ui.window.resize(960, 720)
    assert "spread" not in titles(ui)


def test_that_a_dragged_width_holds_and_fit_shares_the_room_again(ui: WindowUnderTest) -> None:
    view = ui.window.positions.view
    view.header.resizeSection(POSITIONS.index("symbol"), 300)
    ui.window.resize(1400, 720)
    assert width(ui, "symbol") == 300
    assert view.horizontalScrollBar().maximum() > 0
    ui.window.positions.column_menu.fit.trigger()
    assert width(ui, "symbol") < 120
    assert view.horizontalScrollBar().maximum() == 0


def test_that_a_second_name_is_shown_in_full_where_the_other_columns_can_spare_the_room(
    open_window: Opener, qtbot: QtBot
) -> None:
    ui = open_window(size=(1600, 900))
    ui.open(
        GUN,
        [position("CBL PRD", con_id=7), position("ALL PRH")],
        [replace(order("CBL PRD"), instrument=instrument("CBL PRD", 7))],
    )
    ui.open(PED, [position("CBLDQ", 2000, con_id=7, mode=PED, account=ACCOUNTS[PED])])
    ui.wait()
    name = "CBL PRD → CBLDQ"
    needed = ui.window.theme.text_width(name, bold=True) + 2 * PADDING
    tables: list[tuple[TablePanel[Any], int]] = [
        (ui.window.positions, POSITIONS.index("symbol")),
        (ui.window.orders, ORDERS.index("symbol")),
    ]
    for panel, symbol in tables:
        assert name in {panel.model.cell(line, symbol).text for line in panel.model.lines(range(9))}
        qtbot.waitUntil(partial(is_as_wide, panel, symbol, needed))
        assert panel.view.horizontalScrollBar().maximum() == 0


def test_that_rows_that_change_places_leave_the_widths_to_the_window(ui: WindowUnderTest) -> None:
    fill(ui)
    for panel in (ui.window.positions, ui.window.orders):
        panel.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        assert not panel.view.header.arrangement.has_own_widths
        assert not panel.saved().columns


def test_that_the_keyboard_sorts_by_any_visible_column_in_both_directions(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    model = ui.window.positions.model
    for direction in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        menu = opened_menu(ui, qtbot)
        qtbot.keyClick(menu, Qt.Key.Key_S)  # type: ignore[no-untyped-call]
        qtbot.waitUntil(menu.sorts.isVisible)
        entries = menu.sorts.actions()
        assert [entry.text().replace("&&", "&") for entry in entries][:3] == ["Acct", "Symbol", "Side"]
        last = next(entry for entry in entries if entry.text() == "Last")
        menu.sorts.setActiveAction(last)
        qtbot.keyClick(menu.sorts, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
        qtbot.waitUntil(lambda: not menu.isVisible())  # noqa: B023
        assert model.sort_order == (POSITIONS.index("last"), direction)


def test_that_locked_columns_do_not_move(ui: WindowUnderTest) -> None:
    header = ui.window.positions.view.header
    assert header.sectionsMovable()
    assert header.sectionResizeMode(0) is QHeaderView.ResizeMode.Interactive
    ui.window.positions.column_menu.lock.trigger()
    assert not header.sectionsMovable()
    assert header.sectionResizeMode(0) is QHeaderView.ResizeMode.Fixed


def test_that_a_band_stays_over_its_columns_wherever_they_are_moved(ui: WindowUnderTest) -> None:
    fill(ui)
    header = ui.window.positions.view.header
    header.moveSection(header.visualIndex(POSITIONS.index("last")), 0)
    bands = [band for band, _left, _right in header.bands()]
    assert bands == [Band.HAMMER, Band.IBKR, Band.HAMMER, Band.CALCULATED, Band.IBKR]


def test_that_a_click_with_the_right_button_on_a_title_opens_the_chooser(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    panel = ui.window.orders
    panel.view.header.customContextMenuRequested.emit(QPoint(5, 5))
    qtbot.waitUntil(panel.column_menu.isVisible)
    panel.column_menu.close()


def entries(menu: QMenu) -> list[str]:
    menu.aboutToShow.emit()
    return [action.text().lstrip("&") for action in menu.actions() if not action.isSeparator()]


def choose(menu: QMenu, entry: str) -> None:
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text().lstrip("&").endswith(entry)).trigger()


def checked(ui: WindowUnderTest) -> list[str]:
    menu = ui.window.positions.column_menu.choices
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.isChecked()]


def test_that_a_set_of_columns_comes_back_under_its_name(ui: WindowUnderTest) -> None:
    menu = ui.window.positions.column_menu
    header = ui.window.positions.view.header
    usual = titles(ui)
    menu.save_set("Usual")
    header.arrangement.show_column("volume", is_wanted=True)
    header.arrangement.show_column("side", is_wanted=False)
    header.moveSection(header.visualIndex(POSITIONS.index("last")), 0)
    header.resizeSection(POSITIONS.index("symbol"), 170)
    busy, widths = titles(ui), [width(ui, key) for key in titles(ui)]
    menu.save_set("  Busy   R&D ")
    assert checked(ui) == ["&2 Busy R&&D"]
    choose(menu.choices, "Usual")
    assert (titles(ui), checked(ui)) == (usual, ["&1 Usual"])
    choose(menu.choices, "Busy R&&D")
    assert (titles(ui), [width(ui, key) for key in titles(ui)]) == (busy, widths)
    header.arrangement.show_column("side", is_wanted=True)
    assert checked(ui) == []


def test_that_a_set_that_the_window_arranges_goes_on_with_its_width(ui: WindowUnderTest) -> None:
    menu = ui.window.positions.column_menu
    menu.save_set("Usual")
    menu.save_set("Also usual")
    ui.window.positions.view.header.arrangement.show_column("volume", is_wanted=True)
    menu.save_set("Volume")
    for name, are_narrowed in (("Usual", True), ("Volume", True)):
        choose(menu.choices, name)
        ui.window.resize(960, 720)
        assert ("spread" not in titles(ui)) is are_narrowed
        assert ("volume" in titles(ui)) is (name == "Volume")
        assert f" {name}" in "".join(checked(ui))
        ui.window.resize(1280, 720)


def test_that_a_set_is_replaced_under_its_name_and_removed(ui: WindowUnderTest) -> None:
    menu = ui.window.positions.column_menu
    for name in ("Morning", "Close", ""):
        menu.save_set(name)
    ui.window.positions.view.header.arrangement.show_column("volume", is_wanted=True)
    menu.save_set("morning")
    assert [each.name for each in menu.sets] == ["morning", "Close"]
    choose(menu.choices, "Close")
    choose(menu.choices, "morning")
    assert "volume" in titles(ui)
    assert entries(menu.removals) == ["morning", "Close"]
    choose(menu.removals, "Close")
    assert [each.name for each in menu.sets] == ["morning"]
    choose(menu.removals, "morning")
    assert entries(menu.choices) == ["Save these columns as…"]


def test_that_the_name_of_a_set_is_asked_for_without_holding_the_window_up(
    ui: WindowUnderTest,
) -> None:
    menu = ui.window.positions.column_menu
    choose(menu.choices, "Save these columns as…")
    (dialog,) = ui.window.findChildren(QInputDialog)
    (accept,) = [each for each in dialog.findChildren(QPushButton) if each.isDefault()]
    assert not accept.isEnabled()
    for typed, is_a_name in (("   ", False), ("Morning", True), ("x" * 99, True)):
        dialog.setTextValue(typed)
        assert accept.isEnabled() is is_a_name
    dialog.setTextValue("Morning")
    accept.click()
    assert [each.name for each in menu.sets] == ["Morning"]
    choose(menu.choices, "Save these columns as…")
    again = ui.window.findChildren(QInputDialog)[-1]
    assert again.textValue() == "Morning"
    again.reject()
    assert len(menu.sets) == 1


def test_that_sets_are_kept_with_their_table_and_offered_where_they_are(ui: WindowUnderTest) -> None:
    positions, orders = ui.window.positions, ui.window.orders
    positions.column_menu.save_set("Morning")
    assert positions.saved().sets == positions.column_menu.sets
    assert orders.saved().sets == ()
    orders.restore(orders.saved())
    positions.restore(positions.saved())
    assert [each.name for each in positions.column_menu.sets] == ["Morning"]
    not_remembered = TablePanel(POSITIONS, ui.window.theme, ui.clock, has_total=False)
    offered = [each.column_menu.choices.menuAction().isVisible() for each in (positions, not_remembered)]
    assert offered == [True, False]
