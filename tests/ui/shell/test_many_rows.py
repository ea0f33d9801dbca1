"""A firm's book in the window: what one thing costs does not grow with what else there is."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel

from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.position import Position
from tests.python_calls import python_calls
from tests.records import GUN
from tests.ui.window import ACCOUNTS, WindowUnderTest

MANY = 1_000
ROWS = QItemSelectionModel.SelectionFlag.Rows


def held(count: int) -> list[Position]:
    return [
        Position(GUN, ACCOUNTS[GUN], Instrument(1 + n, f"S{n:04d} PRA", exchange="NYSE"), 100.0, 19.0)
        for n in range(count)
    ]


@pytest.fixture
def many(ui: WindowUnderTest) -> WindowUnderTest:
    ui.open(GUN, held(MANY))
    ui.window.show_now()
    return ui


def test_that_all_rows_are_selected_without_asking_each_for_its_columns(many: WindowUnderTest) -> None:
    view = many.window.positions.view
    assert python_calls(view.selectAll) < 12 * MANY
    assert len(view.selected_rows()) == MANY


def test_that_selected_rows_come_in_the_order_in_which_they_were_chosen(many: WindowUnderTest) -> None:
    view, model = many.window.positions.view, many.window.positions.model
    for place in (7, 3, 5):
        view.selectionModel().select(model.index(place, 0), QItemSelectionModel.SelectionFlag.Select | ROWS)
    assert view.selected_places() == [7, 3, 5]
    assert [row.symbol for row in view.selected_rows()] == ["S0007 PRA", "S0003 PRA", "S0005 PRA"]


def test_that_rows_stay_selected_when_columns_come(many: WindowUnderTest) -> None:
    panel = many.window.positions
    panel.view.selectRow(3)
    panel.extend([replace(panel.model.columns[0], key="own", title="Own")])
    assert [row.symbol for row in panel.view.selected_rows()] == ["S0003 PRA"]
