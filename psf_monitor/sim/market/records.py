"""The records of the simulated market, and its events.

Prices are in the security's currency, sizes in shares (negative for short), times in UTC.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

PRINTS_KEPT = 200
DONE = ("Filled", "Cancelled")
"""The statuses in which an order is over."""
ACTIONS = ("BUY", "SELL", "SSHORT")
"""The actions of orders; institutions use the last one for selling short."""

NEW_YORK = ZoneInfo("America/New_York")
SESSION_START = datetime(2026, 9, 18, 14, 26, tzinfo=NEW_YORK)


class VirtualClock:
    """A clock that moves only on request; it starts on a Friday afternoon during the session, and returns
    UTC.
    """

    def __init__(self, start: datetime = SESSION_START) -> None:
        self._start = start.astimezone(UTC)
        self._elapsed = timedelta()

    def __call__(self) -> datetime:
        return self._start + self._elapsed

    def advance(self, seconds: float) -> None:
        """Advance it. Raises ``ValueError`` for a negative time."""
        if seconds < 0:
            raise ValueError(f"a clock does not go back ({seconds} s)")
        self._elapsed += timedelta(seconds=seconds)


class SimPrint(NamedTuple):
    """One reported trade; ``bid`` and ``ask`` were the quote then, 0 if not recorded."""

    time: datetime
    price: float
    size: int
    venue: str
    bid: float = 0.0
    ask: float = 0.0


@dataclass(slots=True, eq=False)
class Security:
    """A security and its current market. ``bid`` < ``ask``, both on ``tick``.

    ``symbol``, ``local_symbol`` and ``trading_class`` are spelled as by TWS; ``local_symbol`` is unique here
    and the name that every control takes. ``hammer_symbol`` is ``None`` if HAMMER does not know it.
    ``price_unit`` is the amount of currency that a price of 1 stands for, 0.01 for cents. ``changed_at`` is
    when a price or size last changed. ``dividend`` is the yearly one, per share.
    """

    con_id: int
    symbol: str
    local_symbol: str
    trading_class: str
    kind: str
    exchange: str
    currency: str
    multiplier: float
    tick: float
    hammer_symbol: str | None
    bid: float
    ask: float
    bid_size: int
    ask_size: int
    last: float
    last_size: int
    prev_close: float
    open: float
    high: float
    low: float
    volume: int
    dividend: float
    changed_at: datetime
    price_unit: float = 1.0
    prints: deque[SimPrint] = field(default_factory=lambda: deque(maxlen=PRINTS_KEPT))

    @property
    def point_value(self) -> float:
        """The value in currency of a price change of 1, for one share or contract."""
        return self.multiplier * self.price_unit

    @property
    def mark(self) -> float:
        """The price at which this broker values a holding: last, limited to bid and ask."""
        return min(max(self.last, self.bid), self.ask)

    def on_tick(self, price: float) -> float:
        """Return the nearest price on a tick, without binary rounding errors."""
        return round(round(price / self.tick) * self.tick, 4)


class SimLeg(NamedTuple):
    """One leg of a combination."""

    con_id: int
    ratio: int
    action: str


@dataclass(frozen=True, slots=True)
class SimTerms:
    """Rarely used terms of an order as TWS names them; they are sent but have no effect.

    ``oca_group``: one of its orders cancels the others. ``parent_id``: the order id, of the same client, that
    fills first. ``good_after``: a time with its zone. ``conditions``: the fields of each. ``cash``: the
    amount of an order placed by amount, whose quantity is then 0. ``legs`` make it a combination on the
    security's symbol. ``named`` is an older name of the security (symbol, local symbol). ``why_held`` is sent
    with its status. ``good_till``: the time at which it ends. ``algorithm``: IBKR's that executes it.
    """

    oca_group: str = ""
    parent_id: int = 0
    outside_hours: bool = False
    good_after: str = ""
    conditions: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    model: str = ""
    cash: float = 0.0
    legs: tuple[SimLeg, ...] = ()
    named: tuple[str, str] | None = None
    why_held: str = ""
    good_till: str = ""
    algorithm: str = ""


PLAIN = SimTerms()


@dataclass(frozen=True, slots=True)
class OrderIds:
    """The ids of an order, the next one for ``None``; client 0 without an order id is a manual order."""

    client_id: int = 0
    order_id: int | None = None
    perm_id: int | None = None


MANUAL = OrderIds()


@dataclass(frozen=True, slots=True)
class Ticket:
    """How an order trades, in TWS's terms, besides its side, quantity and limit.

    ``aux_price`` is the stop, or the distance of a trailing one, ``trail_stop_price`` its current level.
    """

    order_type: str = "LMT"
    aux_price: float | None = None
    trail_stop_price: float | None = None
    tif: str = "DAY"
    status: str = "Submitted"
    terms: SimTerms = PLAIN


LIMIT_DAY = Ticket()


@dataclass(frozen=True, slots=True)
class NewListing:
    """A security that is not in the market yet, possibly an option or future; it has traded at ``price``
    only.
    """

    local_symbol: str
    con_id: int
    price: float
    kind: str = "STK"
    exchange: str = "NYSE"
    currency: str = "USD"
    multiplier: float = 1.0
    hammer_symbol: str | None = None
    price_unit: float = 1.0


@dataclass(slots=True, eq=False)
class SimOrder:
    """One order at the broker; ``filled`` + ``remaining`` = ``quantity``.

    ``perm_id`` identifies it. A manual order has ``client_id`` 0 and ``order_id`` 0. ``status`` is as TWS
    spells it. ``limit_price``, ``aux_price`` (the stop; the distance of a trailing one) and
    ``trail_stop_price`` (where a trailing stop stands now) are ``None`` if the order type does not use them.
    """

    account: str
    security: Security
    perm_id: int
    order_id: int
    client_id: int
    action: str
    quantity: float
    order_type: str
    limit_price: float | None
    aux_price: float | None
    tif: str
    status: str
    filled: float
    remaining: float
    avg_fill_price: float
    last_fill_price: float
    placed_at: datetime
    done_at: datetime | None = None
    trail_stop_price: float | None = None
    terms: SimTerms = PLAIN

    @property
    def sign(self) -> int:
        """+1 if a fill adds to the position, -1 if it reduces it."""
        return 1 if self.action == "BUY" else -1


@dataclass(slots=True, eq=False)
class SimHolding:
    """One account's holding: ``average_cost`` is positive, per share or contract, commission included."""

    account: str
    security: Security
    quantity: float
    average_cost: float


@dataclass(frozen=True, slots=True)
class SimExecution:
    """One fill. ``side`` is BOT or SLD; ``realized_pnl`` is ``None`` if nothing was closed."""

    exec_id: str
    time: datetime
    account: str
    security: Security
    side: str
    shares: float
    price: float
    perm_id: int
    client_id: int
    order_id: int
    cum_qty: float
    avg_price: float
    commission: float
    realized_pnl: float | None
    venue: str


class AccountValue(NamedTuple):
    """One account value as TWS sends it: the value is text, the currency a code, ``BASE`` or empty."""

    tag: str
    value: str
    currency: str


@dataclass(frozen=True, slots=True)
class QuoteMoved:
    """``changed_fields`` are names of ``Security``; ``trade`` is set if this was a print."""

    security: Security
    changed_fields: tuple[str, ...]
    trade: SimPrint | None = None


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order appeared, changed or finished."""

    order: SimOrder


@dataclass(frozen=True, slots=True)
class OrderRejected:
    """The broker refused an order for this reason; that it changed follows."""

    order: SimOrder
    reason: str


@dataclass(frozen=True, slots=True)
class PositionChanged:
    """A holding appeared or changed; quantity 0: it was closed and is gone."""

    holding: SimHolding


@dataclass(frozen=True, slots=True)
class Executed:
    """An order was filled, in part or whole."""

    execution: SimExecution


Event = QuoteMoved | OrderChanged | OrderRejected | PositionChanged | Executed
Listener = Callable[[Event], None]
