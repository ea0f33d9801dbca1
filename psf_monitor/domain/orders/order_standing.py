"""Where an order stands in the market, or what it waits for. Pure: time and quote are arguments."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.market_hours import SessionPhase, new_york
from psf_monitor.domain.orders.order import WORKING_STATUSES, Auction, Order, OrderStatus, Side
from psf_monitor.domain.quote import Quote
from psf_monitor.domain.rules import NEAR_FILL_DISTANCE
from psf_monitor.domain.valuation import is_crossed, rounded


class MarketPosition(StrEnum):
    """Where a working order stands in the market or what it waits for, as the orders table shows it."""

    CROSSES_ASK = "Crosses ask"
    CROSSES_BID = "Crosses bid"
    AT_BID = "At bid"
    AT_ASK = "At ask"
    INSIDE = "Inside spread"
    BEHIND_BID = "Behind bid"
    BEHIND_ASK = "Behind ask"
    STOP_WAITING = "Stop not triggered"
    NOT_TOUCHED = "Not touched"
    WAITS_FOR_TIME = "Waits for time"
    WAITS_FOR_CONDITION = "Waits for condition"
    WAITS_FOR_PARENT = "Waits for parent"
    WAITS_FOR_OPEN = "Waits for open"
    HELD_FOR_LOCATE = "Held for locate"
    HELD = "Held by IBKR"
    OPENING_AUCTION = "Opening auction"
    CLOSING_AUCTION = "Closing auction"
    NOT_WORKING = "Not working"
    TIME_IS_OVER = "Good-till passed"
    BY_ALGORITHM = "By algorithm"
    MARKET = "Market order"
    NO_QUOTE = "No quote"
    CROSSED = "Market crossed"
    UNKNOWN = ""


WAITS = frozenset(
    {
        MarketPosition.STOP_WAITING,
        MarketPosition.NOT_TOUCHED,
        MarketPosition.WAITS_FOR_TIME,
        MarketPosition.WAITS_FOR_CONDITION,
        MarketPosition.WAITS_FOR_PARENT,
        MarketPosition.WAITS_FOR_OPEN,
        MarketPosition.HELD_FOR_LOCATE,
        MarketPosition.HELD,
        MarketPosition.OPENING_AUCTION,
        MarketPosition.CLOSING_AUCTION,
        MarketPosition.NOT_WORKING,
        MarketPosition.TIME_IS_OVER,
    }
)
"""The orders that cannot trade before something happens."""

BY_PRICE = frozenset(
    {
        MarketPosition.CROSSES_ASK,
        MarketPosition.CROSSES_BID,
        MarketPosition.AT_BID,
        MarketPosition.AT_ASK,
        MarketPosition.INSIDE,
        MarketPosition.BEHIND_BID,
        MarketPosition.BEHIND_ASK,
        MarketPosition.CROSSED,
    }
)
"""The places in the market that follow from a current price."""
RESTING = BY_PRICE | {MarketPosition.NO_QUOTE}
"""The places of an order that has a limit at which it rests now."""


class Circumstances(NamedTuple):
    """What the order itself does not report: the time, the phase of the session, its parent.

    ``None`` is unknown. ``parent_is_open``: the order that must fill first is among the open ones.
    """

    now: datetime | None = None
    phase: SessionPhase | None = None
    parent_is_open: bool = False


NOTHING_KNOWN = Circumstances()

_DAY_LETTERS = len("20991130")
_STOP_TYPES = ("STP", "TRAIL")
_TOUCH_TYPES = ("LIT", "MIT")
_AUCTIONS = {
    Auction.OPENING: MarketPosition.OPENING_AUCTION,
    Auction.CLOSING: MarketPosition.CLOSING_AUCTION,
}


def waits_for(order: Order, at: Circumstances = NOTHING_KNOWN) -> MarketPosition | None:
    """Return what must happen before the order stands in the market; ``None`` if nothing is known to be
    missing.

    TWS API: an order that IBKR holds back is PreSubmitted; whyHeld names a locate, a parent or another
    reason.
    """
    if order.is_held_for_locate:
        return MarketPosition.HELD_FOR_LOCATE
    if order.status == OrderStatus.INACTIVE:
        return MarketPosition.NOT_WORKING
    if order.status not in WORKING_STATUSES and not order.is_done:
        return MarketPosition.UNKNOWN
    if _is_over(order, at.now):
        return MarketPosition.TIME_IS_OVER
    if order.may_be_held:
        if "child" in order.why_held or (order.parent_id and at.parent_is_open):
            return MarketPosition.WAITS_FOR_PARENT
        if _may_wait(order):
            return MarketPosition.UNKNOWN
        if order.conditions and not order.ends_by_condition:
            return MarketPosition.WAITS_FOR_CONDITION
    if _is_too_early(order, at.now):
        return MarketPosition.WAITS_FOR_TIME
    if order.may_be_held and order.order_type.startswith(_STOP_TYPES):
        return MarketPosition.STOP_WAITING
    if order.mode is AccountMode.HAMMER_PRO and not order.filled and order.order_type.startswith(_STOP_TYPES):
        # HAMMER calls a stop Open before it is triggered and after.
        return MarketPosition.UNKNOWN
    if order.may_be_held and order.order_type in _TOUCH_TYPES:
        return MarketPosition.NOT_TOUCHED
    if order.auction is not None:
        return _AUCTIONS[order.auction]
    if order.status == OrderStatus.PRE_SUBMITTED and order.why_held:
        return MarketPosition.HELD
    if _waits_for_open(order, at.phase):
        is_known = at.phase is not SessionPhase.EXTENDED or "outside_rth" not in order.unread
        return MarketPosition.WAITS_FOR_OPEN if is_known else MarketPosition.UNKNOWN
    # Its parent may be an order that could not be read.
    is_held = order.status == OrderStatus.PRE_SUBMITTED and order.parent_id and at.phase is not None
    return MarketPosition.HELD if is_held else None


_OF_WAITING = frozenset({"good_after_time", "parent_id"})


def _may_wait(order: Order) -> bool:
    """Return whether the time, the parent or the conditions that the order may wait for cannot be read."""
    has_unknown = bool(order.conditions) and "conditions_cancel_order" in order.unread
    is_unknown = "conditions" in order.unread and not order.conditions
    return has_unknown or is_unknown or not _OF_WAITING.isdisjoint(order.unread)


def _is_too_early(order: Order, now: datetime | None) -> bool:
    if not order.good_after:
        return False
    if now is not None and order.begins_at is not None:
        return now < order.begins_at
    earliest, _ = _bounds(order.good_after)
    return order.may_be_held or (now is not None and earliest is not None and now < earliest)


def _is_over(order: Order, now: datetime | None) -> bool:
    """Return whether the order's time has passed, although the broker still lists it.

    TWS API, goodTillDate: a time as in goodAfterTime, or a day, which ends at its close.
    """
    if not order.good_till or now is None:
        return False
    if order.ends_at is not None:
        return now >= order.ends_at
    day = order.good_till.strip()
    if len(day) == _DAY_LETTERS and day.isdecimal():
        return f"{new_york(now):%Y%m%d}" > day
    _, latest = _bounds(order.good_till)
    return latest is not None and now >= latest


def _bounds(text: str) -> tuple[datetime | None, datetime | None]:
    """Return the first and last moment at which any place on earth has this local time, if the zone is
    unknown.
    """
    day, _, clock = text.strip().partition(" ")
    clock = clock.strip().partition(" ")[0]
    for form in ("%Y%m%d %H:%M:%S", "%Y%m%d %H:%M", "%Y%m%d "):
        try:
            shown = datetime.strptime(f"{day} {clock}", form).replace(tzinfo=UTC)
            return shown - _EASTERNMOST, shown + (_WESTERNMOST if clock else _WESTERNMOST + _A_DAY)
        except (ValueError, OverflowError):
            continue
    return None, None


_EASTERNMOST, _WESTERNMOST, _A_DAY = timedelta(hours=14), timedelta(hours=12), timedelta(days=1)


def _waits_for_open(order: Order, phase: SessionPhase | None) -> bool:
    is_us_share = (order.instrument.kind, order.instrument.currency) == ("STK", "USD")
    if order.status != OrderStatus.PRE_SUBMITTED or not is_us_share:
        return False
    if phase is None or phase is SessionPhase.REGULAR:
        return False
    return not (order.outside_hours and phase is SessionPhase.EXTENDED)


class Standing(NamedTuple):
    """Where an order stands in the market at one moment.

    ``to_touch`` is the distance in USD from the limit to its own side of the market (bid less limit for a
    BUY, limit less ask for a SELL): 0 at the touch, positive behind it, negative inside the spread.
    ``to_fill`` is by how much, in USD, the market must move for the limit to fill (ask less limit, limit less
    bid), less the discretionary amount if the order may trade beyond its limit (TWS API, discretionaryAmt).
    If IBKR has capped the order, both are measured from the cap.
    """

    position: MarketPosition
    to_touch: float | None = None
    to_fill: float | None = None
    is_near_fill: bool = False


def standing(
    order: Order,
    quote: Quote | None,
    at: Circumstances = NOTHING_KNOWN,
    near_fill: float = NEAR_FILL_DISTANCE,
) -> Standing:
    """Return where an order stands. ``near_fill`` is in USD; distances are rounded like the prices shown.

    A crossed market gives no distance: either bid or ask is wrong or old, and there is no way to know which.
    """
    waiting = waits_for(order, at)
    if not _rests(order, waiting):
        return Standing(_out_of_market(order, waiting))
    if quote is not None and is_crossed(quote.bid, quote.ask):
        return Standing(MarketPosition.CROSSED)
    to_touch = to_fill = None
    if quote is not None:
        to_touch, to_fill = rounded(_to_touch(order, quote)), rounded(_to_fill(order, quote))
    is_near = to_fill is not None and to_fill <= near_fill and _trades_now(order, at)
    return Standing(_in_market(order, quote, to_touch, to_fill), to_touch, to_fill, is_near)


def stands_in_market(order: Order, at: Circumstances = NOTHING_KNOWN) -> bool:
    """Return whether the order has a limit at which it rests now."""
    return _rests(order, waits_for(order, at))


def _rests(order: Order, waiting: MarketPosition | None) -> bool:
    return (
        waiting is None
        and order.stands_at_limit
        and order.side in (Side.BUY, Side.SELL)
        and not order.is_done
    )


class Limited(Protocol):
    """An order or its row."""

    @property
    def side(self) -> str: ...
    @property
    def limit_price(self) -> float | None: ...
    @property
    def capped_at(self) -> float | None: ...


def price_in_market(order: Limited) -> float | None:
    """Return the price at which an order with a limit stands: the limit, or IBKR's cap if that comes
    first.
    """
    limit, cap = order.limit_price, order.capped_at
    if limit is None or cap is None:
        return limit
    return min(limit, cap) if order.side == Side.BUY else max(limit, cap)


def _to_touch(order: Order, quote: Quote) -> float | None:
    price = price_in_market(order)
    if price is None:
        return None
    if order.side == Side.BUY:
        return None if quote.bid is None else quote.bid - price
    return None if quote.ask is None else price - quote.ask


def _to_fill(order: Order, quote: Quote) -> float | None:
    price = price_in_market(order)
    if price is None or "discretionary_amt" in order.unread:
        return None
    beyond = order.discretion or 0.0
    if order.side == Side.BUY:
        return None if quote.ask is None else quote.ask - price - beyond
    return None if quote.bid is None else price - quote.bid - beyond


def market_position(order: Order, quote: Quote | None, at: Circumstances = NOTHING_KNOWN) -> MarketPosition:
    """Return where an order stands in the market, or what it waits for."""
    return standing(order, quote, at).position


def _out_of_market(order: Order, waiting: MarketPosition | None) -> MarketPosition:
    if order.is_done:
        return MarketPosition.UNKNOWN
    if waiting is not None:
        return waiting
    if order.is_scheduled:
        return MarketPosition.BY_ALGORITHM
    if order.may_be_scheduled:
        return MarketPosition.UNKNOWN
    return MarketPosition.MARKET if order.order_type == "MKT" else MarketPosition.UNKNOWN


def _in_market(
    order: Order, quote: Quote | None, to_touch: float | None, to_fill: float | None
) -> MarketPosition:
    if quote is None or (quote.bid is None and quote.ask is None):
        return MarketPosition.NO_QUOTE
    buying = order.side == Side.BUY
    if to_fill is not None and to_fill <= 0:
        return MarketPosition.CROSSES_ASK if buying else MarketPosition.CROSSES_BID
    if to_touch is None:
        return MarketPosition.NO_QUOTE
    if to_touch == 0:
        return MarketPosition.AT_BID if buying else MarketPosition.AT_ASK
    if to_touch < 0:
        return MarketPosition.INSIDE
    return MarketPosition.BEHIND_BID if buying else MarketPosition.BEHIND_ASK


def is_live(order: Order, at: Circumstances = NOTHING_KNOWN) -> bool:
    """Return whether the limit can trade now, by its status or, in the extended session, by its outsideRth
    flag.

    TWS API: a limit for outside regular hours stays PreSubmitted there although it is at the exchange.
    """
    return stands_in_market(order, at) and _trades_now(order, at)


def _trades_now(order: Order, at: Circumstances) -> bool:
    is_extended = order.outside_hours and at.phase is SessionPhase.EXTENDED
    return order.status == OrderStatus.SUBMITTED or (
        order.status == OrderStatus.PRE_SUBMITTED and is_extended
    )


def is_near_fill(
    order: Order,
    quote: Quote,
    within: float = NEAR_FILL_DISTANCE,
    at: Circumstances = NOTHING_KNOWN,
) -> bool:
    """Return whether an order that can trade now is within ``within`` USD of the other side."""
    return standing(order, quote, at, within).is_near_fill
