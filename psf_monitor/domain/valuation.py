"""Arithmetic over positions and quotes. If an input is unknown, so is the result; nothing is guessed."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psf_monitor.domain.position import Position
    from psf_monitor.domain.quote import Quote

_CENT = 0.01
_WIDEST = 0.3
"""The widest spread, as a part of the middle, that has one; also how far a single bid or ask may be from the
previous close. Source: exchanges let a market maker quote at most 28 to 30 % away from the market; what is
further away, such as 0.01 to 199,999.99, is a stub quote at which nobody trades.
"""


class MarkRule(StrEnum):
    """The price at which a position is valued."""

    HELD = "held"
    """Last, limited to the range of bid and ask."""
    MID = "mid"
    """The middle of bid and ask; if one is missing, or they have no ``middle``, as ``HELD``."""
    LAST = "last"
    """Last, wherever the market is; without one, as ``HELD``."""


class MarkSource(StrEnum):
    """The figure of the quote that a mark came from."""

    LAST = "last"
    BID = "bid"
    ASK = "ask"
    MID = "mid"


def mark(quote: "Quote", rule: MarkRule = MarkRule.HELD) -> tuple[float, MarkSource] | None:
    """Return the price at which a position is valued, and which of HAMMER's figures it is.

    With ``HELD`` it is last if that lies between bid and ask, else the nearer of the two. If there is only
    one side, that side is the bound; without a last, it is the middle, or the one side there is, unless they
    are stubs. A crossed market gives no bound and no middle: last is used alone, and without one there is no
    mark. A partial quote gives no mark either, because a missing figure might be a bound.
    """
    bid, ask, last = quote.bid, quote.ask, quote.last
    if rule is MarkRule.LAST and last is not None:
        return last, MarkSource.LAST
    between = middle(bid, ask)
    if rule is MarkRule.MID and between is not None:
        return between, MarkSource.MID
    if quote.is_partial:
        return None
    if is_crossed(bid, ask):
        return None if last is None else (last, MarkSource.LAST)
    if last is None:
        if between is not None:
            return between, MarkSource.MID
        if is_stub(bid, ask, quote.prev_close):
            return None
        if bid is not None:
            return bid, MarkSource.BID
        return None if ask is None else (ask, MarkSource.ASK)
    if bid is not None and last < bid:
        return bid, MarkSource.BID
    if ask is not None and last > ask:
        return ask, MarkSource.ASK
    return last, MarkSource.LAST


def is_crossed(bid: float | None, ask: float | None) -> bool:
    """Return whether the bid is above the ask: one of them is wrong or old, and there is no way to know
    which.
    """
    return bid is not None and ask is not None and bid > ask


def middle(bid: float | None, ask: float | None) -> float | None:
    """Return the price between bid and ask; ``None`` if they are crossed, or so far apart that it is nobody's
    price.
    """
    if bid is None or ask is None or not 0 <= ask - bid <= _WIDEST * (bid + ask) / 2:
        return None
    return (bid + ask) / 2


def is_stub(bid: float | None, ask: float | None, prev_close: float | None) -> bool:
    """Return whether bid and ask are too far apart, or the only one of them is too far from the previous
    close, to value anything without a last.
    """
    if bid is not None and ask is not None:
        return ask > bid and middle(bid, ask) is None
    side = ask if bid is None else bid
    return side is not None and prev_close is not None and abs(side - prev_close) > _WIDEST * prev_close


def market_value(position: "Position", price: float) -> float | None:
    """Return the market value in contract currency, negative for a short."""
    value = position.instrument.point_value
    if position.quantity is None or value is None:
        return None
    return position.quantity * price * value


def cost_basis(position: "Position") -> float | None:
    """Return the cost basis in contract currency, negative for a short."""
    if position.quantity is None or position.average_cost is None:
        return None
    return position.quantity * position.average_cost


def unrealized_pnl(value: float | None, basis: float | None) -> float | None:
    """Return market value less cost in contract currency: positive is a profit, for shorts too."""
    return None if basis is None or value is None else value - basis


def difference(left: float | None, right: float | None) -> float | None:
    """Return the difference of two prices, ``rounded``; below a cent to eight decimals."""
    if left is None or right is None:
        return None
    is_tiny = max(abs(left), abs(right)) < _CENT
    return round(left - right, 8) + 0.0 if is_tiny else rounded(left - right)


def percent(part: float | None, whole: float | None) -> float | None:
    """Return a part in percent of the absolute value of the whole."""
    return None if part is None or not whole else 100 * part / abs(whole)


def rounded(price: float | None) -> float | None:
    """Return a price difference without binary rounding errors: four decimals, the finest tick shown."""
    return None if price is None else round(price, 4) + 0.0
