"""Over every title: what the column is, for the trader who rests the mouse on it."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from tests.ui.window import WindowUnderTest, fill


@pytest.mark.parametrize("key", [column.key for column in POSITIONS.columns])
def test_that_every_column_of_positions_is_described(key: str) -> None:
    assert POSITIONS.columns[POSITIONS.index(key)].about.endswith(".")


@pytest.mark.parametrize("key", [column.key for column in ORDERS.columns])
def test_that_every_column_of_orders_is_described(key: str) -> None:
    assert ORDERS.columns[ORDERS.index(key)].about.endswith(".")


def test_that_a_title_says_what_it_is_when_the_mouse_rests_on_it(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    header = ui.window.orders.view.header
    section = ORDERS.index("to_fill")
    at = QPoint(header.sectionViewportPosition(section) + 10, header.height() - 8)
    rest = QHelpEvent(QEvent.Type.ToolTip, at, header.viewport().mapToGlobal(at))
    QApplication.sendEvent(header.viewport(), rest)
    qtbot.waitUntil(lambda: QToolTip.text() == ORDERS.columns[section].about)
    QToolTip.hideText()
