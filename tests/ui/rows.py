"""Rows of both tables made by hand, with everything that does not matter filled in."""

from typing import Any

from psf_monitor.book.day.day_state import DayKnown
from psf_monitor.book.row_figures import Market, holding_of, listed_of, order_row, position_row
from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.domain.day_pnl import OpenQuantity, OpenSource
from psf_monitor.domain.orders.order import OrderKey
from psf_monitor.domain.position import PositionKey
from psf_monitor.domain.quote import Quote
from tests.support.records import NOON, order, position

LIVE = Quote(
    bid=24.52,
    ask=24.6,
    bid_size=600.0,
    ask_size=400.0,
    last=24.55,
    prev_close=24.47,
    changed_at=NOON,
    received_at=NOON,
)


def a_position(symbol: str = "CIM PRB", quantity: float = 3000, **changes: Any) -> PositionRow:
    known = DayKnown(OpenQuantity(quantity, OpenSource.EXECUTIONS))
    held = holding_of(position(symbol, quantity, 23.4186), known=known)
    row = position_row(held, Market(LIVE, QuoteState.LIVE, "CIM-B"))
    return row._replace(**changes)


def an_order(symbol: str = "CIM PRB", **changes: Any) -> OrderRow:
    row = order_row(listed_of(order(symbol, limit_price=24.52)), Market(LIVE, QuoteState.LIVE))
    return row._replace(**changes)


def position_key(number: int) -> PositionKey:
    return PositionKey("U1240821", number)


def order_key(number: int) -> OrderKey:
    return OrderKey(number, 0, 0)
