"""An order as TWS tells it, again and again: what it says is read once while the words are the same."""

from dataclasses import dataclass
from operator import is_

from ib_insync.order import Trade

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
