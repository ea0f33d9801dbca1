"""What some orders can still trade, by side and kind, and its value at their limits."""

from collections import defaultdict
from collections.abc import Hashable, Iterable

from msgspec import Struct

from psf_monitor.book.orders.working_quantity import is_idle, linked, why_uncounted
from psf_monitor.book.rows import OrderRow
from psf_monitor.domain.instrument import COMBINATION
from psf_monitor.domain.orders.order import Side

_SHARES = "STK"


class SideSum(Struct, frozen=True):
    """At most ``remaining`` shares or contracts of ``orders``; ``value`` at their limits in ``currency``.

    ``of`` is TWS's kind for anything but shares, or the name of a combination, which is added to no other. Of
    orders that cancel each other the largest counts; ``together`` is how many such orders there are. ``idle``
    orders do not work, and for ``uncounted`` ones the remaining quantity is unknown: both are in no figure.
    ``value`` is ``None`` if one of the orders has no limit or no known price unit, or if there is more than
    one currency.
    """

    side: str
    of: str
    orders: int
    remaining: float
    together: int
    idle: int
    uncounted: int
    value: float | None
    currency: str | None


def order_sums(rows: Iterable[OrderRow]) -> list[SideSum]:
    """Return the sums, buying first; orders of logins of an unexpected kind are left out."""
    parts: dict[str, dict[Hashable, list[OrderRow]]] = {Side.BUY: {}, Side.SELL: {}}
    for row in rows:
        if not row.is_excluded:
            parts.setdefault(row.side, {}).setdefault(_kind(row), []).append(row)
    return [_sum_of(side, same) for side, kinds in parts.items() for same in kinds.values()]


def _kind(row: OrderRow) -> Hashable:
    return (row.symbol, row.legs) if row.kind == COMBINATION else row.kind


def _sum_of(side: str, rows: list[OrderRow]) -> SideSum:
    first = rows[0]
    working = [row for row in rows if not is_idle(row)]
    known = [row for row in working if why_uncounted(row) is None]
    groups = _groups(known)
    currencies = {row.currency for row in known}
    values = [value for group in groups if (value := _value(group)) is not None]
    is_whole = bool(values) and len(values) == len(groups) and len(currencies) == 1
    return SideSum(
        side=side,
        of="" if first.kind == _SHARES else first.name if first.kind == COMBINATION else first.kind,
        orders=len(rows),
        remaining=sum(max(row.remaining or 0.0 for row in group) for group in groups),
        together=sum(len(group) for group in groups if len(group) > 1),
        idle=len(rows) - len(working),
        uncounted=len(working) - len(known),
        value=sum(values) if is_whole else None,
        currency=currencies.pop() if is_whole else None,
    )


def _groups(rows: Iterable[OrderRow]) -> list[list[OrderRow]]:
    """Return the orders in groups that cancel each other; those of other contracts and accounts do not."""
    of_contract: defaultdict[Hashable, list[OrderRow]] = defaultdict(list)
    for row in rows:
        of_contract[row.mode, row.account, row.con_id or row.symbol].append(row)
    return [group for same in of_contract.values() for group in linked(same)]


def _value(group: Iterable[OrderRow]) -> float | None:
    """Return the largest value of a group of which one order fills; only a share is worth its price."""
    values = [
        None
        if row.limit_price is None or row.price_unit is None or row.kind != _SHARES
        else (row.remaining or 0.0) * row.limit_price * row.price_unit
        for row in group
    ]
    known = [value for value in values if value is not None]
    return max(known) if len(known) == len(values) else None
