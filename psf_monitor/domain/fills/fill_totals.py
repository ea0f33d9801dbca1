"""Totals of a day's executions by account and instrument. Pure; used for today and for past days."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import fsum
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.orders.order import Side

COMBINATION = "BAG"
"""TWS API: the security type of an order with several legs, whose executions are reported beside the
legs'.
"""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

OrderName = tuple[str, str, int, int | None, int]
"""The account and the ids of an order that the broker sent."""


class FillTotal(NamedTuple):
    """What one account traded in one instrument, under its latest name; ``names`` are all names it had.

    Quantities are in shares or contracts, prices in contract currency; the average of nothing is ``None``.
    ``unknown`` counts executions whose side, quantity or price was not reported; they are in no quantity.
    ``commission`` and ``realized_pnl`` are sums of what was reported, in ``currency``; ``None`` if nothing
    was reported, or in more than one currency. ``without_commission`` counts executions that still lack their
    cost, ``without_realized`` those that may have closed something that is missing in the sum.
    """

    account: str
    instrument: Instrument
    names: tuple[str, ...]
    fills: int
    bought: float
    bought_average: float | None
    sold: float
    sold_average: float | None
    unknown: int
    commission: float | None
    without_commission: int
    realized_pnl: float | None
    without_realized: int
    currency: str | None

    @property
    def symbol(self) -> str:
        return self.instrument.symbol

    @property
    def net(self) -> float:
        """Bought less sold."""
        return self.bought - self.sold


class FillTotals:
    """Adds up executions in any order, in as many batches as they arrive in."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, tuple[int, str]], _Group] = {}
        self._parts: set[OrderName] = set()
        self._whole: list[Fill] = []

    def add(self, fills: Iterable[Fill]) -> None:
        """Add these executions; each must be added only once."""
        for fill in fills:
            if _is_whole(fill):
                self._whole.append(fill)
                continue
            self._parts.add(order_of(fill))
            if not fill.is_busted:
                self._group_of(fill).append(fill)

    def result(self) -> list[FillTotal]:
        """Return one total for each account and instrument, by account and name. Call it once, after the last
        ``add``.
        """
        for fill in self._whole:
            if not fill.is_busted and order_of(fill) not in self._parts:
                self._group_of(fill).append(fill)
        self._whole.clear()
        found = [group.total() for group in self._groups.values()]
        return sorted(found, key=lambda total: (total.account, total.names, total.instrument.con_id))

    def _group_of(self, fill: Fill) -> "_Group":
        key = fill.account, fill.instrument.identity
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(fill.account)
        return group


def totals(fills: Iterable[Fill]) -> list[FillTotal]:
    """Return the totals of all of these executions; see ``FillTotals.result``."""
    summed = FillTotals()
    summed.add(fills)
    return summed.result()


def counted(fills: Iterable[Fill]) -> list[Fill]:
    """Return the executions that sums include: those of a combination only if none of its legs is reported.

    The same holds for a HAMMER order that was reported as a whole. Busted executions are left out.
    """
    listed = list(fills)
    parts = {order_of(fill) for fill in listed if not _is_whole(fill)}
    return [
        fill for fill in listed if not fill.is_busted and (not _is_whole(fill) or order_of(fill) not in parts)
    ]


def _is_whole(fill: Fill) -> bool:
    return fill.instrument.kind == COMBINATION or fill.is_whole_order


def order_of(fill: Fill) -> OrderName:
    """Return a key that all executions of one order share, and no others."""
    if fill.mode is AccountMode.HAMMER_PRO and not fill.hammer_id:
        # Nobody reports which order it belongs to.
        return (fill.account, fill.fill_id, 0, 0, 0)
    # With a permId the other ids add nothing.
    ids = (fill.perm_id, 0, 0) if fill.perm_id else (0, fill.client_id, fill.order_id)
    return (fill.account, fill.hammer_id, *ids)


class _Group:
    """The executions of one account and instrument, with running sums."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._called: dict[Instrument, datetime] = {}
        self._fills = self._unknown = self._without_commission = self._without_realized = 0
        self._traded: dict[str, tuple[list[float], list[float]]] = {Side.BUY: ([], []), Side.SELL: ([], [])}
        self._commissions: list[float] = []
        self._realized: list[float] = []
        self._currencies: set[str | None] = set()

    def append(self, fill: Fill) -> None:
        self._fills += 1
        known = self._called.get(fill.instrument, _LONG_AGO)
        self._called[fill.instrument] = max(known, fill.at or _LONG_AGO)
        traded = self._traded.get(fill.side)
        if traded is None or fill.quantity is None or fill.price is None:
            # What was traded is not completely known.
            self._unknown += 1
        else:
            quantities, amounts = traded
            quantities.append(fill.quantity)
            amounts.append(fill.quantity * fill.price)
        if fill.commission is None:
            self._without_commission += 1
        else:
            self._commissions.append(fill.commission)
        if fill.realized_pnl is not None:
            self._realized.append(fill.realized_pnl)
        elif not fill.is_reported:
            self._without_realized += 1
        if fill.is_reported or fill.realized_pnl is not None:
            self._currencies.add(fill.commission_currency)

    def total(self) -> FillTotal:
        bought, bought_average = self._side(Side.BUY)
        sold, sold_average = self._side(Side.SELL)
        is_one_currency = len(self._currencies) <= 1
        called = sorted(self._called, key=lambda each: (self._called[each], repr(each)))
        return FillTotal(
            account=self._account,
            instrument=called[-1],
            names=tuple(reversed(dict.fromkeys(each.name for each in reversed(called)))),
            fills=self._fills,
            bought=bought,
            bought_average=bought_average,
            sold=sold,
            sold_average=sold_average,
            unknown=self._unknown,
            commission=_sum(self._commissions) if is_one_currency else None,
            without_commission=self._without_commission,
            realized_pnl=_sum(self._realized) if is_one_currency else None,
            without_realized=self._without_realized,
            currency=next(iter(self._currencies), None) if is_one_currency else None,
        )

    def _side(self, side: Side) -> tuple[float, float | None]:
        """Return the quantity and the average price of one side."""
        quantities, amounts = self._traded[side]
        quantity = fsum(quantities)
        return quantity, fsum(amounts) / quantity if quantity else None


def _sum(amounts: Sequence[float]) -> float | None:
    return fsum(amounts) if amounts else None
