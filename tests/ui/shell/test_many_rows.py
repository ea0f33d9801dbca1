"""A firm's book in the window: what one thing costs does not grow with what else there is."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.position import Position
from psf_monitor.ui.shell.refresh import Refresh
from tests.support.python_calls import python_calls
from tests.support.records import GUN
from tests.support.waiting import within_patience
from tests.ui.window import ACCOUNTS, WindowUnderTest, quote, total

MANY = 1_000
ROWS = QItemSelectionModel.SelectionFlag.Rows


def held(count: int) -> list[Position]:
    return [
        Position(GUN, ACCOUNTS[GUN], Instrument(1 + n, f"S{n:04d} PRA", exchange="NYSE"), 100.0, 19.0)
        for n in range(count)
    ]


def quote_all(ui: WindowUnderTest, positions: list[Position], price: float) -> None:
    names = [position.instrument.symbol for position in positions]
    ui.book.quotes_live()
    ui.book.symbols_requested({name: name for name in names})
    ui.book.quotes_changed({name: quote(ui.clock, price, price, price) for name in names})


@pytest.fixture
def many(ui: WindowUnderTest) -> WindowUnderTest:
    ui.open(GUN, held(MANY))
    ui.window.show_now()
    return ui


def test_that_all_rows_are_selected_without_asking_each_for_its_columns(many: WindowUnderTest) -> None:
    view = many.window.positions.view
    assert python_calls(view.selectAll) < 12 * MANY
    assert len(view.selected_rows()) == MANY


def test_that_rows_that_a_filter_takes_out_here_and_there_are_numbered_once(many: WindowUnderTest) -> None:
    model = many.window.positions.model
    # Every second row leaves, with the ones that have an even number.
    odd = [row for row in model.rows() if int(row.symbol[1:5]) % 2]
    assert python_calls(lambda: model.apply({row.key: None for row in odd}, range(40))) < 40 * MANY
    assert [model.line(place).place for place in range(MANY // 2)] == list(range(MANY // 2))


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


@pytest.fixture
def looks(ui: WindowUnderTest) -> Iterator[list[tuple[str, int, str]]]:
    """What the window shows in each turn of the event loop: the chip, the rows, their value."""
    seen: list[tuple[str, int, str]] = []

    def look() -> None:
        panel = ui.window.positions
        now = (panel.chip.text, panel.model.row_count, total(ui)["market_value"])
        if now not in seen[-1:]:
            seen.append(now)

    each_turn = QTimer()
    each_turn.timeout.connect(look)
    each_turn.start(0)
    yield seen
    each_turn.stop()


def test_that_a_large_book_is_shown_as_loading_and_then_complete(
    ui: WindowUnderTest, looks: list[tuple[str, int, str]], qtbot: QtBot
) -> None:
    positions = held(MANY)
    ui.open(GUN, positions)
    quote_all(ui, positions, 20.0)
    qtbot.waitUntil(lambda: looks[-1:] != [] and looks[-1][2] == "2,000,000")
    assert looks[0][1] == 0
    assert ("LOADING", 0, "—") in looks
    # Rows that are completed by the second are added up one turn later.
    assert {(rows, value) for _chip, rows, value in looks} <= {
        (0, "—"),
        (MANY, "—"),
        (MANY, "2,000,000"),
    }


def test_that_visible_rows_stay_live_while_all_are_recalculated(many: WindowUnderTest, qtbot: QtBot) -> None:
    positions = held(MANY)
    quote_all(many, positions, 20.0)
    many.window.show_now()
    seen: list[tuple[str, str]] = []
    model = many.window.positions.model
    model.dataChanged.connect(lambda *_: seen.append((many.cell("last"), str(many.book.tables.is_behind))))
    many.lose_hammer()
    many.book.quotes_frozen(many.clock())
    qtbot.waitUntil(lambda: not many.book.tables.waiting)
    assert seen[0] == ("20.00", "True")


def test_that_quantities_at_the_open_are_the_same_in_one_turn_and_in_many(
    ui: WindowUnderTest, qtbot: QtBot
) -> None:
    ui.book.attach_fills(ui.fills)
    ui.fills.fills_listed(GUN, [ACCOUNTS[GUN]])
    each_turn = QTimer()
    each_turn.timeout.connect(lambda: ui.clock.advance(0.11))
    each_turn.start(0)
    positions = held(MANY)
    ui.open(GUN, positions)
    quote_all(ui, positions, 20.0)
    qtbot.waitUntil(lambda: ui.window.positions.model.row_count == MANY)
    each_turn.stop()
    assert {row.opening.quantity for row in ui.book.position_rows() if row.opening} == {100.0}


def test_that_very_many_rows_are_added_up_in_other_turns_than_the_one_of_the_second(
    many: WindowUnderTest, qapp: QApplication
) -> None:
    quote_all(many, held(MANY), 21.0)
    (refresh,) = many.window.findChildren(Refresh)
    reported: list[bool] = []
    refresh.second.connect(lambda: reported.append(True))
    calls = 0
    for _ in within_patience("the second"):
        if reported:
            break
        calls = python_calls(qapp.processEvents)
    assert total(many)["market_value"] == "2,100,000"
    assert calls < 8 * MANY
