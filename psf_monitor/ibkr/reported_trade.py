"""An order as TWS sends it, again and again: what it says is read once while the words are the same."""

from dataclasses import dataclass
from operator import is_

from ib_insync.contract import Contract
from ib_insync.order import Order as TwsOrder
from ib_insync.order import OrderStatus, Trade
from ib_insync.util import UNSET_DOUBLE, UNSET_INTEGER

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.order import Order
from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.executions.times import UNKNOWN_CLOCK, TwsClock


@dataclass
class ReportedTrade(Trade):
    """``twin`` tells apart those of a list that have no permId and the same ids.

    Its contract, its order and its status are never changed in place, but for the order's permId: others take
    their place. ``clock`` is TWS's.
    """

    twin: int = 0
    clock: TwsClock = UNKNOWN_CLOCK

    def __post_init__(self) -> None:
        super().__post_init__()  # type: ignore[no-untyped-call]
        self._read: Order | None = None
        self._read_of: tuple[object, ...] = ()

    def read(self, mode: AccountMode) -> Order:
        """What it says of an order of this login."""
        of = (self.contract, self.order, self.orderStatus)
        is_known = self._read is not None and all(map(is_, of, self._read_of))
        if self._read is None or not is_known or self._read.perm_id != self.order.permId:
            self._read, self._read_of = parsing.order(mode, self), of
        return self._read


def order_of(mode: AccountMode, trade: Trade) -> Order:
    """What a trade says, whoever made it."""
    return trade.read(mode) if isinstance(trade, ReportedTrade) else parsing.order(mode, trade)


def without_terms(fields: list[str]) -> tuple[Contract, TwsOrder]:
    """Of a message 5 that cannot be read: which order it is and of what type, and nothing of its terms."""
    contract = Contract(
        conId=_whole(fields[2]),
        symbol=fields[3],
        secType=fields[4],
        exchange=fields[9],
        currency=fields[10],
        localSymbol=fields[11],
    )
    return contract, TwsOrder(
        orderId=_whole(fields[1]),
        clientId=_whole(fields[24]),
        permId=_whole(fields[25]),
        account=fields[20],
        action=fields[13],
        orderType=fields[15],
        tif=fields[18],
        orderRef=fields[23],
        totalQuantity=UNSET_DOUBLE,
        displaySize=UNSET_INTEGER,
    )


def _whole(text: str) -> int:
    return int(parsing.number(text) or 0)


def reported_status(fields: list[str]) -> OrderStatus:
    """What message 3 says; the last two fields came with later versions."""
    _, order_id, status, filled, remaining, average, perm_id, parent_id, last, client_id, *more = fields
    why_held, cap = (*more, "", "")[:2]
    return OrderStatus(
        int(order_id or 0),
        status,
        _figure(filled),
        _figure(remaining),
        _figure(average),
        int(perm_id or 0),
        int(parent_id or 0),
        _figure(last),
        int(client_id or 0),
        why_held,
        _figure(cap),
    )


def _figure(text: str) -> float:
    """A number as ib_insync holds it, unset where TWS says nothing, or nothing that is one."""
    received = parsing.number(text)
    return UNSET_DOUBLE if received is None else received
