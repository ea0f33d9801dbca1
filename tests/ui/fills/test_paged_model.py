"""Rows that come page by page stand where they would have stood had they come at once."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from psf_monitor.connection.pacing import FILLS_A_TURN
from psf_monitor.ui.fills.columns import FILLS
from psf_monitor.ui.fills.paged_model import PagedModel
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.style.theme import Scheme, Theme
from psf_monitor.ui.table.model import TableModel
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, PED, Clock

Model = TableModel[FillRow]
KEYS = ["at", "symbol", "price", "realized_pnl"]


def a_row(number: int, symbol: int = 0, price: float | None = 1.0) -> FillRow:
    mode = PED if symbol == 3 else GUN
    return FillRow(fill(f"{number}", f"S{symbol}", price=price, at=NOON, mode=mode))


rows_of = st.lists(
    st.builds(a_row, st.integers(0, 40), st.integers(0, 3), st.none() | st.integers(1, 3)),
    unique_by=lambda row: row.key,
)


def shown(model: Model) -> list[FillRow]:
    return [line.row for line in model.lines(range(model.shown_count))]


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    return Theme(Scheme.DARK, qapp)


@given(
    rows_of,
    st.integers(1, 9),
    st.sampled_from(KEYS),
    st.sampled_from(list(Qt.SortOrder)),
    st.sampled_from(["", "S1", "S2"]),
    st.integers(0, 4),
)
def test_that_pages_end_up_as_rows_that_come_at_once(
    theme: Theme, rows: list[FillRow], size: int, key: str, side: Qt.SortOrder, text: str, filtered_at: int
) -> None:
    at_once, paged = Model(FILLS, theme, Clock()), PagedModel[FillRow](FILLS, theme, Clock())
    for model in (at_once, paged):
        model.sort(FILLS.index(key), side)
    at_once.apply({row.key: row for row in rows}, range(0))
    at_once.filter([GUN], text)
    for number, start in enumerate(range(0, max(len(rows), 1), size)):
        if number == filtered_at:
            paged.filter([GUN], text)
        paged.append(rows[start : start + size])
        assert paged.row_count == len(rows[: start + size])
    paged.filter([GUN], text)
    paged.append(rows)
    paged.arrange()
    assert not paged.is_arranging
    assert shown(paged) == shown(at_once)
    assert [line.place for line in paged.lines(range(paged.shown_count))] == list(range(paged.shown_count))
    assert paged.matched_count == at_once.matched_count


def many(count: int = 3 * FILLS_A_TURN) -> list[FillRow]:
    return [a_row(number, number % 4, number % 17 or None) for number in range(count)]


def price_order(rows: Sequence[FillRow]) -> list[FillRow]:
    known = sorted((row for row in rows if row.fill.price is not None), key=FILLS.order)
    known.sort(key=lambda row: row.fill.price or 0)
    return known + sorted((row for row in rows if row.fill.price is None), key=FILLS.order)


def test_that_very_many_rows_are_sorted_in_turns_and_keep_their_order_until_then(
    theme: Theme, qtbot: QtBot
) -> None:
    model, rows = PagedModel[FillRow](FILLS, theme, Clock()), many()
    model.append(rows)
    with qtbot.waitSignal(model.arranged):
        model.sort(FILLS.index("price"))
        assert model.is_arranging
        assert shown(model) == rows
    assert shown(model) == price_order(rows)


def test_that_rows_that_come_while_others_are_sorted_are_sorted_with_them(theme: Theme, qtbot: QtBot) -> None:
    model, rows = PagedModel[FillRow](FILLS, theme, Clock()), many()
    model.append(rows[:-5])
    model.sort(FILLS.index("price"))
    model.append(rows[-5:])
    assert len(shown(model)) == len(rows)
    with qtbot.waitSignal(model.arranged):
        model.arrange()
    assert shown(model) == price_order(rows)


def test_that_a_filter_meanwhile_has_all_in_order_at_once(theme: Theme) -> None:
    model, rows = PagedModel[FillRow](FILLS, theme, Clock()), many()
    model.append(rows)
    model.sort(FILLS.index("price"))
    model.filter([GUN, PED], "S1")
    assert not model.is_arranging
    assert shown(model) == price_order([row for row in rows if row.symbol == "S1"])


def test_that_a_model_that_is_cleared_has_no_rows_and_takes_others(theme: Theme, qtbot: QtBot) -> None:
    model, rows = PagedModel[FillRow](FILLS, theme, Clock()), many()
    model.append(rows)
    model.sort(FILLS.index("price"))
    model.clear()
    assert (model.row_count, model.shown_count, model.rowCount(), model.is_arranging) == (0, 0, 0, False)
    model.append(rows[:3])
    with qtbot.waitSignal(model.arranged):
        model.arrange()
    assert shown(model) == price_order(rows[:3])
