"""A screen that is unplugged takes its part of the desktop with it: the window comes back, and goes on."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from psf_monitor.ui.shell.layout.store import LayoutStore
from tests.support.records import GUN, position
from tests.ui.window import WindowUnderTest, quote, symbols


def is_reachable(monitor: WindowUnderTest) -> bool:
    """Whether enough of the window is on a screen to see it and to take it by its title."""
    frame = monitor.window.frameGeometry()
    grip = QRect(frame.topLeft(), frame.topRight()).adjusted(0, 0, 0, 20)
    return any(
        screen.availableGeometry().intersected(grip).width() >= 100 for screen in QGuiApplication.screens()
    )


def opened(qtbot: QtBot, file: Path) -> WindowUnderTest:
    monitor = WindowUnderTest(store=LayoutStore(file))
    qtbot.addWidget(monitor.window)
    monitor.window.show()
    return monitor


@pytest.mark.parametrize("place", [(5000, 300), (-4000, 100), (200, 3000), (100, -2500)])
def test_that_a_window_left_on_a_screen_that_is_gone_opens_on_one_that_is_there(
    qtbot: QtBot, tmp_path: Path, place: tuple[int, int]
) -> None:
    before = opened(qtbot, tmp_path / "ui.json")
    before.window.move(*place)
    before.window.close()
    after = opened(qtbot, tmp_path / "ui.json")
    qtbot.waitUntil(lambda: is_reachable(after))


def test_that_a_window_out_of_sight_goes_on_taking_in_what_happens(qtbot: QtBot, tmp_path: Path) -> None:
    monitor = opened(qtbot, tmp_path / "ui.json")
    monitor.window.move(5000, 5000)
    monitor.open(GUN, [position("CIM PRB", 3000, 23.4186)])
    monitor.quote(CIM_PRB=quote(monitor.clock))
    qtbot.waitUntil(lambda: symbols(monitor) == ["CIM PRB"] and monitor.cell("last") == "24.55")
