"""Time and sales: filtered by a key, standing under the mouse, with nothing hidden that was not asked for."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.domain.quote import Print
from psf_monitor.ui.symbol.window import SymbolWindow
from tests.support.records import NOON
from tests.ui.symbol.test_window import CIM, opened
from tests.ui.window import WindowUnderTest, fill

HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
SIZES = (15, 100, 500, 20, 99)
PRINTS = [
    Print(24.55, size, NOON - timedelta(seconds=60 - n), "FNRA" if size == 99 else "NYSE")
    for n, size in enumerate(SIZES)
]


@pytest.fixture
def window(ui: WindowUnderTest) -> SymbolWindow:
    fill(ui)
    ui.book.prints_changed({CIM: PRINTS})
    return opened(ui)


def listed(window: SymbolWindow) -> list[float]:
    return [trade.size for trade in window.time_and_sales.shown]


def test_that_a_key_leaves_out_smaller_prints_step_by_step_and_brings_all_back(
    window: SymbolWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    found = [listed(window)]
    for _ in range(4):
        qtbot.keyClick(  # type: ignore[no-untyped-call]
            window.ladder,
            Qt.Key.Key_L,
            HELD,
        )
        found.append(listed(window))
    newest_first = [99, 20, 500, 100, 15]
    assert found == [newest_first, newest_first[:-1], [500, 100], [500], newest_first]


def test_that_a_print_moves_nothing_under_the_mouse_and_is_counted_on_top(
    ui: WindowUnderTest, window: SymbolWindow
) -> None:
    at = QPointF(20, 60)
    QApplication.sendEvent(window.time_and_sales, QEnterEvent(at, at, at))
    ui.book.prints_changed({CIM: [*PRINTS, Print(24.56, 300, NOON)]})
    window.refresh()
    assert listed(window)[0] == 99
    before = window.time_and_sales.grab().toImage()
    QApplication.sendEvent(window.time_and_sales, QEvent(QEvent.Type.Leave))
    assert listed(window)[0] == 300
    assert window.time_and_sales.grab().toImage() != before
