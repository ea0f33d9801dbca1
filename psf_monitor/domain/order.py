"""What an account has working at the broker."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument


class Side(StrEnum):
    """BUY or SELL; a short sale reaches the broker as SELL."""

    BUY = "BUY"
    SELL = "SELL"


class OrderStatus(StrEnum):
    """The status words of TWS that change how an order is shown. Any other word is shown as it came.

    ``REJECTED`` is HAMMER's alone; what else it says has a word of TWS.
    """

    PENDING_SUBMIT = "PendingSubmit"
    API_PENDING = "ApiPending"
    PRE_SUBMITTED = "PreSubmitted"
    SUBMITTED = "Submitted"
    PENDING_CANCEL = "PendingCancel"
    CANCELLED = "Cancelled"
    API_CANCELLED = "ApiCancelled"
    FILLED = "Filled"
    INACTIVE = "Inactive"
    REJECTED = "Rejected"


DONE_STATUSES = frozenset(
    {OrderStatus.CANCELLED, OrderStatus.API_CANCELLED, OrderStatus.FILLED, OrderStatus.REJECTED}
)


class OrderKey(NamedTuple):
    """permId alone when the broker has given one, else the placing client's id and its order id.

    HAMMER's orders have none of these: all are 0 and ``hammer_id`` is the identity.
    """

    perm_id: int
    client_id: int
    order_id: int
    hammer_id: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One order as TWS reports it (messages 5 and 3), or HAMMER (transactions), whoever placed it.

    Quantities in shares or contracts, prices in contract currency; ``None`` is what the broker did not
    say or what the order type has no use for. ``side`` and ``status`` keep TWS's word when it is unknown.
    ``average_fill_price`` is over all that filled so far. ``hammer_id`` is HAMMER's own id, empty for TWS.
    """

    mode: AccountMode
    account: str
    instrument: Instrument
    order_id: int
    perm_id: int
    client_id: int
    side: str
    quantity: float | None
    order_type: str
    limit_price: float | None = None
    stop_price: float | None = None
    tif: str = ""
    status: str = ""
    filled: float | None = None
    remaining: float | None = None
    average_fill_price: float | None = None
    hammer_id: str = ""

    @property
    def key(self) -> OrderKey:
        if self.hammer_id:
            return OrderKey(0, 0, 0, self.hammer_id)
        if self.perm_id:
            return OrderKey(self.perm_id, 0, 0)
        return OrderKey(0, self.client_id, self.order_id)

    @property
    def is_done(self) -> bool:
        """Filled, cancelled or rejected. ``Inactive`` is not done: TWS keeps such an order and so do we."""
        return self.status in DONE_STATUSES
