"""The trader at the window: what a click and a key do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QScreen
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState
from psf_monitor.ui.base.view_options import DoubleClick
from psf_monitor.ui.style.theme import DARK, LIGHT, Palette, Scheme
from psf_monitor.ui.table.column_menu import ColumnMenu
from tests.support.fill_records import fill as execution
from tests.support.records import GUN, PED, position
from tests.ui.window import WindowUnderTest, as_shown, fill, has_keys, quote, symbols, total

Opener = Callable[..., WindowUnderTest]


CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]


def press(
    qtbot: QtBot, ui: WindowUnderTest, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None
) -> None:
    target = ui.window.focusWidget() or ui.window
    qtbot.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)  # type: ignore[no-untyped-call]


def select_row(ui: WindowUnderTest, place: int) -> None:
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    positions = ui.window.positions
    positions.view.selectionModel().select(positions.model.index(place, 0), flags)


def wishes(ui: WindowUnderTest) -> list[bool]:
    return [link.is_wanted for link in ui.links.values()]


@pytest.mark.parametrize("pixels", [12, 14])
def test_that_the_menus_are_in_their_row_whatever_the_height_of_the_letters(
    ui: WindowUnderTest, qtbot: QtBot, pixels: int
) -> None:
    """A line of Segoe UI is as high as one of DejaVu Sans that is two pixels larger."""
    menus = ui.window.top_bar.menus
    menus.setStyleSheet(f"QMenuBar {{ font-size: {pixels}px; }}")
    qtbot.waitUntil(lambda: menus.font().pixelSize() == pixels)
    QApplication.sendPostedEvents()
    assert all(menus.rect().contains(menus.actionGeometry(each)) for each in menus.actions())
    rest = menus.findChild(QToolButton, "qt_menubar_ext_button")
    assert isinstance(rest, QToolButton)
    assert not rest.isVisible()


def test_that_connect_all_asks_every_link(ui: WindowUnderTest, qtbot: QtBot) -> None:
    click(qtbot, ui.window.positions.frame.empty.button)
    assert wishes(ui) == [True, True, True]


def test_that_a_cards_button_connects_and_then_disconnects(ui: WindowUnderTest, qtbot: QtBot) -> None:
    card = ui.window.links_panel.cards[GUN]
    assert card.button.text() == "Connect"
    click(qtbot, card.button)
    assert wishes(ui) == [True, False, False]
    ui.links[GUN].be(LinkState.CONNECTING)
    qtbot.waitUntil(lambda: card.button.text() == "Cancel")
    click(qtbot, card.button)
    assert wishes(ui) == [False, False, False]


def test_that_the_shortcuts_of_the_accounts_menu_work(ui: WindowUnderTest, qtbot: QtBot) -> None:
    press(qtbot, ui, Qt.Key.Key_3, CONTROL)
    assert wishes(ui) == [False, False, True]
    press(qtbot, ui, Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert wishes(ui) == [True, True, True]
    press(qtbot, ui, Qt.Key.Key_D, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert wishes(ui) == [False, False, False]


def test_that_the_menu_names_what_a_click_would_do(ui: WindowUnderTest) -> None:
    ui.open(GUN)
    ui.window.show_now()
    texts = [action.text() for action in ui.window.menus.links.values()]
    assert texts == ["Disconnect IBKR_GUN", "Connect IBKR_PED", "Connect HAMMER"]


def test_that_changes_of_the_book_appear_without_a_request(ui: WindowUnderTest, qtbot: QtBot) -> None:
    ui.open(GUN, [position("CIM PRB", 3000, 23.4186)])
    qtbot.waitUntil(lambda: symbols(ui) == ["CIM PRB"])
    ui.quote(CIM_PRB=quote(ui.clock))
    qtbot.waitUntil(lambda: ui.cell("last") == "24.55")
    assert ui.cell("unrealized_pnl") == "+3,394"
    assert not ui.window.positions.frame.empty.isVisible()


def test_that_a_hidden_window_still_takes_in_what_happens(ui: WindowUnderTest, qtbot: QtBot) -> None:
    ui.window.hide()
    ui.open(GUN, [position("CIM PRB")])
    qtbot.waitUntil(lambda: symbols(ui) == ["CIM PRB"])


def test_that_the_account_switch_shows_one_account_in_both_tables_and_its_totals(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    press(qtbot, ui, Qt.Key.Key_2, ALT)
    assert symbols(ui) == ["CIM PRB"]
    assert ui.window.positions.count.text == "1 of 4"
    assert ui.window.orders.model.shown_count == 0
    assert total(ui) == as_shown(ui.book.totals([PED]))
    press(qtbot, ui, Qt.Key.Key_0, ALT)
    assert len(symbols(ui)) == 4


def test_that_the_filter_is_reached_and_cleared_by_keys(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    window = ui.window
    press(qtbot, ui, Qt.Key.Key_F, CONTROL)
    qtbot.keyClicks(window.positions.filter_box, "gs")  # type: ignore[no-untyped-call]
    assert symbols(ui) == ["GS PRA"]
    assert [window.orders.model.line(0).row.symbol] == ["GS PRA"]
    assert window.orders.count.text == "1 of 2"
    assert window.positions.frame.total is not None
    assert window.positions.frame.total.figures.title == "Sum of 1 row"
    assert window.positions.frame.total.figures.amounts.startswith("All 4: ")
    qtbot.keyClicks(window.positions.filter_box, "zzz")  # type: ignore[no-untyped-call]
    assert window.positions.frame.empty.title.text == "No position matches “gszzz”"
    assert window.orders.frame.empty.title.text == "No open order matches “gszzz”"
    press(qtbot, ui, Qt.Key.Key_Escape)
    assert len(symbols(ui)) == 4


def test_that_a_double_click_filters_to_the_symbol(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.positions.view.doubleClicked.emit(ui.window.positions.model.index(2, 0))
    assert symbols(ui) == ["GS PRA"]
    ui.window.orders.view.doubleClicked.emit(ui.window.orders.model.index(0, 0))
    assert set(symbols(ui)) == {ui.order_cell("symbol", 0)}


def test_that_a_double_click_opens_the_window_of_the_share_where_the_trader_wants_that(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    window = ui.window
    window.menus.double_clicks.actions[DoubleClick.OPEN].trigger()
    ui.fills.fills_reported(GUN, [execution("1", "TWO PRB", "BUY", 100, 22.4, at=ui.clock())])
    ui.wait()
    fills = window.fills
    for panel, symbol in (
        (window.positions, "GS PRA"),
        (window.orders, "CIM PRB"),
        (fills, "TWO PRB"),
        (fills.totals, "TWO PRB"),
    ):
        window.section.show_fills(panel in (fills, fills.totals))
        fills.by_symbol.setChecked(panel is fills.totals)
        place = next(n for n in range(panel.model.shown_count) if panel.model.line(n).row.symbol == symbol)
        at = panel.view.visualRect(panel.model.index(place, panel.model.table.index("symbol"))).center()
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]
        qtbot.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)  # type: ignore[no-untyped-call]
        assert [each.share.symbol for each in window.symbol_windows.windows] == [symbol]
        window.symbol_windows.close_all()
    assert window.context.selection.text == ""
    window.menus.double_clicks.actions[DoubleClick.FILTER].trigger()
    window.positions.view.doubleClicked.emit(window.positions.model.index(2, 0))
    assert symbols(ui) == ["GS PRA"]
    assert not window.symbol_windows.windows


def test_that_the_filter_is_cleared_by_mouse(ui: WindowUnderTest) -> None:
    assert ui.window.positions.filter_box.isClearButtonEnabled()


def test_that_the_sort_arrow_is_where_the_order_comes_from(ui: WindowUnderTest) -> None:
    fill(ui)
    for panel in (ui.window.positions, ui.window.orders):
        arrow = (panel.view.header.sortIndicatorSection(), panel.view.header.sortIndicatorOrder())
        assert arrow == panel.model.sort_order
    assert ui.window.positions.model.columns[ui.window.positions.model.sort_order[0]].key == "symbol"
    assert ui.window.orders.model.columns[ui.window.orders.model.sort_order[0]].key == "to_fill"


def test_that_copied_rows_fit_a_spreadsheet(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    for place in (0, 2):
        select_row(ui, place)
    ui.window.positions.view.setFocus()
    press(qtbot, ui, Qt.Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[1] for line in lines] == ["Symbol", "CIM PRB", "GS PRA"]


def test_that_a_cards_details_are_copied_without_the_account_number(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.links_panel.cards[GUN].copy_requested.emit()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("IBKR_GUN: Connected")
    assert "U••••821" in copied
    assert "1240821" not in copied


def test_that_a_tint_disappears_by_itself(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    ui.window.screenshot_maker.picture(has_footer=False)
    ui.quote(CIM_PRB=quote(ui.clock, bid=24.53))
    ui.window.show_now()
    line = ui.window.positions.model.line(0)
    assert list(line.tints) == [ui.window.positions.model.table.index("bid")]
    qtbot.waitUntil(lambda: not line.tints)


def test_that_a_demo_cannot_be_missed(open_window: Opener) -> None:
    demo = open_window(demo=True)
    assert demo.window.top_bar.demo.text == "DEMO · simulated data"
    assert demo.window.top_bar.demo.isVisible()
    real = open_window()
    assert not real.window.top_bar.demo.text


@pytest.mark.parametrize(
    ("options", "shows"),
    [
        ({"demo": True}, "DEMO · simulated data"),
        ({"replay": "REPLAY of day.psfrec"}, "REPLAY of day.psfrec"),
        ({}, "read-only"),
    ],
)
def test_that_every_window_shows_in_its_title_what_its_figures_are(
    open_window: Opener, options: dict[str, Any], shows: str
) -> None:
    ui = open_window(**options)
    fill(ui)
    window = ui.window
    window.symbol_windows.open(window.positions.model.line(0).row)
    for action in (window.menus.curve, window.menus.detach_positions, window.menus.detach_lower):
        action.trigger()
    titles = {each.windowTitle() for each in window.findChildren(QWidget) if each.isWindow()}
    assert {window.windowTitle(), *filter(None, titles)} == {
        f"psf_monitor - {shows}",
        f"CIM PRB - psf_monitor - {shows}",
        f"Day P&L - psf_monitor - {shows}",
        f"Positions - psf_monitor - {shows}",
        f"Orders, fills and alerts - psf_monitor - {shows}",
    }


@pytest.mark.parametrize(("theme", "palette", "other"), [("dark", DARK, LIGHT), ("light", LIGHT, DARK)])
def test_that_the_theme_reaches_the_pixels(
    open_window: Opener, theme: str, palette: Palette, other: Palette
) -> None:
    window = open_window(theme=theme).window

    def corner() -> str:
        picture = window.screenshot_maker.picture(has_footer=False)
        return picture.pixelColor(2, picture.height() - 2).name().upper()

    assert corner() == palette.window
    window.menus.scheme_chosen.emit(Scheme.LIGHT if theme == "dark" else Scheme.DARK)
    assert corner() == other.window


def test_that_nothing_in_the_window_offers_to_trade(ui: WindowUnderTest) -> None:
    fill(ui)
    menus = ui.window.findChildren(ColumnMenu)
    columns = {column for menu in menus for column in menu.picks.values()}
    actions = {action.text() for action in ui.window.findChildren(QAction) if action not in columns}
    tabs = ui.window.section.tabs.findChildren(QAbstractButton)
    actions |= {button.text() for button in ui.window.findChildren(QAbstractButton) if button not in tabs}
    for verb in ("buy", "sell", "modify", "place", "order"):
        assert not [action for action in actions if verb in action.lower()]
    assert "READ-ONLY" in ui.window.top_bar.read_only.text


def test_that_lights_and_buttons_have_accessible_names(ui: WindowUnderTest) -> None:
    fill(ui)
    card = ui.window.links_panel.cards[GUN]
    assert card.face.accessibleName() == "IBKR_GUN Connected"
    assert card.button.accessibleName() == "Disconnect IBKR_GUN"
    assert card.more.accessibleName() == "More for IBKR_GUN"


def test_that_always_on_top_is_one_setting_with_two_switches(ui: WindowUnderTest, qtbot: QtBot) -> None:
    window = ui.window
    click(qtbot, window.top_bar.on_top)
    assert window.menus.on_top.isChecked()
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    window.menus.on_top.trigger()
    assert not window.top_bar.on_top.isChecked()
    assert window.isVisible()


def test_that_about_names_what_it_cannot_do_and_where_its_files_are(
    open_window: Opener, tmp_path: Path
) -> None:
    ui = open_window(files={"Log": tmp_path / "psf_monitor.log"})
    ui.window.menus.about.trigger()
    (box,) = ui.window.findChildren(QMessageBox)
    assert "cannot place, change or cancel an order" in box.informativeText()
    assert f"Log: {tmp_path / 'psf_monitor.log'}" in box.informativeText()
    assert "PySide6-Essentials 6." in box.informativeText()
    assert not box.isModal()
    box.close()


def test_that_the_systems_high_contrast_is_followed_at_once(
    qtbot: QtBot, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    ui = open_window(theme="dark")
    monkeypatch.setattr("psf_monitor.ui.style.theme.is_high_contrast", lambda: True)
    with qtbot.waitSignal(ui.window.theme.changed):
        QApplication.sendEvent(ui.window, QEvent(QEvent.Type.ThemeChange))
    assert ui.window.theme.palette != DARK


@pytest.mark.parametrize(
    ("screen", "size"),
    [((1280, 672), (1264, 632)), ((1920, 1040), (1280, 720)), ((1536, 816), (1280, 720))],
    ids=["1920 x 1080 at 150 %", "at 100 %", "at 125 %"],
)
def test_that_the_window_is_no_larger_than_its_screen(
    open_window: Opener,
    monkeypatch: pytest.MonkeyPatch,
    screen: tuple[int, int],
    size: tuple[int, int],
) -> None:
    ui = open_window(size=None)
    monkeypatch.setattr(QScreen, "availableSize", lambda _self: QSize(*screen))
    ui.window.resize(1280, 720)
    ui.window.fit_screen()
    assert ui.window.size() == QSize(*size)


def test_that_a_minimised_window_comes_to_the_front_as_it_was(ui: WindowUnderTest, qtbot: QtBot) -> None:
    window = ui.window
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    window.bring_to_front()
    qtbot.waitUntil(lambda: has_keys(window) and not window.isMinimized())
    window.showMaximized()
    window.bring_to_front()
    assert window.isMaximized()


def test_that_the_switch_and_the_filter_do_not_move_while_counts_change(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    panel, tabs = ui.window.positions, ui.window.section.tabs
    QApplication.processEvents()
    places = [panel.filter_box.x(), tabs.width()]
    qtbot.keyClicks(panel.filter_box, "GS")  # type: ignore[no-untyped-call]
    ui.window.show_now()
    assert " of " in panel.count.text
    ui.window.orders.count.set_text("128")
    QApplication.processEvents()
    assert [panel.filter_box.x(), tabs.width()] == places
