"""What some orders can still trade, by side, and what that comes to at their limits."""

from collections.abc import Iterable

from msgspec import Struct

from psf_monitor.book.rows import OrderRow
from psf_monitor.domain.order import Side


class SideSum(Struct, frozen=True):
    """``remaining`` shares or contracts of ``orders``; ``value`` at their limits in ``currency``.

    ``unknown`` orders do not say how much is left and are in no figure; ``value`` is ``None`` where one of
    them has no limit or no known unit of its price, or where they are of more than one currency.
    """

    side: str
    orders: int
    remaining: float
    unknown: int
    value: float | None
    currency: str | None


def order_sums(rows: Iterable[OrderRow]) -> list[SideSum]:
    """Buying first; orders that are not of the expected kind of login are in none."""
    held = [row for row in rows if not row.is_excluded]
    sides = [side for side in (Side.BUY, Side.SELL) if any(row.side == side for row in held)]
    return [_of_side(side, [row for row in held if row.side == side]) for side in sides]


def _of_side(side: str, rows: list[OrderRow]) -> SideSum:
    known = [row for row in rows if row.remaining is not None]
    currencies = {row.currency for row in known}
    priced = [
        (row.remaining or 0.0) * row.limit_price * row.price_unit
        for row in known
        if row.limit_price is not None and row.price_unit is not None
    ]
    is_whole = len(priced) == len(known) and len(currencies) == 1 and all(row.kind == "STK" for row in known)
    return SideSum(
        side=side,
        orders=len(rows),
        remaining=sum(row.remaining or 0.0 for row in known),
        unknown=len(rows) - len(known),
        value=sum(priced) if is_whole else None,
        currency=currencies.pop() if is_whole else None,
    )
