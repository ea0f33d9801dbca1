"""A cell is formatted again whenever a field that it is made of has changed, and not for another."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from psf_monitor.book.orders.working_quantity import Working
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.depth import Ahead, Place
from psf_monitor.domain.facts import CALL, EX_DIVIDEND, Fact, ShareFacts
from psf_monitor.domain.listing_exchange import Unpriced
from psf_monitor.domain.orders.order import OrderStatus
from psf_monitor.domain.orders.order_standing import MarketPosition
from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.table.cells.column_inputs import ColumnInputs
from psf_monitor.ui.table.columns import Column
from tests.support.records import NOON
from tests.ui.rows import a_position, an_order, order_key, position_key

NOW = NOON + timedelta(seconds=30)
FACTS = ShareFacts(
    {
        "COUPON": Fact("6.5%", 6.5),
        EX_DIVIDEND: Fact("2026-10-01", date(2026, 10, 1)),
        CALL: Fact("2026-08-01", date(2026, 8, 1)),
    },
    25.0,
    today=date(2026, 9, 18),
)
OLD_FACTS = ShareFacts(FACTS.cells, 25.0, stale_since=NOON, today=FACTS.today)
BESIDES: dict[str, Sequence[Any]] = {
    "mode": tuple(AccountMode),
    "account": ("DU9", "U1240821"),
    "key": (position_key(7), order_key(7)),
    "working": (Working(buy=100), Working(sell=7, buy=3)),
    "quote_state": tuple(QuoteState),
    "quote_changed_at": (None, NOON, NOON - timedelta(hours=2)),
    "stale_since": (None, datetime(2026, 9, 18, 12, tzinfo=UTC)),
    "unpriced": (None, *Unpriced),
    "facts": (None, FACTS, OLD_FACTS),
    "ahead": (None, Ahead(Place.UNKNOWN), Ahead(Place.HIDDEN, 300.0, 300.0)),
    "market_position": tuple(MarketPosition),
    "status": tuple(OrderStatus),
    "is_near_fill": (True, False),
    "is_excluded": (True, False),
    "kind": ("STK", "BAG"),
    "models": ((("growth", 10.0),),),
    "other_names": (("CIM PRB2",),),
    "also_quoted": (("CIM PRB2",),),
}
UNREPORTED: dict[str, Any] = dict.fromkeys(
    ("bid", "ask", "last", "mark", "market_value", "quote_changed_at", "day_pnl")
)
POSITIONS_SEEN = (
    a_position(facts=FACTS),
    a_position(quantity=-200, quote_state=QuoteState.LATE, quote_late_s=90.0, stale_since=NOON),
    a_position(quote_state=QuoteState.MISSING)._replace(**UNREPORTED),
)
ORDERS_SEEN = (
    an_order(facts=FACTS, is_near_fill=True),
    an_order(side="SELL", status=OrderStatus.PRE_SUBMITTED, quote_state=QuoteState.FROZEN, stale_since=NOON),
    an_order(market_position=MarketPosition.AT_BID, limit_price=None, ahead=Ahead(Place.UNKNOWN)),
)


def others(field: str, value: object) -> Sequence[Any]:
    """Other values that a field may have."""
    if field in BESIDES:
        return BESIDES[field]
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, str):
        return ("", "X")
    return (None, 0.0, -3.25, 25.12)


def look(column: Column[Any], row: Any) -> object:
    """All that is drawn of a cell."""
    mark = column.mark(row) if column.mark else None
    text = column.text(row, NOW)
    return text, column.tone(row, NOW), column.is_bold(row), column.is_old(row), mark


def changed(row: Any) -> Iterator[tuple[str, Any]]:
    """The row with one field another, for every field and many values."""
    for field, value in zip(type(row).__annotations__, row, strict=True):
        for other in others(field, value):
            yield field, row._replace(**{field: other})


@pytest.mark.parametrize(
    ("columns", "rows"),
    [(POSITIONS.columns, POSITIONS_SEEN), (ORDERS.columns, ORDERS_SEEN)],
    ids=["positions", "orders"],
)
def test_that_no_cell_looks_otherwise_for_a_field_that_its_column_does_not_name(
    columns: Sequence[Column[Any]], rows: Sequence[PositionRow | OrderRow]
) -> None:
    known = ColumnInputs(columns)
    missed = set()
    for before in rows:
        seen = [look(column, before) for column in columns]
        for field, now in changed(before):
            affected = known.affected(before, now)
            missed |= {
                (column.key, field)
                for place, column in enumerate(columns)
                if place not in affected and look(column, now) != seen[place]
            }
    assert not missed


def test_that_a_bid_that_moves_has_the_cells_formatted_that_are_made_of_it() -> None:
    row = a_position()
    affected = ColumnInputs(POSITIONS.columns).affected(row, row._replace(bid=24.53))
    assert [POSITIONS.columns[place].key for place in affected] == ["bid", "spread", "mid"]


def test_that_nothing_is_formatted_for_a_row_that_is_the_same() -> None:
    assert not ColumnInputs(POSITIONS.columns).affected(a_position(), a_position())


def test_that_a_column_that_names_no_field_is_formatted_for_any() -> None:
    plain: tuple[Column[PositionRow], ...] = (
        Column("own", "Own", POSITIONS.columns[0].band, 10, lambda _row: None, lambda _row, _now: ""),
    )
    assert ColumnInputs(plain).affected(a_position(), a_position(bid=1.0)) == (0,)


def test_that_every_column_of_both_tables_names_its_fields() -> None:
    assert not [column.key for table in (POSITIONS, ORDERS) for column in table.columns if not column.reads]
