"""The joined numbers, ready to show: no text, no colours.

Everything that came from HAMMER or was calculated from it is ``None`` when HAMMER's part is unknown.
"""

from datetime import datetime
from enum import Enum, auto
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

from psf_monitor.domain import facts as share_facts
from psf_monitor.domain import instrument, order
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.indicators import deviation
from psf_monitor.domain.valuation import MarkSource, difference, middle, percent
from psf_monitor.problem import Problem

if TYPE_CHECKING:
    from psf_monitor.book.orders.working_quantity import Working
    from psf_monitor.domain.broker_message import BrokerMessage, LoginChange
    from psf_monitor.domain.day_pnl import DayEarned, DayTraded, OpenQuantity
    from psf_monitor.domain.depth import Ahead
    from psf_monitor.domain.facts import ShareFacts
    from psf_monitor.domain.listing import Unpriced
    from psf_monitor.domain.order import OrderKey, OtherTerm
    from psf_monitor.domain.order_standing import MarketPosition
    from psf_monitor.domain.position import PositionKey


class QuoteState(Enum):
    """What the prices of a row are worth."""

    OFF = auto()
    """HAMMER is not connected because nobody asked for it."""
    WAITING = auto()
    """Asked for, not answered yet."""
    MISSING = auto()
    """HAMMER refused the symbol, or has nothing to say of it."""
    LIVE = auto()
    FROZEN = auto()
    """The last prices there were, before the link or the stream was lost."""
    LATE = auto()
    """Prices that come over a minute late in the session, by HAMMER's own time."""

    @property
    def is_old(self) -> bool:
        """Whether there are prices and they are not the present ones."""
        return self in OLD_STATES


OLD_STATES = (QuoteState.FROZEN, QuoteState.LATE)


class PositionRow(NamedTuple):
    """One position with its quote and its value.

    Prices and money in ``currency`` of the contract, sizes in shares or contracts (short below 0), percents
    as numbers (1.5 is 1.5 %), times UTC. ``stale_since`` is when IBKR's part stopped being current.
    ``is_excluded`` rows are shown and left out of every total (an unexpected paper account). ``grpan`` is the
    one over the latest prints, its ``grpan_concentration`` in percent; deviations are last less indicator.
    ``quote_as_of`` is HAMMER's last message of a frozen quote, ``quote_late_s`` by how much a late one is
    late. ``other_names`` are others under which the contract is held or ordered, ``listed_as`` the one of
    them that it is priced as, ``exchange`` and ``unpriced`` of that listing. ``day_gap`` says of which times
    of today the executions are not known, in a sentence, ``day_basis`` what ``day_pnl`` takes for granted.
    ``models`` are the model portfolios that hold it, each with its quantity. ``day_pnl`` is made of
    ``opening``, of what was ``traded`` today and of ``earned``; ``day_why`` says why there is none. ``facts``
    are what the trader's own files say of it.
    """

    # Of the broker alone: POSITION_FIELDS.
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
    models: tuple[tuple[str, float | None], ...]
    opening: "OpenQuantity | None"
    traded: "DayTraded"
    day_why: str
    # What prices, prints, time and the connections move.
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
    earned: "DayEarned | None"
    stale_since: datetime | None
    is_excluded: bool
    quote_as_of: datetime | None
    quote_late_s: float | None
    day_gap: str
    day_basis: str
    facts: "ShareFacts | None"

    # Worked out when they are read: most rows are on no screen.

    @property
    def day_doubt(self) -> str:
        """Why ``day_pnl`` may lack something, in sentences; empty for nothing."""
        return " ".join(filter(None, [self.day_gap, self.day_basis]))

    @property
    def spread(self) -> float | None:
        """Ask less bid."""
        return difference(self.ask, self.bid)

    @property
    def mid(self) -> float | None:
        """The middle of bid and ask; a crossed market has none."""
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
    def rwvap_1d_deviation(self) -> float | None:
        """Last less ``rwvap_1d``."""
        return deviation(self.last, self.rwvap_1d)

    @property
    def priced_as(self) -> str:
        """Its symbol in the market."""
        return self.listed_as or self.symbol

    @property
    def issuer(self) -> str:
        """Whose share it is: the trader's own word for it, else the root of the symbol."""
        return (self.facts.issuer if self.facts else "") or instrument.issuer(self.priced_as)

    @property
    def group(self) -> str:
        """PSFALGO's group of it, as the trader's files have it; empty for none."""
        return self.facts.group if self.facts else ""

    @property
    def current_yield(self) -> float | None:
        """The dividend of a year in percent of the mark."""
        return share_facts.current_yield(self.facts, self.mark) if self.price_unit == 1 else None


class OrderRow(NamedTuple):
    """One working order with the market it stands in; units as in ``PositionRow``.

    ``placed_at`` is when the order was first seen, and only for one that appeared while we watched: TWS does
    not report when an order was placed. ``hammer_id`` is HAMMER's own order id, empty for TWS. ``symbol`` is
    the order's own; ``listed_as`` is the name of the same contract in the positions where that differs.
    ``legs`` of a combination in words. Terms from ``cash_quantity`` on are those of ``Order``; ``exchange``
    and ``unpriced`` those of the listing that it is priced as. ``ahead`` is what stands before it in HAMMER's
    depth, ``None`` while nobody asks for that or it does not rest in it. ``facts`` are the trader's own.
    """

    # Of the order alone: ORDER_FIELDS.
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
    other_terms: "tuple[OtherTerm, ...]"
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
    # What prices, the depth, time and the connections move.
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
        """Its symbol in the market."""
        return self.listed_as or self.symbol

    @property
    def yield_at_limit(self) -> float | None:
        """The dividend of a year in percent of the limit."""
        return share_facts.current_yield(self.facts, self.limit_price) if self.price_unit == 1 else None

    @property
    def name(self) -> str:
        """The symbol, marked where it is only the name of a combination on it."""
        return f"{self.symbol} combo" if self.kind == instrument.COMBINATION else self.symbol

    @property
    def display_id(self) -> str:
        """The id that the trader reads; empty for none."""
        return order.display_id(self.hammer_id, self.order_id, self.perm_id)


POSITION_FIELDS = tuple(takewhile("quote_state".__ne__, PositionRow._fields))
"""What no price moves of the row of a position."""
ORDER_FIELDS = tuple(takewhile("quote_state".__ne__, OrderRow._fields))
"""What no price moves of the row of an order."""


class HasFreshness(Protocol):
    """Whatever is made of a broker's part and of a quote."""

    @property
    def quote_state(self) -> QuoteState: ...
    @property
    def stale_since(self) -> datetime | None: ...


def is_old(made_of: HasFreshness) -> bool:
    """Return whether a figure made of both sources is no longer current.

    Rows, strips and totals all ask here: old in one is old in all.
    """
    return made_of.stale_since is not None or made_of.quote_state in OLD_STATES


class ClosedToday(Struct, frozen=True):
    """A contract that an account traded today and holds no more; ``why`` its Day P&L is not known, if so.

    ``basis`` is what the Day P&L takes for granted, in sentences.
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


class Level(Enum):
    INFO = auto()
    WARNING = auto()
    ERROR = auto()


class Notice(Struct, frozen=True):
    """Something that happened, for the status line: ``masked`` is the sentence without its figures."""

    at: datetime
    source: str
    level: Level
    text: str
    masked: str


class Changes(Struct, frozen=True):
    """What differs since the last drain; a value of ``None`` is a row that left."""

    positions: "dict[PositionKey, PositionRow | None]"
    orders: "dict[OrderKey, OrderRow | None]"
    notices: tuple[Notice, ...]


class AccountState(Struct, frozen=True):
    """How current the book of one profile is.

    ``accounts`` as the broker named them; ``is_loaded`` once the first full list of positions has come;
    ``positions_problem`` says why the positions are not reported, ``orders_problem`` the same of the orders;
    ``orders_checked_at`` is the time of the last full order list.
    ``is_paper``: the login is a simulated one; ``is_unexpected`` when the profile expects the other kind.
    ``duplicate_of`` is the earlier profile that reaches some of the accounts, too: the ``shared``, and all of
    both where ``is_same_login``.
    ``problem`` says why the account, or a part of it, is not available though its connection may be up.
    ``messages`` are what the broker said and nobody has seen yet, oldest first, ``login_change`` the same of
    another login than before.
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
