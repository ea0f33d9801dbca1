"""ib_insync as this product uses it: guarded, quiet by itself, and honest about what it could not read."""

import logging
from collections.abc import Callable
from typing import Any

from eventkit import Event
from ib_insync import IB
from ib_insync.wrapper import Wrapper

from psf_monitor.ibkr import translate
from psf_monitor.ibkr.guard import GuardedClient

_log = logging.getLogger(__name__)

_MESSAGES = {
    3: "order status",
    5: "open order",
    11: "execution",
    59: "commission",
    61: "position",
    63: "account value",
    71: "position",
    73: "account value",
}
"""Incoming message ids of the TWS API whose loss leaves a gap in what is shown."""


_COMMISSION = 59


class _Unreadable(logging.LoggerAdapter[logging.Logger]):
    """Stands where ib_insync logs a message that it could not decode and goes on as if it had not come."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(_log)
        self._tell = tell
        self._traced: set[str] = set()

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        # The text holds all fields of the message, account numbers too; only its id is passed on.
        head = str(msg).partition("['")[2].partition("'")[0]
        name = _MESSAGES.get(int(head) if head.isdecimal() else 0, "other")
        if name not in self._traced:
            self._traced.add(name)
            super().exception("a TWS message (%s, id %s) could not be read", name, head[:8] or "unknown")
        self._tell(name)


class RefreshingWrapper(Wrapper):
    """Takes every detail of an amended order from TWS's latest word.

    ib_insync refreshes six fields of an order that it knows and keeps the others as they first were.
    """

    def openOrder(self, orderId: int, contract: Any, order: Any, orderState: Any) -> None:
        key = self.orderKey(order.clientId, order.orderId, order.permId)
        known = self.trades.pop(key, None)
        if known is not None:
            self.permId2Trade.pop(order.permId, None)
        super().openOrder(orderId, contract, order, orderState)
        if known is not None and key in self.trades:
            known.orderStatus.status = orderState.status
            self.trades[key].orderStatus = known.orderStatus

    def position(self, account: str, contract: Any, posSize: float, avgCost: float) -> None:
        if translate.number(posSize) is None:
            # How much is held is not known then, and no other figure can stand for it.
            raise ValueError("a position without a quantity")
        super().position(account, contract, posSize, avgCost)

    def positionMulti(
        self,
        reqId: int,
        account: str,
        modelCode: str,
        contract: Any,
        pos: float,
        avgCost: float,
    ) -> None:
        # ib_insync drops these; the answer to a request for one account is a position like any other.
        self.position(account, contract, pos, avgCost)

    def positionMultiEnd(self, reqId: int) -> None:
        self.positionEnd()  # type: ignore[no-untyped-call]

    def execDetails(self, reqId: int, contract: Any, execution: Any) -> None:
        # ib_insync tells a live one only of an order that it knows, and keeps them all.
        self.ib.executionEvent.emit(contract, execution)

    def commission_told(self, fields: list[str]) -> None:
        """Message 59 as TWS wrote it: ib_insync makes 0 of a figure that is not set."""
        _, _, exec_id, commission, currency, realized_pnl, *_ = fields
        self.ib.commissionEvent.emit(exec_id, commission, currency, realized_pnl)


class ReadOnlyIB(IB):
    """An ``IB`` whose client is guarded. Made for one connection and thrown away with it.

    It sends nothing by itself: ib_insync's habit of subscribing the account summary once more after each
    restored link (error 1102) is taken off. ``unreadableEvent`` names each kind of message that was lost.
    ``executionEvent`` (contract, execution) and ``commissionEvent`` (execution id, and in TWS's own text
    commission, currency and realized P&L) tell every message 11 and 59, asked for or not.
    """

    client: GuardedClient

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.errorEvent -= self._onError
        self.executionEvent = Event("executionEvent")
        self.commissionEvent = Event("commissionEvent")
        self.wrapper = RefreshingWrapper(self)  # type: ignore[no-untyped-call]
        self.client = GuardedClient(self.wrapper)
        self.client.apiEnd += self.disconnectedEvent
        self.unreadableEvent = Event("unreadableEvent")
        self.client.decoder.logger = _Unreadable(self.unreadableEvent.emit)  # type: ignore[assignment]
        self.client.decoder.handlers[_COMMISSION] = self.wrapper.commission_told
