"""What the window shows, as it is written beside a recording: every cell that time alone does not change."""

import hashlib
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.panel import TablePanel

Shown = dict[str, list[dict[str, str]]]

_TIMED = frozenset({"age", "placed", "placed_at", "good_for", "time"})
_INDICATORS = ("grpan", "rwvap")
"""Worked out once a second, whenever that is."""


def shown(window: MainWindow) -> Shown:
    """The three tables, row by row."""
    window.show_now()
    window.controllers.fills.apply_changes()
    return {name: _cells(panel) for name, panel in _panels(window).items()}


def _cells(panel: TablePanel[Any]) -> list[dict[str, str]]:
    model = panel.model
    return [
        {
            column.key: model.cell(model.line(place), n).text
            for n, column in enumerate(model.table.columns)
            if not _is_timed(column.key)
        }
        for place in range(model.shown_count)
    ]


def photographed(window: MainWindow) -> dict[str, str]:
    """What the three tables look like, to the pixel: a digest each. What time alone changes is covered.

    The colours of prices that moved fade with time: they have to be off from the start.
    """
    return {name: _photo(panel) for name, panel in _panels(window).items()}


def _photo(panel: TablePanel[Any]) -> str:
    view = panel.view
    picture = view.viewport().grab().toImage()
    with QPainter(picture) as cover:
        for n, column in enumerate(panel.model.table.columns):
            if _is_timed(column.key) and not view.isColumnHidden(n):
                left = view.columnViewportPosition(n)
                cover.fillRect(left, 0, view.columnWidth(n), picture.height(), Qt.GlobalColor.black)
    return hashlib.sha256(bytes(picture.constBits())).hexdigest()


def _panels(window: MainWindow) -> dict[str, TablePanel[Any]]:
    return {"positions": window.positions, "orders": window.orders, "fills": window.fills}


def _is_timed(key: str) -> bool:
    return key in _TIMED or key.startswith(_INDICATORS)
