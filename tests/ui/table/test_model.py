"""The model behind both tables: order, filter, keys, and how little it says when little changed."""

from collections.abc import Callable, Hashable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.style.theme import Scheme, Theme, Tone
from psf_monitor.ui.table.model import TableModel
from tests.support.records import GUN, PED, Clock
from tests.ui.rows import a_position, an_order, order_key, position_key

ALL = range(1000)
ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(qtbot: QtBot, clock: Clock) -> TableModel[PositionRow]:
    assert qtbot is not None
    return TableModel(POSITIONS, Theme(Scheme.DARK), clock)


def numbered(number: int, symbol: str | None = None, **changes: Any) -> PositionRow:
    return a_position(symbol or f"S{number:02d} PRA", key=position_key(number), **changes)


def fill(model: TableModel[PositionRow], *rows: PositionRow, visible: range = ALL) -> None:
    model.apply({row.key: row for row in rows}, visible)


def column(model: TableModel[PositionRow], key: str) -> list[object]:
    i = model.table.index(key)
    return [model.data(model.index(place, i)) for place in range(model.rowCount())]


def look_at(model: TableModel[PositionRow]) -> None:
    """Have every cell formatted, as if all of them were painted."""
    for each in model.columns:
        column(model, each.key)


def changes_of(model: TableModel[PositionRow]) -> list[tuple[int, int, int]]:
    """Collects (row, first column, last column) of every ``dataChanged``."""
    seen: list[tuple[int, int, int]] = []
    model.dataChanged.connect(
        lambda first, last, _roles: seen.append((first.row(), first.column(), last.column()))
    )
    return seen


def test_that_the_positions_model_keeps_qts_rules(
    model: TableModel[PositionRow], qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    fill(model, *(numbered(n) for n in range(5)))
    fill(model, numbered(2, last=9.0), numbered(7))
    model.sort(model.table.index("last"), DESCENDING)
    model.filter([GUN], "S0")
    model.apply({position_key(0): None, position_key(2): None}, ALL)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_that_the_orders_model_keeps_qts_rules(
    qtbot: QtBot, clock: Clock, qtmodeltester: ModelTester
) -> None:
    assert qtbot is not None
    model: TableModel[OrderRow] = TableModel(ORDERS, Theme(Scheme.LIGHT), clock)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.apply({order_key(n): an_order(key=order_key(n), to_fill=n / 100) for n in range(4)}, ALL)
    model.apply({order_key(1): None, order_key(3): an_order(key=order_key(3), to_fill=None)}, ALL)
    model.sort(0, DESCENDING)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_that_positions_open_by_symbol_with_both_accounts_of_a_share_side_by_side(
    model: TableModel[PositionRow],
) -> None:
    fill(
        model,
        numbered(1, "MS PRK", mode=GUN),
        numbered(2, "CIM PRB", mode=PED),
        numbered(3, "CIM PRB", mode=GUN),
    )
    assert column(model, "symbol") == ["CIM PRB", "CIM PRB", "MS PRK"]
    assert column(model, "account") == ["GUN", "PED", "GUN"]


@pytest.mark.parametrize(
    ("order", "known"), [(ASCENDING, ["10.00", "20.00"]), (DESCENDING, ["20.00", "10.00"])]
)
def test_that_unknown_figures_are_sorted_last_in_both_directions(
    model: TableModel[PositionRow], order: Qt.SortOrder, known: list[str]
) -> None:
    fill(model, numbered(1, last=None), numbered(2, last=20.0), numbered(3, last=10.0))
    model.sort(model.table.index("last"), order)
    assert column(model, "last") == [*known, "—"]


def test_that_numbers_sort_as_numbers(model: TableModel[PositionRow]) -> None:
    fill(model, *(numbered(n, quantity=q) for n, q in enumerate((900, 1000, -50, 20))))
    model.sort(model.table.index("quantity"), ASCENDING)
    assert column(model, "quantity") == ["−50", "20", "900", "1,000"]


def test_that_equal_rows_keep_the_natural_order_in_both_directions(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1, "C"), numbered(2, "A"), numbered(3, "B"))
    for order in (ASCENDING, DESCENDING):
        model.sort(model.table.index("last"), order)
        assert column(model, "symbol") == ["A", "B", "C"]


def test_that_rows_move_once_a_second_and_not_with_every_price(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1, last=10.0), numbered(2, last=20.0))
    model.sort(model.table.index("last"), ASCENDING)
    fill(model, numbered(1, last=30.0))
    assert column(model, "last") == ["30.00", "20.00"]
    model.tick(ALL)
    assert column(model, "last") == ["20.00", "30.00"]


def test_that_rows_do_not_move_under_the_mouse(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1, last=10.0), numbered(2, last=20.0))
    model.sort(model.table.index("last"), ASCENDING)
    fill(model, numbered(1, last=30.0))
    model.is_held = True
    model.tick(ALL)
    assert column(model, "last") == ["30.00", "20.00"]
    model.is_held = False
    model.tick(ALL)
    assert column(model, "last") == ["20.00", "30.00"]


def test_that_a_new_row_takes_its_place_without_moving_the_others(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1, last=10.0), numbered(2, last=20.0))
    model.sort(model.table.index("last"), ASCENDING)
    fill(model, numbered(1, last=30.0))
    fill(model, numbered(3, last=15.0))
    assert column(model, "last") == ["30.00", "15.00", "20.00"]


@pytest.mark.parametrize("text", [" cim ", "CIM", "CİM", "cım", "çim", "cim pr"])
def test_that_the_filter_finds_a_part_of_the_symbol_of_whatever_keyboard(
    model: TableModel[PositionRow], text: str
) -> None:
    fill(model, numbered(1, "CIM PRB"), numbered(2, "CIM PRD"), numbered(3, "MS PRK"))
    model.filter(tuple(AccountMode), text)
    assert column(model, "symbol") == ["CIM PRB", "CIM PRD"]
    assert (model.shown_count, model.row_count) == (2, 3)
    model.filter(tuple(AccountMode), "")
    assert column(model, "symbol") == ["CIM PRB", "CIM PRD", "MS PRK"]


def test_that_a_row_that_comes_while_filtered_out_is_there_afterwards(
    model: TableModel[PositionRow],
) -> None:
    model.filter([PED], "")
    fill(model, numbered(1, mode=GUN), numbered(2, mode=PED))
    assert column(model, "account") == ["PED"]
    fill(model, numbered(1, mode=GUN, last=99.0))
    model.filter(IBKR_MODES, "")
    assert column(model, "last") == ["99.00", "24.55"]


def test_that_only_the_cells_that_differ_are_announced(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1), numbered(2))
    look_at(model)
    seen = changes_of(model)
    bid, mid = model.table.index("bid"), model.table.index("mid")
    fill(model, numbered(2, bid=24.53, ask=24.61))
    assert seen == [(1, bid, bid + 1), (1, mid, mid)]


def test_that_a_row_that_reads_the_same_is_not_announced(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1))
    look_at(model)
    seen = changes_of(model)
    fill(model, numbered(1)._replace(last=24.55 + 1e-9))
    assert seen == []


def test_that_a_row_out_of_sight_is_not_formatted_and_is_fresh_when_it_comes_into_sight(
    model: TableModel[PositionRow],
) -> None:
    fill(model, numbered(1), numbered(2))
    look_at(model)
    seen = changes_of(model)
    fill(model, numbered(2, last=30.0), visible=range(1))
    assert seen == []
    assert column(model, "last") == ["24.55", "30.00"]


def test_that_a_price_that_moves_is_tinted_by_its_direction_until_it_fades(
    model: TableModel[PositionRow],
) -> None:
    fill(model, numbered(1))
    look_at(model)
    assert model.apply({position_key(1): numbered(1, bid=24.51, ask=24.62)}, ALL)
    bid, ask = model.table.index("bid"), model.table.index("ask")
    tints = {i: is_up for i, (is_up, _flush) in model.line(0).tints.items()}
    assert tints == {bid: False, ask: True}
    model.fade(model.flush)
    assert model.line(0).tints == {}


def test_that_a_first_price_and_a_frozen_one_are_not_tinted(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1, bid=None))
    look_at(model)
    assert not model.apply({position_key(1): numbered(1)}, ALL)
    frozen = numbered(1, bid=20.0, quote_state=QuoteState.FROZEN)
    assert not model.apply({position_key(1): frozen}, ALL)


def test_that_ages_grow_by_themselves(model: TableModel[PositionRow], clock: Clock) -> None:
    fill(model, numbered(1))
    assert column(model, "age") == ["0s"]
    clock.advance(61)
    model.tick(ALL)
    assert column(model, "age") == ["1m"]


def test_that_a_frozen_price_is_struck_italic_and_stale(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1, quote_state=QuoteState.FROZEN))
    index = model.index(0, model.table.index("last"))
    font = model.data(index, Qt.ItemDataRole.FontRole)
    assert (font.strikeOut(), font.italic(), font.bold()) == (True, True, False)
    assert model.data(index, Qt.ItemDataRole.ForegroundRole) == Theme(Scheme.DARK).colour(Tone.STALE)
    symbol = model.data(model.index(0, 1), Qt.ItemDataRole.FontRole)
    assert (symbol.strikeOut(), symbol.italic(), symbol.bold()) == (False, False, True)


def test_that_numbers_are_right_aligned_and_texts_left_aligned(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1))
    for i, each in enumerate(model.columns):
        alignment = model.data(model.index(0, i), Qt.ItemDataRole.TextAlignmentRole)
        text = each.key in {"account", "symbol", "side", "hammer_symbol", "exchange", "account_number"}
        assert bool(alignment & Qt.AlignmentFlag.AlignLeft) is text


def test_that_a_finer_price_moves_the_decimal_points_of_its_column(model: TableModel[PositionRow]) -> None:
    last = model.table.index("last")
    fill(model, numbered(1))
    column(model, "last")
    assert model.decimals(last) == 2
    fill(model, numbered(1, last=24.5525))
    assert model.decimals(last) == 4


def places(model: TableModel[PositionRow]) -> dict[Hashable, int]:
    return {model.line(place).key: place for place in range(model.rowCount())}


Step = tuple[str, int, float]
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(["set", "remove", "sort up", "sort down", "tick", "filter", "unfilter"]),
        st.integers(0, 9),
        st.sampled_from([1.0, 2.0, 3.0, float("nan")]),
    ),
    max_size=30,
)


@pytest.mark.usefixtures("qapp")
@given(steps=STEPS)
def test_that_selected_rows_follow_their_key_through_everything(steps: list[Step]) -> None:
    model: TableModel[PositionRow] = TableModel(POSITIONS, Theme(Scheme.DARK), Clock())
    selection = QItemSelectionModel(model)
    fill(model, *(numbered(n) for n in range(10)))
    chosen: set[Hashable] = {position_key(3), position_key(7)}
    for key in chosen:
        place = places(model)[key]
        selection.select(model.index(place, 0), QItemSelectionModel.SelectionFlag.Select)
    last = model.table.index("last")
    actions: dict[str, Callable[[int, float], object]] = {
        "set": lambda n, x: fill(model, numbered(n, last=None if x != x else x), visible=range(5)),
        "remove": lambda n, _x: model.apply({position_key(n): None}, ALL),
        "sort up": lambda n, _x: model.sort(n, ASCENDING),
        "sort down": lambda _n, _x: model.sort(last, DESCENDING),
        "tick": lambda _n, _x: model.tick(ALL),
        "filter": lambda n, _x: model.filter(tuple(AccountMode), f"S{n // 2:02d}"),
        "unfilter": lambda _n, _x: model.filter(tuple(AccountMode), ""),
    }
    for action, number, figure in steps:
        actions[action](number, figure)
        # A row that left, even for a moment, comes back unselected, as everywhere in Qt.
        chosen &= places(model).keys()
        assert {model.line(index.row()).key for index in selection.selectedIndexes()} == chosen
        assert [model.line(place).place for place in range(model.rowCount())] == [*range(model.rowCount())]


class WholeModel(TableModel[PositionRow]):
    """Puts all rows in order whenever one comes or goes."""

    _is_arranged = False


@pytest.mark.usefixtures("qapp")
@given(steps=STEPS, seed=st.lists(st.integers(0, 9), unique=True))
def test_that_rows_that_come_and_go_one_by_one_are_ordered_as_if_sorted_at_once(
    steps: list[Step], seed: list[int]
) -> None:
    model, whole = (kind(POSITIONS, Theme(Scheme.DARK), Clock()) for kind in (TableModel, WholeModel))
    last = model.table.index("last")

    def named(number: int, figure: float) -> PositionRow:
        return numbered(number, f"S{number // 3} PRA", last=None if figure != figure else figure)

    for each in (model, whole):
        fill(each, *(named(number, number % 3) for number in seed))
    for action, number, figure in steps:
        for each in (model, whole):
            match action:
                case "set":
                    fill(each, named(number, figure))
                case "remove":
                    each.apply({position_key(number): None, position_key(number - 1): None}, ALL)
                case "sort up" | "sort down":
                    each.sort(last, ASCENDING if action == "sort up" else DESCENDING)
                case "tick":
                    each.tick(ALL)
                case _:
                    each.filter(tuple(AccountMode), f"S{number // 3}" if action == "filter" else "")
        assert list(places(model)) == list(places(whole))
        assert [model.line(place).place for place in range(model.rowCount())] == [*range(model.rowCount())]


def test_that_a_row_that_comes_or_goes_moves_no_other(model: TableModel[PositionRow], qtbot: QtBot) -> None:
    fill(model, *(numbered(number) for number in (1, 2, 4, 5)))
    with qtbot.assertNotEmitted(model.layoutChanged):
        with qtbot.waitSignal(model.rowsInserted) as came:
            fill(model, numbered(3))
        with qtbot.waitSignal(model.rowsRemoved) as left:
            model.apply({position_key(2): None}, ALL)
    assert came.args is not None
    assert left.args is not None
    assert [came.args[1:], left.args[1:]] == [[2, 2], [1, 1]]
    assert column(model, "symbol") == ["S01 PRA", "S03 PRA", "S04 PRA", "S05 PRA"]


def test_that_rows_that_stay_where_they_are_are_not_put_in_order_again(
    model: TableModel[PositionRow], qtbot: QtBot
) -> None:
    model.sort(model.table.index("last"), ASCENDING)
    fill(model, numbered(1, last=10.0), numbered(2, last=20.0))
    model.tick(ALL)
    with qtbot.assertNotEmitted(model.layoutChanged):
        fill(model, numbered(1, last=10.0, bid=9.0))
        model.tick(ALL)
    with qtbot.waitSignal(model.layoutChanged):
        fill(model, numbered(1, last=30.0))
        model.tick(ALL)


def test_that_nothing_is_below_a_row(model: TableModel[PositionRow]) -> None:
    fill(model, numbered(1))
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_that_no_news_is_fetched_while_rows_leave(model: TableModel[PositionRow]) -> None:
    fill(model, *(numbered(n, f"{'XY'[n % 2]}{n} PRA") for n in range(8)))
    # As a view does whose scroll bar moves with the rows.
    model.rowsRemoved.connect(lambda *_details: model.catch_up())
    closing = iter(range(7, 0, -2))

    def fetch() -> None:
        model.apply({position_key(next(closing)): None}, ALL)

    model.news_wanted.connect(fetch)
    model.filter([GUN], "X")
    assert column(model, "symbol") == ["X0 PRA", "X2 PRA", "X4 PRA", "X6 PRA"]
    model.filter([GUN], "")
    assert column(model, "symbol") == ["X0 PRA", "X2 PRA", "X4 PRA", "X6 PRA", "Y1 PRA", "Y3 PRA"]
