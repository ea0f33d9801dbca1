"""Which of the orders that TWS has reported a message is about."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ib_insync.contract import Contract
from ib_insync.order import Order, OrderStatus, Trade
from ib_insync.util import UNSET_INTEGER

from psf_monitor.ibkr.executions.tws_time import TwsClock
from psf_monitor.ibkr.orders.open_order_message import NumberedOrders, UnnumberedOrders, numbered, unreported

_Message = tuple[Contract, Order, str]
"""The contract, the order and the text of one message 5."""


class KnownOrders:
    """Finds the order of messages 5 and 3 among ``trades``: by its permId as soon as it has one, else by its
    client and order id.

    Clients and their order ids may be shared. In a list, the status of an order follows it.
    """

    def __init__(self, trades: Callable[[], dict[Any, Any]]) -> None:
        self._trades = trades
        self._unnumbered = UnnumberedOrders()
        self._numbered = NumberedOrders()
        self.last_listed: Any = None
        """The order of which a list may send the status next."""

    def list_begins(self) -> None:
        """Begin another list."""
        self._unnumbered.list_begins()
        self._numbered.list_begins()

    def list_ends(self) -> None:
        """Record that no status follows the last order of the list any more."""
        self.list_begins()
        self.last_listed = None

    def named(self, order: Order) -> Any:
        """Return the order with these ids in this account; ``None`` if it was not reported."""
        if not self._numbered.are_several(order.permId):
            return self._trades().get(order.permId or _ids(order))
        same = (trade for trade in self._with_perm_id(order.permId) if _ids(trade.order) == _ids(order))
        return next((trade for trade in same if trade.order.account == order.account), None)

    def of_message(self, message: _Message, clock: TwsClock, *, is_listed: bool, is_ours: bool) -> Any:
        """Return the order of a message 5, a new one if it was not reported before."""
        contract, order, text = message
        ids, at = _ids(order), 0
        if order.permId:
            at, twin = self._numbered.place(contract, order, is_listed=is_listed, is_ours=is_ours)
        else:
            twin = self._unnumbered.twin(ids, text, is_listed=is_listed, is_ours=is_ours)
        key = numbered(order.permId or ids, twin, at)
        trade = self._trades().get(key)
        if trade is None and order.permId:
            trade = self._given_perm_id(ids, self._unnumbered.most_like(ids, text), key, twin)
        if trade is None:
            trade = self._trades()[key] = unreported(order.orderId, twin, clock)
        if is_listed:
            self.last_listed = trade
        return trade

    def _given_perm_id(self, ids: tuple[int, int], twin: int | None, key: Any, numbered_as: int) -> Any:
        """Return the order that had no permId until now, and know it by its key with one from here on."""
        trade = None if twin is None else self._trades().pop(numbered(ids, twin), None)
        if trade is not None and twin is not None:
            self._unnumbered.given(ids, twin)
            self._trades()[key], trade.twin = trade, numbered_as
        return trade

    def of_status(self, received: OrderStatus) -> tuple[Trade | None, Order | None]:
        """Return the order of a message 3, and if that gives it its permId, what the order was before."""
        ids = received.clientId, received.orderId
        if self._numbered.are_several(received.permId):
            # It names no account.
            same = self._with_perm_id(received.permId)
            return self._one_of([trade for trade in same if _ids(trade.order) == ids] or same), None
        if not received.permId:
            same = [trade for trade in self._trades().values() if _ids(trade.order) == ids]
            if not same and received.clientId == UNSET_INTEGER and received.orderId > 0:
                same = [t for t in self._trades().values() if t.order.orderId == received.orderId]
            return self._one_of(same), None
        known = self._trades().get(received.permId)
        if known is not None and (before := self._taken_over(known, received)) is not None:
            return known, before
        is_other = known is not None and received.orderId > 0 and _ids(known.order) != ids
        given = self._without_perm_id(received) if known is None or is_other else None
        return (known, None) if given is None else given

    def _taken_over(self, known: Any, received: OrderStatus) -> Order | None:
        """Give a known order, of which the list has nothing else, the terms of the one without a permId right
        before this status; return these as they were there.
        """
        last = self.last_listed
        if last is None or last.order.permId or self._numbered.has_listed(received.permId):
            return None
        is_same = last.order.account == known.order.account
        if not (is_same and last.contract.conId in (known.contract.conId, 0) and _may_be_of(received, last)):
            return None
        self._trades().pop(numbered(_ids(last.order), last.twin), None)
        self._unnumbered.given(_ids(last.order), last.twin)
        known.contract, known.warning, known.unread = last.contract, last.warning, last.unread
        known.order = replace(last.order, permId=received.permId)
        self._numbered.place(known.contract, known.order, is_listed=True, is_ours=False)
        self.last_listed = known
        return last.order  # type: ignore[no-any-return]

    def _one_of(self, same: list[Any]) -> Any:
        of_list = any(trade is self.last_listed for trade in same)
        return self.last_listed if of_list else same[0] if len(same) == 1 else None

    def _with_perm_id(self, perm_id: int) -> list[Any]:
        return [trade for trade in self._trades().values() if trade.order.permId == perm_id]

    def _without_perm_id(self, received: OrderStatus) -> tuple[Trade, Order] | None:
        """Return the order whose status is the first with its permId, and what it was; ``None`` if it may be
        one of several.
        """
        ids, last = (received.clientId, received.orderId), self.last_listed
        is_last = last is not None and not last.order.permId and _may_be_of(received, last)
        if is_last:
            ids = _ids(last.order)
        twin = last.twin if is_last else self._unnumbered.only(ids)
        trade = None if twin is None else self._trades().get(numbered(ids, twin))
        if trade is None:
            return None
        before, order = trade.order, replace(trade.order, permId=received.permId)
        at, place = self._numbered.place(trade.contract, order, is_listed=is_last, is_ours=False)
        trade = self._given_perm_id(ids, twin, numbered(received.permId, place, at), place)
        trade.order = order
        return trade, before


def _may_be_of(received: OrderStatus, trade: Any) -> bool:
    """Return whether a status has the ids of an order, as far as the order has any."""
    client, order_id = _ids(trade.order)
    is_client = client in (received.clientId, UNSET_INTEGER)
    return is_client and (order_id == received.orderId or "order_id" in trade.unread)


def _ids(order: Order) -> tuple[int, int]:
    return order.clientId, order.orderId
