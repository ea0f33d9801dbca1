"""Keys that look after the window: again, next, larger, the log, and the list of them all."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QInputDialog, QLabel
from pytestqt.qtbot import QtBot

from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.shell.layout.store import LayoutStore
from psf_monitor.ui.shell.overview.log_tail import MOST_LINES, LogTail
from psf_monitor.ui.shell.shortcut_list import (
    ALERTS,
    CONNECTIONS,
    LEFT,
    RIGHT,
    TABLES,
    WINDOW,
    ShortcutList,
)
from psf_monitor.ui.style.theme import DARK, DENSITIES, Hues, Tone
from tests.ui.service import Service
from tests.ui.window import WindowUnderTest, fill, quote

Opener = Callable[..., WindowUnderTest]
CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def press(qtbot: QtBot, ui: WindowUnderTest, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    qtbot.keyClick(ui.window.focusWidget(), key, modifier)  # type: ignore[no-untyped-call]


@pytest.fixture
def tail() -> Iterator[LogTail]:
    tail = LogTail(logging.Formatter(), lambda record: f"{record.levelname} {record.name}: ")
    logger = logging.getLogger("psf_monitor.tale")
    logger.addHandler(tail)
    logger.setLevel(logging.INFO)
    yield tail
    logger.removeHandler(tail)


def log_line(text: str, level: int = logging.INFO) -> None:
    logging.getLogger("psf_monitor.tale").log(level, text)


def test_that_f5_reads_everything_again(open_window: Opener, qtbot: QtBot) -> None:
    service = Service()
    ui = open_window(service=service)
    press(qtbot, ui, Qt.Key.Key_F5)
    assert service.refreshed == 1
    assert "read again" in ui.window.status.news.text


def test_that_the_status_line_counts_the_warnings_of_the_log(ui: WindowUnderTest) -> None:
    ui.wait()
    assert ui.window.status.log.isVisible()
    assert ui.window.status.log.text() == "Log  0 warnings  (Ctrl+L)"


def test_that_f6_goes_from_table_to_table(open_window: Opener, qtbot: QtBot, tail: LogTail) -> None:
    window = (ui := open_window(log=tail)).window
    press(qtbot, ui, Qt.Key.Key_F6)
    assert window.orders.view.hasFocus()
    press(qtbot, ui, Qt.Key.Key_F6)
    assert window.positions.view.hasFocus()
    window.menus.log.trigger()
    press(qtbot, ui, Qt.Key.Key_F6)
    press(qtbot, ui, Qt.Key.Key_F6)
    assert window.log is not None
    assert window.log.lines.hasFocus()


def test_that_ctrl_l_shows_the_last_lines_and_the_status_line_counts_warnings(
    open_window: Opener, qtbot: QtBot, tail: LogTail
) -> None:
    ui = open_window(log=tail)
    log_line("the line is up")
    log_line("HAMMER refuses TWO-B", logging.WARNING)
    ui.wait()
    window = ui.window
    assert window.status.log.text() == "Log  1 warning  (Ctrl+L)"
    assert window.log is not None
    assert not window.log.isVisible()
    press(qtbot, ui, Qt.Key.Key_L, CONTROL)
    assert window.log.isVisible()
    assert window.log.lines.toPlainText().split("\n") == [
        "INFO psf_monitor.tale: the line is up",
        "WARNING psf_monitor.tale: HAMMER refuses TWO-B",
    ]
    window.log.only_warnings.click()
    assert window.log.lines.toPlainText() == "WARNING psf_monitor.tale: HAMMER refuses TWO-B"
    qtbot.mouseClick(window.status.log, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert not window.log.isVisible()


def test_that_no_text_of_a_long_line_is_out_of_sight(
    open_window: Opener, tail: LogTail, qtbot: QtBot
) -> None:
    ui = open_window(log=tail, size=(960, 720))
    for number in range(40):
        log_line(f"{number} " + "TWS is not running, its API is off, or it uses another port. " * 6)
    ui.window.menus.log.trigger()
    lines = ui.window.log.lines

    def shows_the_end() -> bool:
        cursor = lines.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return lines.viewport().rect().contains(lines.cursorRect(cursor).topLeft())

    qtbot.waitUntil(shows_the_end)
    assert lines.horizontalScrollBar().maximum() == 0
    log_line("the newest")
    ui.wait()
    qtbot.waitUntil(shows_the_end)


def test_that_a_long_log_keeps_its_last_lines(tail: LogTail) -> None:
    for number in range(MOST_LINES + 10):
        log_line(f"line {number}")
    assert len(tail.lines) == MOST_LINES
    assert tail.lines[-1].text.endswith(f"line {MOST_LINES + 9}")


def test_that_the_log_shows_no_figure_while_values_are_hidden(open_window: Opener, tail: LogTail) -> None:
    ui = open_window(log=tail)
    ui.window.menus.log.trigger()
    log_line("filled 4,711 of 8,000 at 24.55")
    ui.window.menus.hide_values.trigger()
    assert ui.window.log is not None
    assert ui.window.log.lines.toPlainText().endswith("filled ••• of ••• at •••")
    log_line("filled 5,000")
    ui.wait()
    assert "5,000" not in ui.window.log.lines.toPlainText()


def test_that_f1_lists_keys_that_exist(ui: WindowUnderTest, qtbot: QtBot) -> None:
    press(qtbot, ui, Qt.Key.Key_F1)
    (shown,) = ui.window.findChildren(ShortcutList)
    assert not shown.isModal()
    texts = {label.text() for label in shown.findChildren(QLabel)}
    assert {text for group in (LEFT | RIGHT).values() for row in group for text in row} <= texts
    shown.close()
    ui.window.section.show_alerts()
    shortcuts = {each.key() for each in ui.window.findChildren(QShortcut)}
    for action in ui.window.findChildren(QAction):
        shortcuts |= set(action.shortcuts())
    of_the_tables = {"A to Z", "Ctrl+A", "Left", "Menu", "Tab"}
    for keys, _text in (*CONNECTIONS, *TABLES, *ALERTS, *WINDOW):
        first = keys.split(",")[0]
        assert first in of_the_tables or QKeySequence(first) in shortcuts, keys


def test_that_ctrl_a_selects_every_row(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    press(qtbot, ui, Qt.Key.Key_A, CONTROL)
    assert len(ui.window.positions.view.selectionModel().selectedRows()) == 4


def test_that_the_tables_grow_and_shrink_by_keys_and_no_row_is_cut(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    view = ui.window.positions.view
    sizes = [view.rowHeight(0)]
    for _step in range(3):
        press(qtbot, ui, Qt.Key.Key_Plus, CONTROL)
        sizes.append(view.rowHeight(0))
        assert view.viewport().height() % view.rowHeight(0) == 0
        assert view.header.height() == ui.window.theme.zoomed(14) + ui.window.theme.zoomed(20)
    assert sizes == [20, 22, 25, 30]
    press(qtbot, ui, Qt.Key.Key_Minus, CONTROL)
    assert view.rowHeight(0) == 25
    press(qtbot, ui, Qt.Key.Key_0, CONTROL)
    assert view.rowHeight(0) == 20
    for _step in range(9):
        press(qtbot, ui, Qt.Key.Key_Minus, CONTROL)
    assert view.rowHeight(0) == 16
    assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("density", DENSITIES)
def test_that_rows_take_the_height_that_was_chosen(ui: WindowUnderTest, density: int) -> None:
    fill(ui)
    ui.window.menus.densities.actions[density].trigger()
    for panel in (ui.window.positions, ui.window.orders):
        assert panel.view.rowHeight(0) == density
        assert panel.view.viewport().height() % density == 0


def test_that_gain_and_loss_can_be_blue_and_orange(ui: WindowUnderTest) -> None:
    theme = ui.window.theme
    ui.window.menus.hues.actions[Hues.BLUE_ORANGE].trigger()
    assert theme.colour("gain").name().upper() == "#6CB2FF"
    assert theme.palette.text == DARK.text
    ui.window.menus.hues.actions[Hues.TEAL_ORANGE].trigger()
    assert theme.palette == DARK


def test_that_prices_flash_only_when_they_may(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.screenshot_maker.picture(has_footer=False)
    ui.window.menus.ticks.trigger()
    ui.quote(CIM_PRB=quote(ui.clock, bid=24.53))
    ui.window.show_now()
    assert not ui.window.positions.model.line(0).tints


def test_that_the_look_is_kept(open_window: Opener, tmp_path: Path, tail: LogTail) -> None:
    def opened() -> WindowUnderTest:
        return open_window(store=LayoutStore(tmp_path / "ui.json"), log=tail)

    first = opened().window
    first.menus.hues.actions[Hues.BLUE_ORANGE].trigger()
    first.menus.densities.actions[24].trigger()
    first.menus.zoomed.emit(1)
    first.menus.ticks.trigger()
    first.menus.log.trigger()
    first.close()
    again = opened().window
    assert (again.theme.hues, again.theme.density, again.theme.zoom) == (Hues.BLUE_ORANGE, 24, 1.1)
    assert not again.positions.model.shows_ticks
    assert again.log is not None
    assert again.log.isVisible()


def tone_of_age(ui: WindowUnderTest) -> Tone:
    model = ui.window.positions.model
    return model.cell(model.line(0), model.table.index("age")).tone


def test_that_a_share_is_quiet_after_the_minutes_that_were_chosen(
    open_window: Opener, tmp_path: Path
) -> None:
    ui = open_window(store=LayoutStore(tmp_path / "ui.json"))
    fill(ui)
    ui.wait(16 * 60)
    assert (tone_of_age(ui), ui.window.menus.quiets.actions[15].isChecked()) == (Tone.WARN, True)
    ui.window.menus.quiets.actions[30].trigger()
    assert tone_of_age(ui) is Tone.TEXT2
    ui.wait(14 * 60)
    assert tone_of_age(ui) is Tone.WARN
    ui.window.close()
    again = open_window(store=LayoutStore(tmp_path / "ui.json")).window
    assert again.positions.quiet_after_min == 30
    assert again.menus.quiets.actions[30].isChecked()


def answer(ui: WindowUnderTest, text: str) -> None:
    (dialog,) = [each for each in ui.window.findChildren(QInputDialog) if each.isVisible()]
    dialog.setTextValue(text)
    dialog.accept()


def test_that_an_unknown_share_gets_its_hammer_symbol_from_the_trader(
    open_window: Opener, qtbot: QtBot
) -> None:
    service = Service()
    ui = open_window(service=service)
    fill(ui)
    link = ui.window.positions.set_symbol
    assert link.isVisible()
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    answer(ui, " TWO-PB ")
    assert service.symbols == {"TWO PRB": "TWO-PB"}
    assert "TWO PRB is asked as TWO-PB from now on" in ui.window.status.news.text


def test_that_a_symbol_that_cannot_be_used_is_reported(open_window: Opener) -> None:
    ui = open_window(service=Service())
    fill(ui)
    menu = ui.window.controllers.row_menus.of_position(0, POSITIONS.index("symbol"))
    (action,) = [each for each in menu.actions() if "HAMMER symbol" in each.text()]
    action.trigger()
    answer(ui, "CIM B")
    assert "CIM PRB: a HAMMER symbol has no space." in ui.window.status.news.text
