"""The window of the first moments: it is on the screen, and nothing is behind it yet."""

import logging
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from psf_monitor.connection.status import LinkState, LinkStatus
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.clock import as_clock
from psf_monitor.ui.base.window_setup import WindowSetup
from psf_monitor.ui.shell.layout.store import NoLayoutStore
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.shell.overview.log_tail import LogTail
from psf_monitor.ui.shell.overview.overview_state import Unconnected
from tests.support.records import Clock

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    clock = as_clock(Clock())
    statuses = {mode: LinkStatus(LinkState.IDLE, clock(), "127.0.0.1:7496") for mode in AccountMode}
    made = MainWindow(
        Unconnected(clock, statuses, dict.fromkeys(AccountMode, False), {}),
        LogTail(logging.Formatter()),
        NoLayoutStore(),
        WindowSetup("dark"),
    )
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize("change", ["showMaximized", "showMinimized", "showFullScreen"])
def test_that_it_takes_another_state_and_back(window: MainWindow, change: str, qtbot: QtBot) -> None:
    getattr(window, change)()
    window.showNormal()
    qtbot.waitUntil(window.isVisible)
    assert window.windowState() == Qt.WindowState.WindowNoState


def test_that_whatever_is_clicked_is_shown_or_waits(window: MainWindow, qtbot: QtBot) -> None:
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.isEnabled() and not hasattr(button, "menu"):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    for keys in (Qt.Key.Key_H, Qt.Key.Key_F, Qt.Key.Key_L, Qt.Key.Key_Tab, Qt.Key.Key_R):
        qtbot.keyClick(window.positions.view, keys, CONTROL)  # type: ignore[no-untyped-call]
    window.resize(700, 500)
    window.show_now()
    assert window.isVisible()


@pytest.mark.parametrize(
    ("width", "height"), [(720, 720), (960, 720), (1280, 720), (895, 471), (1280, 450), (895, 720)]
)
def test_that_the_first_steps_are_all_read_in_full_at_every_size(
    window: MainWindow, width: int, height: int, qtbot: QtBot
) -> None:
    """Also at 895x471, which 1366x768 leaves at 150 %."""
    window.resize(width, height)
    empty = window.positions.frame.empty
    assert len(empty.shown.steps) == 4

    def are_in_full() -> bool:
        shown = [step for step in empty.steps if step.height() >= step.heightForWidth(step.width())]
        return tuple(step.text for step in shown if step.isVisible()) == empty.shown.steps

    qtbot.waitUntil(are_in_full)
    parts = [each.geometry() for each in (empty.title, *empty.steps, empty.button)]
    assert not [(one, other) for one, other in combinations(parts, 2) if one.intersects(other)]
    assert all(empty.rect().contains(each) for each in parts)
    is_below = empty.button.y() > empty.steps[-1].y()
    assert is_below is (height == 720), "beside the title only where there is little room"


def test_that_it_closes(window: MainWindow) -> None:
    assert window.close()
    assert not window.isVisible()
