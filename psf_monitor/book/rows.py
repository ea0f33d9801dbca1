"""Joined rows of positions and orders, ready to be shown: figures without text or colour.

Everything that came from HAMMER or was calculated from it is ``None`` if HAMMER's part is unknown.
"""

from datetime import datetime
from enum import Enum, auto
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

from psf_monitor.domain import facts as share_facts
from psf_monitor.domain import instrument
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.indicators import deviation
from psf_monitor.domain.net_liquidation import NetLiquidation
from psf_monitor.domain.orders import order
from psf_monitor.domain.valuation import MarkSource, difference, middle, percent
from psf_monitor.problem import Problem

if TYPE_CHECKING:
    from psf_monitor.book.orders.working_quantity import Working
    from psf_monitor.domain.broker_message import BrokerMessage, LoginChange
    from psf_monitor.domain.day_pnl import DayPnl, DayTraded, OpenQuantity
    from psf_monitor.domain.depth import Ahead
    from psf_monitor.domain.facts import ShareFacts
    from psf_monitor.domain.listing_exchange import Unpriced
    from psf_monitor.domain.orders.order import OrderKey
    from psf_monitor.domain.orders.order_attributes import OrderAttribute
    from psf_monitor.domain.orders.order_standing import MarketPosition
    from psf_monitor.domain.position import PositionKey


class QuoteState(Enum):
    """The state of a row's prices."""

    OFF = auto()
    """HAMMER is not connected, and was not before."""
    WAITING = auto()
    """Requested, not answered yet."""
    MISSING = auto()
    """HAMMER refused the symbol, or has no data for it."""
    LIVE = auto()
    FROZEN = auto()
    """The last prices from before the link or the stream was lost."""
    LATE = auto()
    """Prices that arrive over a minute late during the session, by HAMMER's own time."""

    @property
    def is_old(self) -> bool:
        """Whether there are prices that are not current."""
        return self in OLD_STATES


OLD_STATES = (QuoteState.FROZEN, QuoteState.LATE)


class PositionRow(NamedTuple):
    """One position with its quote and its value.

    Prices and money are in ``currency`` of the contract, sizes in shares or contracts (negative for short),
    percents as numbers (1.5 is 1.5 %), times UTC. ``stale_since`` is when IBKR's part stopped being current.
    ``is_excluded`` rows are shown but left out of every total (an unexpected paper account). ``grpan`` is
    over the latest prints, its ``grpan_concentration`` in percent; deviations are last less indicator.
    ``quote_as_of`` is HAMMER's last message before a quote froze, ``quote_late_s`` the delay of a late one.
    ``other_names`` are further names under which the contract is held or ordered, ``listed_as`` the one that
    prices it, ``also_quoted`` others that HAMMER quotes as well, ``exchange`` and ``unpriced`` those of that
    listing. ``day_gap`` is a sentence that says for which times of today executions are unknown,
    ``day_basis`` one that says what ``day_pnl`` assumes. ``models`` are the model portfolios that hold it,
    with their quantities. ``day_pnl`` follows from ``opening``, from what was ``traded`` today, and from
    ``earned``; ``day_why`` says why it is unknown. ``issuer`` is the trader's own name for the issuer, else
    the root of the symbol. ``cost_basis`` is quantity times average cost, negative for a short,
    ``net_liquidation`` that of the account. ``facts`` are from the trader's own files.
    """

    # Changed by no price: POSITION_FIELDS.
    key: "PositionKey"
    mode: AccountMode
    account: str
    symbol: str
    currency: str
    exchange: str
    quantity: float | None
    average_price: float | None
    working: "Working"
    multiplier: float | None
    price_unit: float | None
    unpriced: "Unpriced | None"
    listed_as: str | None
    other_names: tuple[str, ...]
    also_quoted: tuple[str, ...]
    models: tuple[tuple[str, float | None], ...]
    opening: "OpenQuantity | None"
    traded: "DayTraded"
    day_why: str
    issuer: str
    cost_basis: float | None
    # Changed by prices, prints, time and the connections.
    quote_state: QuoteState
    hammer_symbol: str | None
    bid: float | None
    ask: float | None
    bid_size: float | None
    ask_size: float | None
    last: float | None
    prev_close: float | None
    high: float | None
    low: float | None
    volume: float | None
    quote_changed_at: datetime | None
    grpan: float | None
    grpan_concentration: float | None
    rwvap_1d: float | None
    mark: float | None
    mark_source: MarkSource | None
    market_value: float | None
    unrealized_pnl: float | None
    pnl_pct: float | None
    day_pnl: float | None
    earned: "DayPnl | None"
    stale_since: datetime | None
    is_excluded: bool
    quote_as_of: datetime | None
    quote_late_s: float | None
    day_gap: str
    day_basis: str
    net_liquidation: NetLiquidation
    facts: "ShareFacts | None"

    # Calculated when they are read: most rows are on no screen.

    @property
    def day_caveat(self) -> str:
        """Why ``day_pnl`` may be incomplete, in sentences; empty if it is complete."""
        return " ".join(filter(None, [self.day_gap, self.day_basis]))

    @property
    def spread(self) -> float | None:
        """Ask less bid."""
        return difference(self.ask, self.bid)

    @property
    def mid(self) -> float | None:
        """The middle of bid and ask; ``None`` if they are crossed or too far apart."""
        return middle(self.bid, self.ask)

    @property
    def change(self) -> float | None:
        """Last less the previous close."""
        return difference(self.last, self.prev_close)

    @property
    def change_pct(self) -> float | None:
        """The change in percent of the previous close."""
        return percent(self.change, self.prev_close)

    @property
    def grpan_deviation(self) -> float | None:
        """Last less ``grpan``."""
        return deviation(self.last, self.grpan)

    @property
    def net_liquidation_pct(self) -> float | None:
        """The market value in percent of the account's net liquidation, negative for a short."""
        return self.net_liquidation.percent_of(self.market_value)

    @property
    def rwvap_1d_deviation(self) -> float | None:
        """Last less ``rwvap_1d``."""
        return deviation(self.last, self.rwvap_1d)

    @property
    def priced_as(self) -> str:
        """The symbol under which it is priced."""
        return self.listed_as or self.symbol

    @property
    def group(self) -> str:
        """PSFALGO's group according to the trader's files; empty if none."""
        return self.facts.group if self.facts else ""

    @property
    def current_yield(self) -> float | None:
        """The yearly dividend in percent of the mark."""
        return share_facts.current_yield(self.facts, self.mark) if self.price_unit == 1 else None


class OrderRow(NamedTuple):
    """One working order with its market; units as in ``PositionRow``.

    ``placed_at`` is when the order was placed, if ``is_placed_reported``; else when it was first seen, and
    only for one that appeared while watched, because TWS does not report when an order was placed. ``unread``
    names the terms that TWS sends as text, as in ``Order``. ``hammer_id`` is HAMMER's own order id, empty for
    TWS. ``symbol`` is the order's own; ``listed_as`` is the name of the same contract in the positions if
    that differs. ``legs`` describes the legs of a combination. The terms from ``cash_quantity`` on are those
    of ``Order``; ``exchange`` and ``unpriced`` are those of the listing that prices it. ``ahead`` is what
    stands ahead of it in HAMMER's depth, ``None`` while that is not requested or the order does not rest in
    it. ``facts`` are from the trader's own files.
    """

    # From the order alone: ORDER_FIELDS.
    key: "OrderKey"
    mode: AccountMode
    account: str
    symbol: str
    currency: str
    order_id: int
    perm_id: int
    client_id: int | None
    hammer_id: str
    side: str
    quantity: float | None
    order_type: str
    limit_price: float | None
    stop_price: float | None
    tif: str
    status: str
    filled: float | None
    remaining: float | None
    placed_at: datetime | None
    is_placed_reported: bool
    unread: tuple[str, ...]
    con_id: int
    kind: str
    legs: str
    listed_as: str | None
    cash_quantity: float | None
    good_after: str
    conditions: int
    ends_by_condition: bool
    discretion: float | None
    offset: float | None
    trailing_percent: float | None
    capped_at: float | None
    attributes: "tuple[OrderAttribute, ...]"
    is_hidden: bool
    display_size: float | None
    parent_id: int
    oca_group: str
    why_held: str
    reference: str
    exchange: str
    unpriced: "Unpriced | None"
    outside_hours: bool
    good_till: str
    algorithm: str
    price_unit: float | None
    # Changed by prices, the depth, time and the connections.
    quote_state: QuoteState
    bid: float | None
    ask: float | None
    to_touch: float | None
    to_fill: float | None
    to_fill_pct: float | None
    market_position: "MarketPosition"
    is_near_fill: bool
    stale_since: datetime | None
    is_excluded: bool
    hammer_symbol: str | None
    quote_as_of: datetime | None
    quote_late_s: float | None
    ahead: "Ahead | None"
    facts: "ShareFacts | None"

    @property
    def priced_as(self) -> str:
        """The symbol under which it is priced."""
        return self.listed_as or self.symbol

    @property
    def yield_at_limit(self) -> float | None:
        """The yearly dividend in percent of the limit."""
        return share_facts.current_yield(self.facts, self.limit_price) if self.price_unit == 1 else None

    @property
    def name(self) -> str:
        """The symbol, marked if it is the underlying symbol of a combination."""
        return f"{self.symbol} combo" if self.kind == instrument.COMBINATION else self.symbol

    @property
    def display_id(self) -> str:
        """The id that the trader reads; empty if it has none."""
        return order.display_id(self.hammer_id, self.order_id, self.perm_id)


POSITION_FIELDS = tuple(takewhile("quote_state".__ne__, PositionRow._fields))
"""The fields of a position's row that no price moves."""
ORDER_FIELDS = tuple(takewhile("quote_state".__ne__, OrderRow._fields))
"""The fields of an order's row that no price moves."""


class HasFreshness(Protocol):
    """Anything that is made from a broker's part and a quote."""

    @property
    def quote_state(self) -> QuoteState: ...
    @property
    def stale_since(self) -> datetime | None: ...


def is_old(made_of: HasFreshness) -> bool:
    """Return whether a figure made from both sources is no longer current.

    Rows, strips and totals all use this, so that what is old in one is old in all.
    """
    return made_of.stale_since is not None or made_of.quote_state in OLD_STATES


class ClosedToday(Struct, frozen=True):
    """A contract that an account traded today and no longer holds; ``why`` says why its day P&L is unknown.

    ``basis`` says what the day P&L assumes, in sentences. ``quote_state`` is that of its share at HAMMER.
    """

    key: "PositionKey"
    mode: AccountMode
    account: str
    symbol: str
    currency: str
    opening: "OpenQuantity | None"
    traded: "DayTraded"
    prev_close: float | None
    day_pnl: float | None
    why: str
    basis: str
    quote_state: QuoteState


class Level(Enum):
    """How grave a notice is."""

    INFO = auto()
    WARNING = auto()
    ERROR = auto()


class Notice(Struct, frozen=True):
    """An event of a ``source`` for the status line, which it does not repeat; ``masked`` is the text without
    its figures.

    ``topic`` is what of the source it is about, such as one order: a problem is over only if the next notice
    about the same says so.
    """

    at: datetime
    source: str
    level: Level
    text: str
    masked: str
    topic: str = ""


class Changes(Struct, frozen=True):
    """What has changed since the last drain; a value of ``None`` is a row that left."""

    positions: "dict[PositionKey, PositionRow | None]"
    orders: "dict[OrderKey, OrderRow | None]"
    notices: tuple[Notice, ...]


class AccountState(Struct, frozen=True):
    """How current the book of one profile is.

    ``accounts`` are as the broker named them; ``is_loaded`` once the first full list of positions has
    arrived. ``positions_problem`` and ``orders_problem`` say why positions or orders are not reported;
    ``orders_checked_at`` is the time of the last full order list. ``is_paper``: it is a paper login;
    ``is_unexpected``: the profile expects the other kind. ``duplicate_of`` is the earlier profile that also
    reaches some of the accounts: those in ``shared``, and all of both if ``is_same_login``. ``problem`` says
    why the account, or a part of it, is not available though its connection may be up. ``messages`` are the
    unacknowledged messages of the broker, oldest first, and ``login_change`` an unacknowledged change of
    login.
    """

    accounts: tuple[str, ...] = ()
    is_loaded: bool = False
    stale_since: datetime | None = None
    positions_problem: Problem | None = None
    orders_checked_at: datetime | None = None
    orders_problem: Problem | None = None
    is_paper: bool = False
    is_unexpected: bool = False
    duplicate_of: AccountMode | None = None
    shared: tuple[str, ...] = ()
    is_same_login: bool = False
    problem: Problem | None = None
    messages: "tuple[BrokerMessage, ...]" = ()
    login_change: "LoginChange | None" = None
