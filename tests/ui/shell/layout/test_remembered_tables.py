"""What the trader arranged in a table is there after a restart, in every table of the window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from psf_monitor.ui.shell.layout.store import LayoutStore
from psf_monitor.ui.table.panel import TablePanel
from tests.conftest import named_in_failure
from tests.ui.window import WindowUnderTest

pytestmark = pytest.mark.unseen

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


def test_that_each_tables_columns_sets_and_sorting_are_there_after_a_restart(open_again: Opener) -> None:
    ui = open_again()
    own = {name: panel_of(ui).model.sort_order for name, panel_of in TABLES.items()}
    shown = {name: rearranged(panel_of(ui), f"Mine of {name}") for name, panel_of in TABLES.items()}
    ui.window.close()

    again = open_again()
    for name, panel_of in TABLES.items():
        with named_in_failure(name):
            panel = panel_of(again)
            assert panel.view.header.arrangement.shown == shown[name]
            assert panel.model.sort_order == (shown[name][0], Qt.SortOrder.DescendingOrder)
            assert [each.name for each in panel.column_menu.sets] == [f"Mine of {name}"]
            panel.view.sortByColumn(*own[name])
    again.window.close()

    last = open_again()
    assert {name: panel_of(last).model.sort_order for name, panel_of in TABLES.items()} == own


def rearranged(panel: TablePanel[Any], name_of_set: str) -> list[int]:
    """Hide the last column, move the second to the front, keep a set, sort; return what is shown."""
    arrangement = panel.view.header.arrangement
    last = arrangement.columns[arrangement.shown[-1]].key
    arrangement.show_column(last, is_wanted=False)
    panel.view.header.moveSection(panel.view.header.visualIndex(arrangement.shown[1]), 0)
    panel.column_menu.save_set(name_of_set)
    shown = list(arrangement.shown)
    panel.view.sortByColumn(shown[0], Qt.SortOrder.DescendingOrder)
    return shown
