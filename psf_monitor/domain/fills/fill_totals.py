"""What a day's executions come to, for each account and instrument. Pure, for today and for past days."""

from collections.abc import Iterable, Sequence
from math import fsum
from typing import NamedTuple

from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.order import Side

COMBINATION = "BAG"
"""TWS API: the security type of an order with several legs, whose executions are told beside the legs'."""


class FillTotal(NamedTuple):
    """What one account traded of one instrument.

    Quantities in shares or contracts, prices in contract currency; an average of nothing is ``None``.
    ``unknown`` executions, of a side, quantity or price that was not told, are in no quantity.
    ``commission`` and ``realized_pnl`` are sums of what was told, in ``currency``; ``None`` when nothing was
    told, or in more than one currency. ``commission_untold`` executions still lack their cost, and
    ``realized_untold`` may have closed something that is not in the sum.
    """

    account: str
    instrument: Instrument
    fills: int
    bought: float
    bought_average: float | None
    sold: float
    sold_average: float | None
    unknown: int
    commission: float | None
    commission_untold: int
    realized_pnl: float | None
    realized_untold: int
    currency: str | None

    @property
    def symbol(self) -> str:
        return self.instrument.symbol

    @property
    def net(self) -> float:
        """Bought less sold."""
        return self.bought - self.sold


def totals(fills: Iterable[Fill]) -> list[FillTotal]:
    """One total for each account and instrument, by account and symbol, whatever the order of ``fills``."""
    groups: dict[tuple[str, tuple[int, str]], list[Fill]] = {}
    for fill in counted(fills):
        groups.setdefault((fill.account, fill.instrument.identity), []).append(fill)
    found = [_total(group) for group in groups.values()]
    return sorted(found, key=lambda total: (total.account, total.symbol, total.instrument.con_id))


def counted(fills: Iterable[Fill]) -> list[Fill]:
    """Those that sums include: a combination is what its legs are, and counts only where no leg is told.

    So is an order of HAMMER that was told as one. What was busted is none.
    """
    listed = list(fills)
    parts = {_order_of(fill) for fill in listed if not _is_whole(fill)}
    return [
        fill
        for fill in listed
        if not fill.is_busted and (not _is_whole(fill) or _order_of(fill) not in parts)
    ]


def _is_whole(fill: Fill) -> bool:
    return fill.instrument.kind == COMBINATION or fill.is_whole_order


def _order_of(fill: Fill) -> tuple[str, str, int, int, int]:
    # Where the broker gave a permId, the other ids add nothing.
    ids = (fill.perm_id, 0, 0) if fill.perm_id else (0, fill.client_id, fill.order_id)
    return (fill.account, fill.hammer_id, *ids)


def _total(fills: Sequence[Fill]) -> FillTotal:
    bought, bought_average = _side(fills, Side.BUY)
    sold, sold_average = _side(fills, Side.SELL)
    listed = (fill for fill in fills if fill.is_reported or fill.realized_pnl is not None)
    currencies = {fill.commission_currency for fill in listed}
    one_currency = len(currencies) <= 1
    return FillTotal(
        account=fills[0].account,
        instrument=min((fill.instrument for fill in fills), key=repr),
        fills=len(fills),
        bought=bought,
        bought_average=bought_average,
        sold=sold,
        sold_average=sold_average,
        unknown=sum(_traded(fill) is None for fill in fills),
        commission=_sum(fill.commission for fill in fills) if one_currency else None,
        commission_untold=sum(fill.commission is None for fill in fills),
        realized_pnl=_sum(fill.realized_pnl for fill in fills) if one_currency else None,
        realized_untold=sum(not fill.is_reported and fill.realized_pnl is None for fill in fills),
        currency=next(iter(currencies), None) if one_currency else None,
    )


def _traded(fill: Fill) -> tuple[float, float] | None:
    """Quantity and price; ``None`` when what was traded is not known in full."""
    if fill.quantity is None or fill.price is None or fill.side not in (Side.BUY, Side.SELL):
        return None
    return fill.quantity, fill.price


def _side(fills: Sequence[Fill], side: Side) -> tuple[float, float | None]:
    """What was traded on one side and its average price."""
    traded = [known for fill in fills if fill.side == side and (known := _traded(fill)) is not None]
    quantity = fsum(q for q, _ in traded)
    return quantity, fsum(q * p for q, p in traded) / quantity if quantity else None


def _sum(amounts: Iterable[float | None]) -> float | None:
    listed = [amount for amount in amounts if amount is not None]
    return fsum(listed) if listed else None
