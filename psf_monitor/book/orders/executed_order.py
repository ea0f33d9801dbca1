"""How much of an order has filled according to its executions. Pure.

TWS lists only the executions of the current day, but a good-till-cancelled order may fill over many days.
"""

from collections.abc import Iterable
from math import fsum
from typing import NamedTuple

from msgspec import Struct, field

from psf_monitor.domain.orders.order import Order, OrderExecution, OrderKey

SMALLEST_QUANTITY = 5e-9
"""Half of the eighth decimal: the smallest fraction that TWS sends is a hundred-millionth."""

_MANY_DAYS = frozenset({"GTC", "GTD"})
"""TWS API, time in force: orders that may have filled on another day."""


class _Executed(NamedTuple):
    """One execution in its latest revision."""

    revision: int
    shares: float
    price: float | None


class ExecutedOrder(Struct):
    """The reported executions of one order.

    ``earlier`` is the quantity filled on earlier days, of which no execution is known: the order's filled
    quantity less the sum of its executions, once both have been reported completely and nothing changed in
    between.
    """

    executions: dict[str, _Executed] = field(default_factory=dict)
    cumulative: float = 0.0
    cumulative_average: float | None = None
    earlier: float | None = None
    earlier_value: float | None = None
    _listed: tuple[float, float] | None = None
    _is_taken_back: bool = False

    def apply(self, received: OrderExecution) -> bool:
        """Record one execution; return whether it is new."""
        known = self.executions.get(received.execution_id)
        is_news = False
        if received.shares is not None and (known is None or received.revision > known.revision):
            if received.shares < (0.0 if known is None else known.shares) or received.shares == 0:
                # What the other executions say had filled by then includes what is taken back.
                self._is_taken_back, self.cumulative, self.cumulative_average = True, 0.0, None
            self.executions[received.execution_id] = _Executed(
                received.revision, received.shares, received.price
            )
            is_news = True
        if not self._is_taken_back and received.filled is not None and received.filled > self.cumulative:
            self.cumulative, self.cumulative_average = received.filled, received.average_price
            is_news = True
        return is_news

    def listed(self, order: Order) -> None:
        """Record that all executions of today have arrived while the order was open in this state."""
        self._listed = None
        if order.tif in _MANY_DAYS and order.filled is not None:
            self._listed = order.filled, self._executed

    def confirm(self, order: Order) -> None:
        """Record that the order is listed again with the filled quantity that matches its executions."""
        listed, self._listed = self._listed, None
        if listed is None or order.filled != listed[0]:
            return
        filled, executed = listed
        if filled - executed < -SMALLEST_QUANTITY or executed != self._executed:
            return
        self.earlier = filled - executed
        value, average = self._value, order.average_fill_price
        self.earlier_value = None if value is None or average is None else filled * average - value

    def filled_of(self, order: Order) -> float | None:
        """Return how much of the order is filled, at the least.

        More than its quantity was executed if that was raised since it was last listed.
        """
        found = [order.filled, self.cumulative, self._executed]
        if self.earlier is not None:
            found.append(self.earlier + self._executed)
        most = float("inf") if order.quantity is None else order.quantity + SMALLEST_QUANTITY
        if self._executed > most:
            return self._executed
        known = [amount for amount in found if amount is not None and amount <= most]
        return max(known, default=order.filled) or order.filled

    def average_of(self, order: Order, filled: float | None) -> float | None:
        """Return the average price of ``filled``; ``None`` if a part of it is unknown."""
        if filled == order.filled:
            return order.average_fill_price
        if filled == self.cumulative:
            return self.cumulative_average
        value = self._value
        if not filled or value is None:
            return None
        if filled == self._executed:
            return value / filled
        return None if self.earlier_value is None else (self.earlier_value + value) / filled

    @property
    def _executed(self) -> float:
        return fsum(each.shares for each in self.executions.values())

    @property
    def _value(self) -> float | None:
        found = [
            None if each.price is None else each.shares * each.price
            for each in self.executions.values()
            if each.shares
        ]
        known = [value for value in found if value is not None]
        return fsum(known) if len(known) == len(found) else None


class ExecutionsByOrder(Struct):
    """The executions of all orders of a login, as TWS sends them: identified by permId alone.

    Several orders may be reported under one permId. An execution of another contract, or in another account,
    does not fill an order. An order without an account is an advisor's, for a group of them. Executions that
    are no longer listed, as after a night, are kept for known orders only.
    """

    _reported: dict[tuple[int, bool], dict[OrderExecution, None]] = field(default_factory=dict)
    _orders: dict[OrderKey, ExecutedOrder] = field(default_factory=dict)
    _received: set[tuple[int, bool]] = field(default_factory=set)

    def add(self, received: OrderExecution, orders: Iterable[Order]) -> bool:
        """Record one execution, also for each of ``orders`` that it may belong to; return whether it is
        new.
        """
        of = received.perm_id, received.is_combination
        self._received.add(of)
        reported = self._reported.setdefault(of, {})
        # One that is reported again in other words, or without an id, leaves the earlier report in place.
        is_news = received not in reported
        reported[received] = None
        for order in orders:
            known = self._orders.get(order.key)
            if known is not None and _is_of(received, order):
                known.apply(received)
        return is_news

    def of(self, order: Order) -> ExecutedOrder | None:
        """Return the executions of this order; ``None`` if there are none."""
        known = self._orders.get(order.key)
        if known is None and order.perm_id:
            reported = self._reported.get((order.perm_id, order.instrument.is_combination), {})
            found = [each for each in reported if _is_of(each, order)]
            return self._begin(order, found) if found else None
        return known

    def listed(self, orders: Iterable[Order]) -> None:
        """Record that all executions of today have arrived while these orders were open in this state."""
        for order in orders:
            if order.perm_id and not order.is_done:
                (self.of(order) or self._begin(order, ())).listed(order)
        for of in self._reported.keys() - self._received:
            del self._reported[of]
        self._received.clear()

    def forget(self, order: Order) -> None:
        """Forget an order that is no longer shown."""
        self._orders.pop(order.key, None)
        self._reported.pop((order.perm_id, order.instrument.is_combination), None)

    def _begin(self, order: Order, found: Iterable[OrderExecution]) -> ExecutedOrder:
        known = self._orders[order.key] = ExecutedOrder()
        for each in found:
            known.apply(each)
        return known


def _is_of(execution: OrderExecution, order: Order) -> bool:
    of_account = not (execution.account and order.account) or execution.account == order.account
    of_account = of_account or order.is_allocated
    con_id = order.instrument.con_id
    return of_account and (not (execution.con_id and con_id) or execution.con_id == con_id)
