"""Over every title: what the column is, for the trader who rests the mouse on it."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from psf_monitor.domain.account import AccountMode
from psf_monitor.formatting import DASH
from psf_monitor.ui.connections.strip_fields import ACCOUNT_FIELDS, STRIP_FIELDS
from psf_monitor.ui.fills.columns import FILL_TOTALS, FILLS
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.table.columns import Table
from psf_monitor.ui.table.header_tooltips import STRIP_TOOLTIPS
from tests.support.fill_records import fill as a_fill
from tests.support.records import GUN, NOON
from tests.ui.rows import a_position, an_order
from tests.ui.window import WindowUnderTest, fill


@pytest.mark.parametrize("table", [POSITIONS, ORDERS, FILLS, FILL_TOTALS], ids=lambda table: table.name)
def test_that_every_column_is_described(table: Table[Any]) -> None:
    assert [column.key for column in table.columns if not column.about.endswith(".")] == []


def test_that_every_figure_under_the_cards_is_described_with_its_source() -> None:
    for field in STRIP_FIELDS:
        about = STRIP_TOOLTIPS[field.key]
        assert about.endswith("."), field.key
        assert ("HAMMER" in about) is field.is_calculated, field.key


def test_that_a_figure_under_a_card_explains_itself_when_the_mouse_rests_on_it(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    fill(ui)
    strip = ui.window.links_panel.strips[GUN]
    for field, edge in zip(
        (f for f in STRIP_FIELDS if f.key in ACCOUNT_FIELDS), strip.plan().edges, strict=False
    ):
        at = QPoint(edge - 4, 20)
        QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, at, strip.mapToGlobal(at)))
        text = f"{field.name}: {STRIP_TOOLTIPS[field.key]}"
        qtbot.waitUntil(lambda text=text: QToolTip.text().startswith(text))  # type: ignore[misc]
    at = QPoint(12, 20)
    assert "figure" not in strip.explained(at.x())
    QToolTip.hideText()


def test_that_a_title_explains_itself_when_the_mouse_rests_on_it(ui: WindowUnderTest, qtbot: QtBot) -> None:
    fill(ui)
    header = ui.window.orders.view.header
    section = ORDERS.index("to_fill")
    at = QPoint(header.sectionViewportPosition(section) + 10, header.height() - 8)
    rest = QHelpEvent(QEvent.Type.ToolTip, at, header.viewport().mapToGlobal(at))
    QApplication.sendEvent(header.viewport(), rest)
    qtbot.waitUntil(lambda: QToolTip.text() == ORDERS.columns[section].about)
    QToolTip.hideText()


HAMMERS: Any = {"mode": AccountMode.HAMMER_PRO, "hammer_id": "70001", "order_id": 0, "perm_id": 0}
HAMMER_ROWS: list[tuple[Table[Any], Any]] = [
    (POSITIONS, a_position(mode=AccountMode.HAMMER_PRO)),
    (ORDERS, an_order(**HAMMERS)),
    (ORDERS, an_order(**HAMMERS, order_type="", placed_at=None, unread=("limit", "size"))),
    (FILLS, FillRow(a_fill(mode=AccountMode.HAMMER_PRO, hammer_id="70001"))),
]


@pytest.mark.parametrize(("table", "row"), HAMMER_ROWS)
def test_that_nothing_about_a_row_of_hammers_account_names_tws_as_its_source(
    table: Table[Any], row: Any
) -> None:
    for column in table.columns:
        text = column.text(row, NOON)
        cell = column.tooltip_text(row, NOON, text)
        assert "TWS" not in cell, column.key
        assert "IBKR" not in cell, column.key
        if "TWS" in column.about and text not in ("", DASH):
            assert "HAMMER" in column.about, column.key
