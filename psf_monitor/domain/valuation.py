"""Arithmetic over positions and quotes. Unknown in, unknown out; nothing is guessed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psf_monitor.domain.position import Position
    from psf_monitor.domain.quote import Quote

_CENT = 0.01
NEAR_FILL_DISTANCE = 0.05
"""How close, in USD, the other side of the market must be for an order to count as near fill."""


class MarkRule(StrEnum):
    """Which price a position is valued at."""

    HELD = "held"
    """Last, held inside bid and ask."""
    MID = "mid"
    """The middle of bid and ask; where they have none, one being missing or both crossed, as ``HELD``."""
    LAST = "last"
    """Last, wherever the market is; without one, as ``HELD``."""


@dataclass(frozen=True)
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


def mark(quote: "Quote", rule: MarkRule = MarkRule.HELD) -> tuple[float, MarkSource] | None:
    """The price a position is valued at, and which of HAMMER's figures it is.

    By ``HELD`` it is last inside bid and ask, else the nearer of the two. With one side only, that side
    bounds it; without a last, it is the middle or the one side there is. A crossed market bounds nothing and
    has no middle: last stands alone there, and without one there is no mark. What a quote does not report yet
    may bound it too: it has none until it is whole.
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
        if bid is not None:
            return bid, MarkSource.BID
        return None if ask is None else (ask, MarkSource.ASK)
    if bid is not None and last < bid:
        return bid, MarkSource.BID
    if ask is not None and last > ask:
        return ask, MarkSource.ASK
    return last, MarkSource.LAST


def is_crossed(bid: float | None, ask: float | None) -> bool:
    """Return whether the bid is above the ask: one of them is wrong or old, and nobody can say which."""
    return bid is not None and ask is not None and bid > ask


def middle(bid: float | None, ask: float | None) -> float | None:
    """Return the price between bid and ask; a crossed market has none."""
    return None if bid is None or ask is None or bid > ask else (bid + ask) / 2


def market_value(position: "Position", price: float) -> float | None:
    """Contract currency; negative for a short."""
    value = position.instrument.point_value
    if position.quantity is None or value is None:
        return None
    return position.quantity * price * value


def cost_basis(position: "Position") -> float | None:
    """Contract currency; negative for a short."""
    if position.quantity is None or position.average_cost is None:
        return None
    return position.quantity * position.average_cost


def unrealized_pnl(value: float | None, basis: float | None) -> float | None:
    """Market value less cost, in contract currency: positive is a profit, for shorts too."""
    return None if basis is None or value is None else value - basis


def difference(left: float | None, right: float | None) -> float | None:
    """Of two prices, ``rounded``; below a cent to eight decimals."""
    if left is None or right is None:
        return None
    is_tiny = max(abs(left), abs(right)) < _CENT
    return round(left - right, 8) + 0.0 if is_tiny else rounded(left - right)


def percent(part: float | None, whole: float | None) -> float | None:
    """Return a part in percent of the size of the whole, which may be below 0."""
    return None if part is None or not whole else 100 * part / abs(whole)


def rounded(price: float | None) -> float | None:
    """A price difference without the dust of binary fractions: four decimals, the finest tick shown."""
    return None if price is None else round(price, 4) + 0.0
