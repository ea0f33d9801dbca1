"""A panel in a window of its own: it lives there, is remembered, and comes back when it is closed."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.ui.shell.layout.screens import ScreenWatch
from psf_monitor.ui.shell.layout.store import LayoutStore, PanelLayout, WindowLayout, WindowPlace
from psf_monitor.ui.table.panel import TablePanel
from tests.ui.window import WindowUnderTest, fill, has_keys, quote, symbols

Opener = Callable[..., WindowUnderTest]
SMALL_SCREEN_WIDTH = int(1280 / 1.75) - 16
"""Of 1280 px at 175 %, without the frame."""
POSITIONS, LOWER = "positions", "orders, fills and alerts"


@pytest.mark.parametrize("name", [POSITIONS, LOWER])
def test_that_texts_over_a_detached_table_never_cover_each_other(
    ui: WindowUnderTest, qtbot: QtBot, name: str
) -> None:
    fill(ui)
    menus = ui.window.menus
    (menus.detach_positions if name == POSITIONS else menus.detach_lower).setChecked(True)
    panel: TablePanel[Any] = ui.window.positions if name == POSITIONS else ui.window.orders
    panel.window().resize(300, 300)
    bar = panel.bar.parentWidget()
    assert bar is not None
    parts = bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def are_apart() -> bool:
        places = [each.geometry() for each in parts if each.isVisible() and each.width()]
        return not any((one & other).isValid() for one, other in combinations(places, 2))

    qtbot.waitUntil(are_apart)


def test_that_a_detached_panel_has_its_own_window_and_comes_back(ui: WindowUnderTest) -> None:
    fill(ui)
    window = ui.window
    window.menus.detach_positions.setChecked(True)
    apart = window.positions.window()
    assert apart is not window
    assert apart.isVisible()
    assert apart.focusWidget() is window.positions.view
    ui.book.quotes_changed({"CIM PRB": quote(ui.clock, 24.0, 24.1, 24.05)})
    ui.wait()
    assert (symbols(ui)[0], ui.cell("last")) == ("CIM PRB", "24.05")
    apart.close()
    assert window.positions.window() is window
    assert window.splitter.indexOf(window.positions) == 0
    assert not window.menus.detach_positions.isChecked()


def test_that_as_many_rows_are_seen_there_as_before(open_window: Opener, qtbot: QtBot) -> None:
    ui = open_window(size=(1280, 1000))
    fill(ui)
    ui.window.show_now()
    view = ui.window.positions.view
    before = view.viewport().height()
    ui.window.menus.detach_positions.setChecked(True)
    qtbot.waitUntil(lambda: view.viewport().height() == before)


def test_that_the_lower_section_goes_with_its_tabs(ui: WindowUnderTest) -> None:
    fill(ui)
    window = ui.window
    window.menus.detach_lower.setChecked(True)
    assert window.orders.window() is window.alerts.window() is not window
    window.section.show_fills(True)
    assert window.fills.isVisible()
    window.menus.detach_lower.setChecked(False)
    assert window.splitter.indexOf(window.section) == 1


@pytest.mark.parametrize("comes_first", [POSITIONS, LOWER])
def test_that_both_panels_can_be_detached_and_each_returns_to_its_place(
    open_window: Opener, comes_first: str
) -> None:
    ui = open_window()
    fill(ui)
    window = ui.window
    window.menus.log.trigger()
    moves = {POSITIONS: window.menus.detach_positions, LOWER: window.menus.detach_lower}
    for move in moves.values():
        move.trigger()
        ui.wait()
    for name in sorted(moves, key=lambda name: name != comes_first):
        moves[name].trigger()
        ui.wait()
    parts = [window.splitter.widget(place) for place in range(window.splitter.count())]
    assert parts == [window.positions, window.section, window.log]


def test_that_the_window_shows_where_its_tables_are_while_both_are_detached(ui: WindowUnderTest) -> None:
    window = ui.window
    for move in (window.menus.detach_positions, window.menus.detach_lower):
        assert window.splitter.empty_text == ""
        move.trigger()
    assert window.splitter.empty_text.startswith("The tables stand in windows of their own.")
    middle = window.splitter.rect()
    middle.adjust(0, middle.height() // 2 - 4, 0, -middle.height() // 2 + 4)
    line = window.splitter.grab(middle).toImage()
    shown = {line.pixel(x, y) for x in range(line.width()) for y in range(line.height())}
    assert len(shown) > 1
    window.menus.detach_lower.trigger()
    assert window.splitter.empty_text == ""


def test_that_the_height_that_was_chosen_outlives_a_window_of_its_own(
    open_window: Opener, tmp_path: Path
) -> None:
    ui = open_window(store=LayoutStore(tmp_path / "ui.json"))
    fill(ui)
    splitter, move = ui.window.splitter, ui.window.menus.detach_positions
    splitter.setSizes([200, sum(splitter.sizes()) - 200, 0])
    splitter.splitterMoved.emit(200, 1)
    before = splitter.sizes()
    move.trigger()
    ui.wait()
    assert splitter.saved() == tuple(before)
    move.trigger()
    ui.wait()
    assert splitter.sizes() == before


def test_that_the_log_keeps_its_height_while_the_positions_are_detached(
    open_window: Opener, qtbot: QtBot
) -> None:
    ui = open_window()
    fill(ui)
    ui.window.menus.detach_positions.trigger()
    ui.window.menus.log.trigger()
    log = ui.window.log

    def stands() -> bool:
        ui.wait()
        return log.height() == log.sizeHint().height()

    qtbot.waitUntil(stands)
    assert stands()


def test_that_the_keys_of_the_main_window_work_there(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    ui.window.menus.detach_positions.setChecked(True)
    apart = ui.window.positions.window()
    apart.activateWindow()
    qtbot.waitUntil(lambda: has_keys(apart))
    view = ui.window.positions.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    assert ui.window.menus.hide_values.isChecked()


def test_that_the_positions_apart_fit_a_screen_of_1280_by_720_at_175_percent(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    ui.window.menus.detach_positions.setChecked(True)
    panel = ui.window.positions
    apart = panel.window()
    apart.resize(SMALL_SCREEN_WIDTH, 300)
    assert apart.width() == SMALL_SCREEN_WIDTH
    bar = panel.bar.parentWidget()
    assert bar is not None
    parts = bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def are_apart_and_inside() -> bool:
        places = [each.geometry() for each in parts if each.isVisible() and each.width()]
        is_inside = all(place.right() <= bar.width() for place in places)
        return is_inside and not any((one & other).isValid() for one, other in combinations(places, 2))

    qtbot.waitUntil(are_apart_and_inside)


def test_that_the_windows_place_is_remembered_over_a_restart(open_window: Opener, tmp_path: Path) -> None:
    path = tmp_path / "ui.json"
    first = open_window(store=LayoutStore(path))
    first.window.menus.detach_lower.setChecked(True)
    first.window.section.window().setGeometry(30, 40, 740, 300)
    first.window.close()
    again = open_window(store=LayoutStore(path))
    apart = again.window.section.window()
    assert apart is not again.window
    assert apart.geometry().getRect() == (30, 40, 740, 300)
    assert again.window.positions.window() is again.window


def test_that_a_window_off_every_screen_is_put_on_one(open_window: Opener, tmp_path: Path) -> None:
    path = tmp_path / "ui.json"
    far_away = PanelLayout(POSITIONS, WindowPlace(9_000, 9_000, 800, 400), is_detached=True)
    LayoutStore(path).save(WindowLayout(panels=(far_away,)))
    apart = open_window(store=LayoutStore(path)).window.positions.window()
    assert apart.screen().availableGeometry().contains(apart.geometry().center())


@pytest.mark.parametrize("name", [POSITIONS, LOWER])
def test_that_a_window_remembered_wider_than_its_screen_is_made_to_fit(
    open_window: Opener, tmp_path: Path, qapp: QApplication, name: str
) -> None:
    path = tmp_path / "ui.json"
    screen = qapp.primaryScreen().availableGeometry()
    at = screen.topLeft()
    place = WindowPlace(at.x() + 40, at.y() + 40, screen.width() + 600, screen.height() + 300)
    LayoutStore(path).save(WindowLayout(panels=(PanelLayout(name, place, is_detached=True),)))
    window = open_window(store=LayoutStore(path)).window
    apart = (window.positions if name == POSITIONS else window.section).window()
    assert apart is not window
    assert screen.contains(apart.geometry())


def test_that_windows_come_back_from_a_screen_that_is_removed(
    ui: WindowUnderTest, qapp: QApplication, qtbot: QtBot
) -> None:
    ScreenWatch(ui.window, settled_ms=0)
    fill(ui)
    ui.window.resize(760, 600)
    ui.window.menus.detach_positions.setChecked(True)
    apart, stays = ui.window.positions.window(), ui.window.geometry()
    apart.setGeometry(9_000, 100, 640, 300)
    qapp.screenRemoved.emit(ui.window.screen())
    screen = ui.window.screen().availableGeometry()
    qtbot.waitUntil(lambda: screen.contains(apart.geometry().topLeft()))
    assert apart.height() == 300
    assert ui.window.geometry() == stays


def test_that_a_panel_that_is_not_known_is_passed_over(open_window: Opener, tmp_path: Path) -> None:
    path = tmp_path / "ui.json"
    LayoutStore(path).save(
        WindowLayout(panels=(PanelLayout("depth", WindowPlace(0, 0, 1, 1), is_detached=True),))
    )
    window = open_window(store=LayoutStore(path)).window
    assert window.positions.window() is window
