"""What a share earned today. Pure; unknown in, unknown out.

Day P&L = quantity at the open x (mark - previous close) + the sum over today's executions of signed quantity
x (mark - price), as TWS shows it; commissions are not in it. Prices are HAMMER's, executions the broker's.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from math import fsum
from typing import NamedTuple

from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.order import Side


class OpenSource(StrEnum):
    """Where the quantity at the open is from; the value is what the trader reads."""

    JOURNAL = "recorded at the open"
    EXECUTIONS = "held now less today's executions"


class OpenQuantity(NamedTuple):
    """How much was held when the day began: shares or contracts, short below 0."""

    quantity: float
    source: OpenSource


class DayTraded(NamedTuple):
    """Today's executions of one contract in one account, added up.

    ``net``: bought less sold; ``cost``: signed quantity x price. ``unknown`` executions of a side, quantity
    or price that was not reported are in neither, ``undated`` ones have no time. ``commission`` and
    ``realized_pnl`` are the broker's, ``None`` until reported of every execution, or in several currencies.
    """

    fills: int = 0
    net: float = 0.0
    cost: float = 0.0
    unknown: int = 0
    undated: int = 0
    commission: float | None = 0.0
    realized_pnl: float | None = 0.0
    currency: str | None = None


class DayEarned(NamedTuple):
    """What was earned today, in contract currency, and of what it is made.

    ``by_move``: quantity at the open x (mark - previous close); ``by_fills``: what today's executions made of
    it. Both are ``None`` for a share that is closed and has no mark: the sum does not need one.
    """

    pnl: float
    by_move: float | None
    by_fills: float | None


NOTHING_TRADED = DayTraded()


def signed_quantity(fill: Fill) -> float | None:
    """Bought above 0, sold below; ``None`` when side or quantity was not reported."""
    if fill.quantity is None or fill.side not in (Side.BUY, Side.SELL):
        return None
    return fill.quantity if fill.side == Side.BUY else -fill.quantity


def traded(fills: Iterable[Fill]) -> DayTraded:
    """Add up executions of one contract in one account."""
    listed = list(fills)
    known = [
        (signed, fill.price)
        for fill in listed
        if (signed := signed_quantity(fill)) is not None and fill.price is not None
    ]
    currencies = {fill.commission_currency for fill in listed if fill.commission_currency}
    is_summed = len(currencies) <= 1 and all(fill.commission is not None for fill in listed)
    return DayTraded(
        fills=len(listed),
        net=fsum(signed for signed, _ in known),
        cost=fsum(signed * price for signed, price in known),
        unknown=len(listed) - len(known),
        undated=sum(fill.at is None for fill in listed),
        commission=fsum(fill.commission or 0.0 for fill in listed) if is_summed else None,
        realized_pnl=fsum(fill.realized_pnl or 0.0 for fill in listed) if is_summed else None,
        currency=next(iter(currencies), None) if len(currencies) == 1 else None,
    )


def began_with(recorded: float, at: datetime, fills: Iterable[Fill]) -> float | None:
    """Return what was held when the day began, of what was ``recorded`` ``at`` some moment of it.

    ``None`` where an execution has no time or no quantity: it may have been before.
    """
    before = 0.0
    for fill in fills:
        signed = signed_quantity(fill)
        if fill.at is None or signed is None:
            return None
        if fill.at <= at:
            before += signed
    return recorded - before


def earned(
    at_open: float,
    traded_today: DayTraded,
    point_value: float | None,
    mark: float | None,
    prev_close: float | None,
) -> DayEarned | None:
    """Work out the day; ``None`` where a figure that it needs is not known.

    The previous close is not needed by what was opened today, the mark not by what is closed.
    """
    if point_value is None or traded_today.unknown:
        return None
    at_open = 0.0 if abs(at_open) < _NOTHING else at_open
    held = at_open + traded_today.net
    if (at_open and prev_close is None) or (abs(held) >= _NOTHING and mark is None):
        return None
    close = prev_close if at_open else 0.0
    assert close is not None
    if mark is None:
        return DayEarned((-at_open * close - traded_today.cost) * point_value, None, None)
    by_move = at_open * (mark - close) * point_value if at_open else 0.0
    by_fills = (traded_today.net * mark - traded_today.cost) * point_value
    return DayEarned(by_move + by_fills, by_move, by_fills)


_NOTHING = 5e-9
"""Half of the finest fraction that TWS sends."""
