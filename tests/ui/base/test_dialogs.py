"""What holds for every dialog: it is read, walked through by keys, and its buttons are of one height."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from psf_monitor.check.steps import STEPS, Outcome, Step
from psf_monitor.ui.style.theme import DARK
from tests.support.fill_records import fill as execution
from tests.support.records import GUN
from tests.ui.fills_tab import Book, Record
from tests.ui.journal.recorded_days import SOLD, YESTERDAY, recorded_day
from tests.ui.service import Service
from tests.ui.window import WindowUnderTest, fill


@pytest.fixture
def dialogs(open_window: Callable[..., WindowUnderTest]) -> Iterator[list[QDialog]]:
    """Every one that a menu opens."""
    service = Service(record=Record(Book({YESTERDAY: recorded_day(YESTERDAY, SOLD, execution("1"))})))
    ui = open_window(service=service)
    fill(ui)
    menus = ui.window.menus
    journal = (menus.export, menus.gains, menus.history)
    edit = next(a for a in ui.window.links_panel.cards[GUN].more.menu().actions() if "Edit" in a.text())
    for action in (*journal, menus.check, menus.local_api, menus.new_alert, menus.keys, edit):
        action.trigger()
    for step in STEPS[GUN]:
        service.reports[0](Step(GUN, step, Outcome.OK, 3.0, "fine"))
    found = [each for each in ui.window.findChildren(QDialog) if each.isVisible()]
    assert len(found) == 8
    yield found
    for dialog in found:
        dialog.close()


def test_that_every_sentence_is_read_and_not_what_it_is_about(dialogs: list[QDialog]) -> None:
    labels = [label for dialog in dialogs for label in dialog.findChildren(QLabel) if label.text()]
    name = QAccessible.Text.Name
    read = [QAccessible.queryAccessibleInterface(label).text(name) for label in labels]
    assert read == [label.text() for label in labels]


def test_that_tab_goes_once_round_and_stays_in_no_table(dialogs: list[QDialog], qtbot: QtBot) -> None:
    for dialog in dialogs:
        dialog.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)  # noqa: B023
        stops: list[QWidget | None] = []
        while (at := dialog.focusWidget()) not in stops:
            stops.append(at)
            QTest.keyClick(at or dialog, Qt.Key.Key_Tab)
        assert at is stops[0], dialog.windowTitle()


def test_that_a_box_to_tick_that_has_the_keys_has_a_ring_of_two_pixels(
    dialogs: list[QDialog], qtbot: QtBot
) -> None:
    for box in (box for dialog in dialogs for box in dialog.findChildren(QCheckBox)):
        box.window().activateWindow()
        qtbot.waitUntil(box.window().isActiveWindow)
        box.setFocus()
        picture = box.window().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        place = box.mapTo(box.window(), QPoint(0, box.height() // 2))
        assert [picture.pixelColor(place.x() + x, place.y()).name() for x in (0, 1)] == [
            DARK.accent.lower()
        ] * 2


def test_that_every_button_below_is_as_high_as_those_of_the_cards(dialogs: list[QDialog]) -> None:
    heights = {
        button.text(): button.height()
        for dialog in dialogs
        for button in dialog.findChildren(QPushButton)
        if button.isVisible() and button.property("look") != "menu"
    }
    assert set(heights.values()) == {22}, heights
