"""Day P&L of a share. Pure: if an input is unknown, so is the result.

Day P&L = quantity at the open x (mark - previous close) + the sum over today's executions of signed quantity
x (mark - price), as TWS shows it; commissions are not included. Prices are HAMMER's, executions the broker's.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from math import fsum
from typing import NamedTuple

from psf_monitor.domain.fills.fill import Fill, is_of_later_day
from psf_monitor.domain.orders.order import Side


class OpenSource(StrEnum):
    """Where the quantity at the open comes from; the value is the text that the trader reads."""

    JOURNAL = "recorded at the open"
    EXECUTIONS = "held now less today's executions"


class OpenQuantity(NamedTuple):
    """The quantity held when the day began, in shares or contracts, negative for short."""

    quantity: float
    source: OpenSource


class DayTraded(NamedTuple):
    """Today's executions of one contract in one account, added up.

    ``net`` is bought less sold, ``cost`` the sum of signed quantity x price. Executions whose side, quantity
    or price was not reported are counted in ``unknown`` and are in neither; those without a time are counted
    in ``undated``, and those dated on a day that has not begun in ``later`` and nowhere else. ``commission``
    and ``realized_pnl`` are the broker's figures, ``None`` until every execution has one, if they are in
    several currencies, or if an execution is of a later day.
    """

    fills: int = 0
    net: float = 0.0
    cost: float = 0.0
    unknown: int = 0
    undated: int = 0
    commission: float | None = 0.0
    realized_pnl: float | None = 0.0
    currency: str | None = None
    later: int = 0


class DayPnl(NamedTuple):
    """Day P&L in contract currency, and its two parts.

    ``by_move`` is quantity at the open x (mark - previous close), ``by_fills`` the contribution of today's
    executions. Both are ``None`` for a share that is closed and has no mark, because the total does not need
    one.
    """

    pnl: float
    by_move: float | None
    by_fills: float | None


NOTHING_TRADED = DayTraded()


def signed_quantity(fill: Fill) -> float | None:
    """Return the quantity of an execution, positive if bought, negative if sold; ``None`` if side or quantity
    was not reported.
    """
    if fill.quantity is None or fill.side not in (Side.BUY, Side.SELL):
        return None
    return fill.quantity if fill.side == Side.BUY else -fill.quantity


def traded(fills: Iterable[Fill], now: datetime) -> DayTraded:
    """Add up executions of one contract in one account on the day of ``now``."""
    reported = list(fills)
    listed = [fill for fill in reported if not is_of_later_day(fill, now)]
    later = len(reported) - len(listed)
    known = [
        (signed, fill.price)
        for fill in listed
        if (signed := signed_quantity(fill)) is not None and fill.price is not None
    ]
    currencies = {fill.commission_currency for fill in listed if fill.commission_currency}
    is_summed = not later and len(currencies) <= 1 and all(fill.commission is not None for fill in listed)
    return DayTraded(
        fills=len(listed),
        net=fsum(signed for signed, _ in known),
        cost=fsum(signed * price for signed, price in known),
        unknown=len(listed) - len(known),
        undated=sum(fill.at is None for fill in listed),
        commission=fsum(fill.commission or 0.0 for fill in listed) if is_summed else None,
        realized_pnl=fsum(fill.realized_pnl or 0.0 for fill in listed) if is_summed else None,
        currency=next(iter(currencies), None) if len(currencies) == 1 else None,
        later=later,
    )


def quantity_at_open(recorded: float, at: datetime, fills: Iterable[Fill]) -> float | None:
    """Return the quantity held when the day began, given the quantity ``recorded`` ``at`` some moment of the
    day.

    ``None`` if an execution has no time or no quantity, since it may have happened before ``at``.
    """
    before = 0.0
    for fill in fills:
        signed = signed_quantity(fill)
        if fill.at is None or signed is None:
            return None
        if fill.at <= at:
            before += signed
    return recorded - before


def day_pnl(
    at_open: float,
    traded_today: DayTraded,
    point_value: float | None,
    mark: float | None,
    prev_close: float | None,
) -> DayPnl | None:
    """Return the day P&L; ``None`` if a figure it needs is unknown.

    Quantities opened today do not need the previous close, and quantities closed today do not need the mark.
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
        return DayPnl((-at_open * close - traded_today.cost) * point_value, None, None)
    by_move = at_open * (mark - close) * point_value if at_open else 0.0
    by_fills = (traded_today.net * mark - traded_today.cost) * point_value
    return DayPnl(by_move + by_fills, by_move, by_fills)


_NOTHING = 5e-9
"""Half of the smallest fraction that TWS sends."""
