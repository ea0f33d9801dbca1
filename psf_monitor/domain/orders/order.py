"""Orders, their statuses and ids."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import force_setattr

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.orders.order_attributes import AttributeName, OrderAttribute, is_allocated


class Side(StrEnum):
    """BUY or SELL; a short sale reaches the broker as SELL."""

    BUY = "BUY"
    SELL = "SELL"


class OrderStatus(StrEnum):
    """The TWS statuses that change how an order is shown. Any other status is shown as received.

    ``REJECTED`` is sent by HAMMER only; its other statuses are mapped to those of TWS. ``GONE`` is sent by
    nobody: the order left the broker's list of open orders, and nothing has reported why.
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
    GONE = "Gone"


DONE_STATUSES = frozenset(
    {
        OrderStatus.CANCELLED,
        OrderStatus.API_CANCELLED,
        OrderStatus.FILLED,
        OrderStatus.REJECTED,
        OrderStatus.GONE,
    }
)
HELD_STATUSES = frozenset(
    {
        OrderStatus.PRE_SUBMITTED,
        OrderStatus.PENDING_SUBMIT,
        OrderStatus.API_PENDING,
        OrderStatus.PENDING_CANCEL,
    }
)
"""The order may still be held back: TWS reports that as PreSubmitted; the others leave it open."""
WORKING_STATUSES = HELD_STATUSES | {OrderStatus.SUBMITTED}
"""The remaining quantity may fill, now or later."""

HELD_FOR_LOCATE = "locate"
"""TWS API, whyHeld of message 3: shares are being located for a short sale."""

# TWS API, basic orders. For these types, and no other, the order stands at its limit price.
_LIMIT_TYPES = frozenset({"LMT", "STP LMT", "LIT", "LOC", "LOO", "TRAIL LIMIT"})


_ALGORITHMS_AT_THE_LIMIT = frozenset({"Adaptive"})
"""It looks for a better price, but with the whole quantity at once."""


_OF_SCHEDULE = frozenset({"algo_strategy", "scale_price_increment"})


class Auction(StrEnum):
    """The only moment at which an order may trade."""

    OPENING = "opening"
    CLOSING = "closing"


_AUCTION_TYPES = {
    "LOO": Auction.OPENING,
    "MOO": Auction.OPENING,
    **dict.fromkeys(("LOC", "MOC", "LMTCLS", "MKTCLS"), Auction.CLOSING),
}
_AUCTION_TIFS = {"OPG": Auction.OPENING, "AUC": Auction.OPENING, "CLS": Auction.CLOSING}


UNKNOWN_CLIENT = -1
"""Stands in a key for the placing client if it is not reported; TWS's client ids are 0 and above."""

UNNUMBERED = "unnumbered"
"""Stands in the key of an order to which HAMMER gives no id of its own."""


class OrderKey(NamedTuple):
    """The account with the permId if the broker has given one, else with the placing client's id and order
    id.

    Several accounts, of one login or of two, may have the same ids. ``twin`` distinguishes orders of one list
    that agree in all else. HAMMER's orders have none of these ids: all are 0 and
    ``hammer_id`` is the identity, ``UNNUMBERED`` for orders without one; ``twin`` distinguishes those that
    share it. ``login`` is the profile of an order that names neither account nor permId, empty for all
    others.
    """

    perm_id: int
    client_id: int
    order_id: int
    hammer_id: str = ""
    twin: int = 0
    account: str = ""
    login: str = ""

    def in_account(self, account: str, mode: AccountMode) -> "OrderKey":
        """Return the same key in an account of this profile; the account is empty if it is not named."""
        return self._replace(account=account, login="" if account or self.perm_id else mode.value)

    @property
    def ids(self) -> str:
        """The ids of an order as one text, with the number of the twin."""
        ids: tuple[object, ...] = (self.perm_id,) if self.perm_id else (self.client_id, self.order_id)
        if self.account or self.login:
            ids = (self.account or self.login, *ids)
        if self.hammer_id:
            ids = ("hammer", self.hammer_id)
        return "/".join(map(str, (*ids, *((self.twin,) if self.twin else ()))))


def display_number(order_id: int, perm_id: int) -> int:
    """Return the number of a TWS order as the trader reads it: the order id, else the permId, else 0.

    Source: TWS API; an order entered in TWS itself has an order id of 0 or below.
    """
    return order_id if order_id > 0 else perm_id


def display_id(hammer_id: str, order_id: int, perm_id: int) -> str:
    """Return the id of an order as the trader reads it: HAMMER's, else its number; empty if it has none."""
    number = display_number(order_id, perm_id)
    return hammer_id or (str(number) if number else "")


ClientOrder = tuple[int | None, int]
"""The placing client's id and its order id."""


class HasOrderIds(Protocol):
    """An order, its row, or one of its executions."""

    @property
    def hammer_id(self) -> str: ...
    @property
    def perm_id(self) -> int: ...
    @property
    def client_id(self) -> int | None: ...
    @property
    def order_id(self) -> int: ...


def lasting_id(known: HasOrderIds) -> str:
    """Return the id by which an order can be recognized later, also from its executions.

    It is HAMMER's id, else the permId, else the placing client's id and its order id.
    """
    return known.hammer_id or str(known.perm_id or f"{known.client_id}/{known.order_id}")


class Placed(Protocol):
    """A row of an order, or one of its executions."""

    @property
    def mode(self) -> AccountMode: ...
    @property
    def client_id(self) -> int | None: ...


def placing_client(known: Placed) -> int | None:
    """Return the id of the API client that placed an order, 0 for TWS itself, ``None`` if unknown.

    HAMMER has no client ids.
    """
    return None if known.mode is AccountMode.HAMMER_PRO else known.client_id


class Order(Struct, frozen=True):
    """One order as TWS (messages 5 and 3) or HAMMER (transactions) reports it, whoever placed it.

    Quantities are in shares or contracts, prices in contract currency. ``None`` is what the broker did not
    send, or what the order type does not use. ``side`` and ``status`` keep TWS's own text if it is not
    recognized. ``limit_price`` is a limit or, for types that follow the market, a cap. ``cash_quantity`` is
    the amount of an order placed by amount, in contract currency. ``average_fill_price`` is over everything
    filled so far. ``hammer_id`` is HAMMER's own id, empty for TWS.

    Times and attributes are as TWS sends them. ``good_after`` is the time until which the order waits,
    ``good_till`` the time at which it ends; ``begins_at`` and ``ends_at`` are the same in UTC where they name
    a moment. ``conditions`` is the number of its conditions; with ``ends_by_condition`` they cancel it
    instead of starting it. ``parent_id`` is the order id (of the same client) that must fill first. When one
    order of an ``oca_group`` fills, the others are cancelled. ``why_held`` is TWS's reason for holding it,
    ``reference`` the placing program's own text (``orderRef``), ``algorithm`` the IBKR algorithm that
    executes it. ``discretion`` is by how much it may trade beyond its limit, in contract currency.
    ``is_hidden``: nothing of it is displayed. ``display_size`` is how much is displayed at a time, ``None``
    for all; whether 0 means all or nothing is not documented. ``twin`` is as in the key. ``offset`` is the
    distance at which the order trails the market or stays away from it, in contract currency,
    ``trailing_percent`` the same in percent (TWS API, auxPrice and trailingPercent). ``client_id`` is 0 for
    TWS itself. ``capped_at`` is the price to which IBKR limits the order for now (TWS API, mktCapPrice of
    message 3), in contract currency. ``attributes`` are all further ones that are set, ``unread`` those that
    TWS sends as text instead of a number: limit, stop, offset, or the TWS API's name, as ``outside_rth``.
    ``reported_placed_at`` is when it was placed, in UTC (HAMMER, OrderDT; TWS does not report it).
    """

    mode: AccountMode
    account: str
    instrument: Instrument
    order_id: int
    perm_id: int
    client_id: int | None
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
    cash_quantity: float | None = None
    outside_hours: bool = False
    good_after: str = ""
    conditions: int = 0
    parent_id: int = 0
    oca_group: str = ""
    why_held: str = ""
    reference: str = ""
    good_till: str = ""
    algorithm: str = ""
    ends_by_condition: bool = False
    discretion: float | None = None
    is_hidden: bool = False
    display_size: float | None = None
    twin: int = 0
    offset: float | None = None
    trailing_percent: float | None = None
    capped_at: float | None = None
    attributes: tuple[OrderAttribute, ...] = ()
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    unread: tuple[str, ...] = ()
    reported_placed_at: datetime | None = None
    key: OrderKey = OrderKey(0, 0, 0)

    def __post_init__(self) -> None:
        # Computed once: lists of orders mostly repeat the one before, and are searched by it several times.
        if self.mode is AccountMode.HAMMER_PRO:
            key = OrderKey(0, 0, 0, self.hammer_id or UNNUMBERED, self.twin)
        elif self.perm_id:
            key = OrderKey(self.perm_id, 0, 0, "", self.twin, self.account)
        else:
            key = self.key_without_perm_id
        force_setattr(self, "key", key)

    @property
    def key_without_perm_id(self) -> OrderKey:
        """The key of a TWS order before it is given its permId."""
        client_id = UNKNOWN_CLIENT if self.client_id is None else self.client_id
        key = OrderKey(0, client_id, self.order_id, "", self.twin)
        return key.in_account(self.account, self.mode)

    @property
    def display_id(self) -> str:
        """The id that the trader reads; empty if it has none."""
        return display_id(self.hammer_id, self.order_id, self.perm_id)

    @property
    def is_done(self) -> bool:
        """Filled, cancelled, rejected or gone. ``Inactive`` is not done: TWS keeps such an order, and so does
        the book.
        """
        return self.status in DONE_STATUSES

    @property
    def may_be_held(self) -> bool:
        """Whether the status allows that the broker holds the order back until something happens."""
        return self.status in HELD_STATUSES

    @property
    def is_allocated(self) -> bool:
        """Whether an advisor's order is for several accounts, whichever it names."""
        return is_allocated(self.attributes)

    @property
    def is_held_for_locate(self) -> bool:
        """Whether IBKR waits for shares to sell short (TWS API, whyHeld)."""
        return HELD_FOR_LOCATE in self.why_held

    @property
    def stands_at_limit(self) -> bool:
        """Whether the order stands in the market at its limit, which is neither a cap nor of an unknown type.

        An algorithm that spreads an order over time stays within the limit, but chooses where it stands.
        """
        has_limit = self.limit_price is not None and self.order_type in _LIMIT_TYPES
        return has_limit and not self.is_scheduled and not self.may_be_scheduled

    @property
    def may_be_scheduled(self) -> bool:
        """Whether the broker's report of an algorithm or a scale cannot be read."""
        return not _OF_SCHEDULE.isdisjoint(self.unread)

    @property
    def is_scheduled(self) -> bool:
        """Whether an algorithm or a scale decides when how much of it is in the market (TWS API)."""
        is_scaled = any(each.name is AttributeName.SCALE_PRICE_INCREMENT for each in self.attributes)
        return is_scaled or (bool(self.algorithm) and self.algorithm not in _ALGORITHMS_AT_THE_LIMIT)

    @property
    def auction(self) -> Auction | None:
        """The only auction in which the order trades (TWS API: LOC, MOC, and TIF OPG or AUC)."""
        return _AUCTION_TYPES.get(self.order_type) or _AUCTION_TIFS.get(self.tif)


class OrderExecution(Struct, frozen=True):
    """What an execution reports about its order; ``filled`` and ``average_price`` cover everything so far.

    Whether "so far" begins with the order or with the day is not documented. Executions of a combination's
    legs carry its permId and count shares of the leg; ``is_combination`` marks those of the combination
    itself. ``execution_id`` is shared by all corrections of the execution, and ``revision`` numbers them.
    ``con_id`` is 0 and ``account`` is empty if TWS sends none.
    """

    perm_id: int
    is_combination: bool
    filled: float | None
    average_price: float | None
    execution_id: str = ""
    revision: int = 0
    shares: float | None = None
    price: float | None = None
    con_id: int = 0
    account: str = ""
