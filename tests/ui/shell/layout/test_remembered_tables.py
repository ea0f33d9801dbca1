"""What the trader arranged in a table is there after a restart, in every table of the window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from psf_monitor.ui.shell.layout.store import LayoutStore
from psf_monitor.ui.table.panel import TablePanel
from tests.ui.window import WindowUnderTest

Opener = Callable[..., WindowUnderTest]
TABLES: dict[str, Callable[[WindowUnderTest], TablePanel[Any]]] = {
    "positions": lambda ui: ui.window.positions,
    "orders": lambda ui: ui.window.orders,
    "fills": lambda ui: ui.window.section.fills,
    "fills by symbol": lambda ui: ui.window.section.fills.totals,
    "alerts": lambda ui: ui.window.section.alerts,
    "fired alerts": lambda ui: ui.window.section.alerts.fired,
}


@pytest.fixture
def open_again(open_window: Opener, tmp_path: Path) -> Opener:
    """Opens a window on the same file."""

    def opened() -> WindowUnderTest:
        return open_window(store=LayoutStore(tmp_path / "ui.json"))

    return opened


@pytest.mark.parametrize("name", TABLES)
def test_that_a_tables_columns_sets_and_sorting_are_there_after_a_restart(
    open_again: Opener, name: str
) -> None:
    ui = open_again()
    panel = TABLES[name](ui)
    own = panel.model.sort_order
    arrangement = panel.view.header.arrangement
    last = arrangement.columns[arrangement.shown[-1]].key
    arrangement.show_column(last, is_wanted=False)
    panel.view.header.moveSection(panel.view.header.visualIndex(arrangement.shown[1]), 0)
    panel.column_menu.save_set("Mine")
    shown = list(arrangement.shown)
    panel.view.sortByColumn(shown[0], Qt.SortOrder.DescendingOrder)
    ui.window.close()

    again = open_again()
    panel = TABLES[name](again)
    assert panel.view.header.arrangement.shown == shown
    assert panel.model.sort_order == (shown[0], Qt.SortOrder.DescendingOrder)
    assert [each.name for each in panel.column_menu.sets] == ["Mine"]
    panel.view.sortByColumn(*own)
    again.window.close()
    assert TABLES[name](open_again()).model.sort_order == own
