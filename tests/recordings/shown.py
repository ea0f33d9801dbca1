"""What the window shows, as it is written beside a recording: every cell that time alone does not change."""

from typing import Any

from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.panel import TablePanel

Shown = dict[str, list[dict[str, str]]]

_TIMED = frozenset({"age", "placed", "placed_at", "good_for", "time"})
_INDICATORS = ("grpan", "rwvap")
"""Worked out once a second, whenever that is."""


def shown(window: MainWindow) -> Shown:
    """The three tables, row by row."""
    window.show_now()
    window.fills_controller.follow()
    return {
        "positions": _cells(window.positions),
        "orders": _cells(window.orders),
        "fills": _cells(window.fills),
    }


def _cells(panel: TablePanel[Any]) -> list[dict[str, str]]:
    model = panel.model
    return [
        {
            column.key: model.cell(model.line(place), n).text
            for n, column in enumerate(model.table.columns)
            if column.key not in _TIMED and not column.key.startswith(_INDICATORS)
        }
        for place in range(model.shown_count)
    ]
