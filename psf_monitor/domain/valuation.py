"""Arithmetic over positions, orders and quotes. Unknown in, unknown out; nothing is guessed."""

from dataclasses import dataclass
from enum import StrEnum

from psf_monitor.domain.order import Order, OrderStatus, Side
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote

NEAR_FILL_DISTANCE = 0.05
"""How close, in USD, the other side of the market must be for an order to count as near fill."""


class MarkRule(StrEnum):
    """Which price a position is valued at."""

    HELD = "held"
    """Last, held inside bid and ask."""
    MID = "mid"
    """The middle of bid and ask; where they have none, as ``HELD``."""
    LAST = "last"
    """Last, wherever the market is; without one, as ``HELD``."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the trader chooses of the arithmetic. ``near_fill`` is in USD."""

    mark: MarkRule = MarkRule.HELD
    near_fill: float = NEAR_FILL_DISTANCE


DEFAULT_RULES = Rules()


class MarkSource(StrEnum):
    """Which figure of the quote a mark came from."""

    LAST = "last"
    BID = "bid"
    ASK = "ask"
    MID = "mid"


def mark(quote: Quote, rule: MarkRule = MarkRule.HELD) -> tuple[float, MarkSource] | None:
    """The price a position is valued at, and which of HAMMER's figures it is.

    By ``HELD`` it is last inside bid and ask, else the nearer of the two. With one side only, that side
    bounds it; without a last, it is the middle or the one side there is. A crossed market bounds nothing, so
    last stands alone there.
    """
    bid, ask, last = quote.bid, quote.ask, quote.last
    if rule is MarkRule.LAST and last is not None:
        return last, MarkSource.LAST
    if rule is MarkRule.MID and bid is not None and ask is not None and bid <= ask:
        return (bid + ask) / 2, MarkSource.MID
    if last is None:
        if bid is not None and ask is not None:
            return (bid + ask) / 2, MarkSource.MID
        if bid is not None:
            return bid, MarkSource.BID
        return None if ask is None else (ask, MarkSource.ASK)
    if bid is not None and ask is not None and bid > ask:
        return last, MarkSource.LAST
    if bid is not None and last < bid:
        return bid, MarkSource.BID
    if ask is not None and last > ask:
        return ask, MarkSource.ASK
    return last, MarkSource.LAST


def market_value(position: Position, price: float) -> float | None:
    """Contract currency; negative for a short."""
    multiplier = position.instrument.multiplier
    return None if multiplier is None else position.quantity * price * multiplier


def cost_basis(position: Position) -> float | None:
    """Contract currency; negative for a short."""
    return None if position.average_cost is None else position.quantity * position.average_cost


def unrealized_pnl(position: Position, price: float) -> float | None:
    """Market value less cost, in contract currency: positive is a profit, for shorts too."""
    basis, value = cost_basis(position), market_value(position, price)
    return None if basis is None or value is None else value - basis


def day_pnl(position: Position, price: float, prev_close: float | None) -> float | None:
    """What today's move against HAMMER's previous close is worth on the quantity held now.

    Contract currency. Shares bought or sold today are counted as if held since the close.
    """
    multiplier = position.instrument.multiplier
    if prev_close is None or multiplier is None:
        return None
    return position.quantity * (price - prev_close) * multiplier


class MarketPosition(StrEnum):
    """Where a working order stands in the market, in the words of the orders table."""

    CROSSES_ASK = "Crosses ask"
    CROSSES_BID = "Crosses bid"
    AT_BID = "At bid"
    AT_ASK = "At ask"
    INSIDE = "Inside spread"
    BEHIND_BID = "Behind bid"
    BEHIND_ASK = "Behind ask"
    STOP_WAITING = "Stop not triggered"
    MARKET = "Market order"
    NO_QUOTE = "No quote"
    UNKNOWN = ""


# PreSubmitted is TWS's word for an order that it holds back: a stop not yet triggered, among others.
_HELD_BACK = frozenset({OrderStatus.PRE_SUBMITTED, OrderStatus.PENDING_SUBMIT, OrderStatus.PENDING_CANCEL})
_STOP_TYPES = ("STP", "TRAIL")


def _waits_for_stop(order: Order) -> bool:
    return order.order_type.startswith(_STOP_TYPES) and order.status in _HELD_BACK


def touch_distance(order: Order, quote: Quote) -> float | None:
    """USD from the limit to its own side of the market: bid less limit for a BUY, limit less ask for a SELL.

    0 is at the touch, above 0 behind it, below 0 inside the spread.
    """
    if order.limit_price is None or _waits_for_stop(order):
        return None
    if order.side == Side.BUY:
        return None if quote.bid is None else quote.bid - order.limit_price
    if order.side == Side.SELL:
        return None if quote.ask is None else order.limit_price - quote.ask
    return None


def fill_distance(order: Order, quote: Quote) -> float | None:
    """USD the market must move for the limit to fill: ask less limit for a BUY, limit less bid for a SELL."""
    if order.limit_price is None or _waits_for_stop(order):
        return None
    if order.side == Side.BUY:
        return None if quote.ask is None else quote.ask - order.limit_price
    if order.side == Side.SELL:
        return None if quote.bid is None else order.limit_price - quote.bid
    return None


def market_position(order: Order, quote: Quote | None) -> MarketPosition:
    """The distances of an order as words."""
    if _waits_for_stop(order):
        return MarketPosition.STOP_WAITING
    if order.order_type == "MKT":
        return MarketPosition.MARKET
    if order.limit_price is None or order.side not in (Side.BUY, Side.SELL):
        return MarketPosition.UNKNOWN
    if quote is None or (quote.bid is None and quote.ask is None):
        return MarketPosition.NO_QUOTE
    buying = order.side == Side.BUY
    to_fill = rounded(fill_distance(order, quote))
    to_touch = rounded(touch_distance(order, quote))
    if to_fill is not None and to_fill <= 0:
        return MarketPosition.CROSSES_ASK if buying else MarketPosition.CROSSES_BID
    if to_touch is None:
        return MarketPosition.NO_QUOTE
    if to_touch == 0:
        return MarketPosition.AT_BID if buying else MarketPosition.AT_ASK
    if to_touch < 0:
        return MarketPosition.INSIDE
    return MarketPosition.BEHIND_BID if buying else MarketPosition.BEHIND_ASK


def is_near_fill(order: Order, quote: Quote, within: float = NEAR_FILL_DISTANCE) -> bool:
    """Whether a submitted order is within so many USD of the other side."""
    distance = rounded(fill_distance(order, quote))
    return order.status == OrderStatus.SUBMITTED and distance is not None and distance <= within


def rounded(price: float | None) -> float | None:
    """A price difference without the dust of binary fractions: four decimals, the finest tick shown."""
    return None if price is None else round(price, 4) + 0.0
