"""The fields of a row that each column depends on: a cell is formatted again only if one of them changed."""

from collections.abc import Mapping, Sequence
from itertools import compress, count
from operator import ne
from typing import Any

from msgspec.structs import replace

from psf_monitor.book.rows import ORDER_FIELDS, POSITION_FIELDS
from psf_monitor.ui.table.columns import Band, Column, R

_OF_ORDER = tuple(ORDER_FIELDS)
_OF_POSITION = tuple(POSITION_FIELDS)
_ACCOUNT = ("mode", "account", "is_excluded")
_OLD_BY: Mapping[Band, tuple[str, ...]] = {
    Band.IBKR: ("stale_since",),
    Band.HAMMER: ("quote_state",),
    Band.CALCULATED: ("stale_since", "quote_state"),
    Band.FACTS: ("facts",),
}
"""The fields that make a figure of a band old."""
_MOST_KINDS = 512

POSITION_INPUTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("symbol", "side", "quantity", "average_price", "working"), _OF_POSITION),
    **dict.fromkeys(("exchange", "con_id", "account_number", "day_line", "cost_basis"), _OF_POSITION),
    "account": _ACCOUNT,
    "spread": ("bid", "ask"),
    "mid": ("bid", "ask"),
    "change": ("last", "prev_close"),
    "change_pct": ("last", "prev_close"),
    "age": ("quote_changed_at", "quote_state"),
    "grpan_deviation": ("last", "grpan"),
    "rwvap_1d_deviation": ("last", "rwvap_1d"),
    "net_liquidation_pct": ("market_value", "net_liquidation"),
    "current_yield": ("facts", "mark", "price_unit"),
    "days_to_ex_dividend": ("facts",),
    "days_to_call": ("facts",),
    **{
        key: (key,)
        for key in (
            *("bid", "ask", "bid_size", "ask_size", "last", "volume", "high", "low", "prev_close"),
            *("grpan", "grpan_concentration", "rwvap_1d", "hammer_symbol"),
            *("mark", "market_value", "unrealized_pnl", "pnl_pct", "day_pnl"),
        )
    },
}
ORDER_INPUTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("order_id", "symbol", "side", "quantity", "order_type", "limit_price"), _OF_ORDER),
    **dict.fromkeys(("tif", "status", "filled", "remaining", "placed", "stop_price"), _OF_ORDER),
    **dict.fromkeys(("client_id", "reference", "oca_group", "attributes", "perm_id"), _OF_ORDER),
    "account": _ACCOUNT,
    "bid": ("bid",),
    "ask": ("ask",),
    "to_touch": ("to_touch",),
    "to_fill": ("to_fill", "is_near_fill", "quote_state"),
    "to_fill_pct": ("to_fill_pct", "is_near_fill", "quote_state"),
    "ahead": ("ahead",),
    "ahead_place": ("ahead",),
    "yield_at_limit": ("facts", "limit_price", "price_unit"),
    "days_to_ex_dividend": ("facts",),
    "days_to_call": ("facts",),
    "where": ("market_position", "is_near_fill", "quote_state"),
}


def with_inputs(columns: Sequence[Column[R]], reads: Mapping[str, tuple[str, ...]]) -> tuple[Column[R], ...]:
    """Return the columns with the fields that ``reads`` names for their keys, and those that make them
    old.
    """
    return tuple(
        replace(column, reads=(*reads[column.key], *_old_by(column))) if column.key in reads else column
        for column in columns
    )


def _old_by(column: Column[Any]) -> tuple[str, ...]:
    return tuple(name for band in column.depends_on or (column.band,) for name in _OLD_BY[band])


class ColumnInputs:
    """Finds the columns that may differ between two rows; a column without named fields always may."""

    def __init__(self, columns: Sequence[Column[Any]]) -> None:
        self._columns = columns
        self._all = tuple(range(len(columns)))
        self._affected: dict[tuple[int, ...], tuple[int, ...]] = {}

    def affected(self, before: object, now: object) -> Sequence[int]:
        """Return the places of the columns, in order."""
        if not isinstance(now, tuple) or not isinstance(before, tuple):
            return self._all
        differing = tuple(compress(count(), map(ne, before, now)))
        found = self._affected.get(differing)
        if found is None:
            if len(self._affected) >= _MOST_KINDS:
                self._affected.clear()
            names = {now._fields[place] for place in differing}  # type: ignore[attr-defined]
            found = tuple(
                place
                for place, column in enumerate(self._columns)
                if not column.reads or not names.isdisjoint(column.reads)
            )
            self._affected[differing] = found
        return found
