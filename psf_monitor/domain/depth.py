"""The order book of one share, and how much of it stands ahead of the trader's own orders. Pure.

Prices are in the listing's currency, sizes in the unit in which HAMMER sends them. Nobody reports an order's
place in the queue, so what stands ahead is an upper bound over displayed sizes; hidden size is unknown.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.orders.order import Side
from psf_monitor.domain.valuation import is_crossed

_DECIMALS = 4
"""Finer than any tick, coarser than binary rounding errors."""


class DepthLevel(NamedTuple):
    """One row of one side: what one venue displays at one price. An empty ``venue`` was not reported."""

    price: float
    size: float
    venue: str = ""


@dataclass(frozen=True, slots=True)
class Depth:
    """Both sides as HAMMER last sent them, best price first, in order of arrival within a price.

    ``unreadable`` counts the rows that are missing from it: a sum over a side with any of them is incomplete.
    A side in ``unsent`` is unknown, not empty: HAMMER has not sent it yet.
    """

    bids: tuple[DepthLevel, ...] = ()
    asks: tuple[DepthLevel, ...] = ()
    unreadable: int = 0
    unsent: frozenset[Side] = frozenset()

    @property
    def best_bid(self) -> float | None:
        """The price of the best bid, ``None`` without one."""
        return self.bids[0].price if self.bids else None

    @property
    def best_ask(self) -> float | None:
        """The price of the best ask, ``None`` without one."""
        return self.asks[0].price if self.asks else None

    def is_whole(self, side: str) -> bool:
        """Return whether every row of the bids (BUY) or the asks (SELL) is known."""
        return not self.unreadable and side not in self.unsent

    @property
    def is_crossed(self) -> bool:
        """Whether the book is locked or crossed: the best bid is at or above the best ask."""
        return bool(self.bids and self.asks) and self.bids[0].price >= self.asks[0].price


class DepthState(Enum):
    """The state of one share's depth; the value is the text of the heading."""

    NOT_REQUESTED = "NOT ASKED"
    OFF = "HAMMER NOT CONNECTED"
    ASKING = "ASKING"
    LIVE = "HAMMER"
    NOT_SERVED = "NOT SERVED"
    SILENT = "NOTHING CAME"
    STALE = "FROZEN"


@dataclass(frozen=True, slots=True)
class DepthReport:
    """The depth of one share and its state.

    ``since`` is when the state began; for ``STALE`` it is the last moment at which the depth was known to be
    current. ``received_at`` is when HAMMER last sent it. ``reason`` is HAMMER's answer if it refused, or why
    the depth is ``STALE`` although the line is not lost or silent. All times are UTC.
    """

    state: DepthState
    depth: Depth | None = None
    since: datetime | None = None
    received_at: datetime | None = None
    reason: str = ""

    @property
    def is_live(self) -> bool:
        """Whether HAMMER sends it now; else it is old or unknown."""
        return self.state is DepthState.LIVE


NOT_REQUESTED = DepthReport(DepthState.NOT_REQUESTED)


class PriceLevel(NamedTuple):
    """The total displayed at one price; ``venues`` are names and sizes, the largest first."""

    price: float
    size: float
    venues: tuple[tuple[str, float], ...]


class OwnOrder(NamedTuple):
    """One of the trader's own orders resting in the market: ``left`` shares of it, at ``price``.

    ``is_hidden`` and ``display_size`` are as in ``Order``.
    """

    key: Hashable
    mode: AccountMode
    account: str
    side: str
    price: float
    left: float
    is_stale: bool = False
    is_hidden: bool = False
    display_size: float | None = None

    @property
    def displayed(self) -> float:
        """The least of it that others can see now, in shares."""
        if self.is_hidden:
            return 0.0
        return self.left if self.display_size is None else min(self.left, self.display_size)


class Place(StrEnum):
    """Where an own order stands in the depth; the value is the text that the trader reads."""

    QUEUED = ""
    ALONE = "alone"
    PART_SHOWN = "part shown"
    PART_HIDDEN = "part hidden"
    HIDDEN = "hidden"
    MAY_BE_HIDDEN = "may be hidden"
    CROSSES = "crosses"
    NOT_IN_DEPTH = "not in the depth"
    UNKNOWN = "not known"


class Ahead(NamedTuple):
    """How many shares stand ahead of an own order, at most.

    ``shares`` is ``better`` + ``here`` less the displayed part of the order, ``None`` where that is not
    known. ``better`` is displayed at better prices, ``here`` at the order's price; ``own_here`` of it belongs
    to other own orders.
    """

    place: Place
    shares: float | None = None
    better: float = 0.0
    here: float = 0.0
    own_here: float = 0.0

    @property
    def others_here(self) -> float:
        """The shares of others that may stand ahead of it at its own price."""
        return 0.0 if self.shares is None else self.shares - self.better


def same_price(one: float, other: float) -> bool:
    """Return whether two prices are equal but for binary rounding errors."""
    return as_key(one) == as_key(other)


def as_key(price: float) -> float:
    """Return the price without binary rounding errors, so that prices that look the same are equal."""
    return round(price, _DECIMALS)


def sorted_side(levels: Iterable[DepthLevel], side: Side) -> tuple[DepthLevel, ...]:
    """Return the rows of the bids (BUY) or the asks (SELL), best price first."""
    return tuple(sorted(levels, key=lambda level: -level.price if side is Side.BUY else level.price))


def size_at(levels: Sequence[DepthLevel], price: float) -> float | None:
    """Return the shares displayed at ``price`` on one side; ``None`` if the depth shows nothing at it."""
    sizes = [level.size for level in levels if same_price(level.price, price)]
    return sum(sizes) if sizes else None


def displayed_sizes(
    report: DepthReport, bid: float | None, ask: float | None
) -> tuple[float | None, float | None]:
    """Return the shares displayed at ``bid`` and at ``ask``; ``None`` where no current depth shows them."""
    depth = report.depth if report.is_live else None
    if depth is None:
        return None, None
    return (
        None if bid is None or not depth.is_whole(Side.BUY) else size_at(depth.bids, bid),
        None if ask is None or not depth.is_whole(Side.SELL) else size_at(depth.asks, ask),
    )


def price_levels(levels: Sequence[DepthLevel]) -> tuple[PriceLevel, ...]:
    """Return one side's rows added up by price, in their order; a venue that is named twice counts twice."""
    found: dict[float, dict[str, float]] = {}
    for level in levels:
        venues = found.setdefault(as_key(level.price), {})
        venues[level.venue] = venues.get(level.venue, 0.0) + level.size
    return tuple(PriceLevel(price, sum(venues.values()), _largest(venues)) for price, venues in found.items())


def _largest(venues: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Sort venues by size, the largest first; most prices have a single venue."""
    if len(venues) == 1:
        return tuple(venues.items())
    return tuple(sorted(venues.items(), key=lambda each: -each[1]))


def ahead_of(order: OwnOrder, own: Collection[OwnOrder], depth: Depth) -> Ahead:
    """Return how many shares stand ahead of ``order``; ``own`` are all own orders in the share, including it.

    The displayed part of other own orders counts as ahead. Hidden size stands behind everything displayed at
    its price. If less is displayed at the price than the own orders there should show, it is unknown whose it
    is, and all of it counts as ahead. Nothing is reported for a crossed depth.
    """
    buying = order.side == Side.BUY
    levels, others = (depth.bids, depth.asks) if buying else (depth.asks, depth.bids)
    price = as_key(order.price)
    if is_crossed(depth.best_bid, depth.best_ask):
        return Ahead(Place.UNKNOWN)
    if others and (price >= as_key(others[0].price) if buying else price <= as_key(others[0].price)):
        return Ahead(Place.CROSSES)
    better = here = 0.0
    is_there = False
    for level in levels:
        key = as_key(level.price)
        if key == price:
            here, is_there = here + level.size, True
        elif key > price if buying else key < price:
            better += level.size
    displayed = order.displayed
    is_within = bool(levels) and (
        price >= as_key(levels[-1].price) if buying else price <= as_key(levels[-1].price)
    )
    if not is_there and (displayed or not is_within):
        return Ahead(Place.NOT_IN_DEPTH, better=better)
    mine = sum(each.displayed for each in own if each.side == order.side and as_key(each.price) == price)
    own_here = max(mine - displayed, 0.0)
    if here < mine:
        return Ahead(Place.PART_SHOWN, better + here, better, here, own_here)
    return Ahead(_place(order, is_alone=here == mine), better + here - displayed, better, here, own_here)


def _place(order: OwnOrder, *, is_alone: bool) -> Place:
    if order.is_hidden:
        return Place.HIDDEN
    if not order.displayed:
        return Place.MAY_BE_HIDDEN
    if order.displayed < order.left:
        return Place.PART_HIDDEN
    return Place.ALONE if is_alone else Place.QUEUED


def place_in(
    order: OwnOrder, own: Collection[OwnOrder], report: DepthReport, *, is_believed: bool = True
) -> Ahead:
    """Return an order's place in the depth, as far as it is known.

    Nothing is reported if there is no depth, if rows of its side are missing or it does not match the market
    (not ``is_believed``), or if the list of orders is old.
    """
    if report.depth is None or not is_believed or order.is_stale or not report.depth.is_whole(order.side):
        return Ahead(Place.UNKNOWN)
    return ahead_of(order, own, report.depth)
