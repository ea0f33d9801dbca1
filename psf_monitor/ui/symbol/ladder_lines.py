"""The ladder of one share, one line per price: displayed sizes, own orders, trades. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from psf_monitor import formatting
from psf_monitor.domain.depth import (
    Ahead,
    Depth,
    DepthReport,
    OwnOrder,
    Place,
    PriceLevel,
    as_key,
    place_in,
    price_levels,
)
from psf_monitor.domain.indicators import FINRA_VENUES, NEAR, UNKNOWN_VENUES, IndicatorRules
from psf_monitor.domain.orders.order import Side
from psf_monitor.domain.quote import Print

TICK = 0.01
WIDEST_UNFOLDED = 8
"""Two prices further apart than this many ticks have one line for all the empty ones between them."""
_OF_SIZE = frozenset({Place.ALONE, Place.PART_SHOWN})
"""Places that tell an own order's size to whoever sees the size displayed there."""
PLACES_IN_SHORT = {Place.NOT_IN_DEPTH: "not in depth", Place.MAY_BE_HIDDEN: "hidden?"}
"""The short name of a place beside an order; the line's description has the long one."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The weight of one price in GRPAN; ``finra`` is the part reported away from the exchanges."""

    total: float = 0.0
    finra: float = 0.0


@dataclass(frozen=True, slots=True)
class PrintWeights:
    """The weights of the prints that count, by price in USD, and their GRPAN and RWVAP."""

    weights: Mapping[float, Weight] = field(default_factory=dict)
    grpan: float | None = None
    rwvap: float | None = None


@dataclass(frozen=True, slots=True)
class L1Prices:
    """HAMMER's L1 of the share, as the main window shows it; ``None`` is unknown."""

    bid: float | None = None
    ask: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    last: float | None = None


@dataclass(frozen=True, slots=True)
class LadderLine:
    """One price, or with ``empty`` a fold of an empty range of that many USD.

    ``is_whole``: all that HAMMER displays at it is known.
    """

    price: float
    bid: PriceLevel | None = None
    ask: PriceLevel | None = None
    mine: tuple[tuple[OwnOrder, Ahead], ...] = ()
    weight: Weight | None = None
    is_last: bool = False
    is_spread: bool = False
    is_near_grpan: bool = False
    is_l1_only: bool = False
    empty: float = 0.0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Average:
    """What a login's position cost on average, as its broker reports it; ``is_stale``: as of before."""

    login: str
    price: float
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class LadderLines:
    """All lines from the highest price down; ``middle`` is the index of the market among them."""

    lines: tuple[LadderLine, ...] = ()
    middle: int = 0
    largest: float = 0.0
    heaviest: float = 0.0
    best_bid: float | None = None
    best_ask: float | None = None
    grpan: float | None = None
    rwvap: float | None = None
    own: tuple[tuple[OwnOrder, Ahead], ...] = field(default=())
    averages: tuple[Average, ...] = ()

    def descriptions(self, *, are_values_hidden: bool) -> list[str]:
        """Return the descriptions of all prices with any size, order or trade, as in ``explained``."""
        filled = (line for line in self.lines if line.bid or line.ask or line.mine or line.weight)
        return [explained(line, are_values_hidden=are_values_hidden) for line in filled]


def weights_of(prints: Iterable[Print], rules: IndicatorRules) -> dict[float, Weight]:
    """Return the weights in GRPAN of the prints that count, by price."""
    found: dict[float, Weight] = {}
    for trade in prints:
        weight, price = rules.weight(trade), as_key(trade.price)
        before = found.get(price, Weight())
        venue = trade.venue.upper()
        away = weight if venue in FINRA_VENUES or venue in UNKNOWN_VENUES else 0.0
        found[price] = Weight(before.total + weight, before.finra + away)
    return found


def build_lines(
    report: DepthReport,
    market: L1Prices,
    own: Collection[OwnOrder],
    indicators: PrintWeights,
    *,
    is_believed: bool = True,
    averages: tuple[Average, ...] = (),
) -> LadderLines:
    """Join the depth, own orders and trades by price.

    Without a depth, L1's bid and ask have lines. No place is shown in a depth that is not ``is_believed``, or
    for an order whose list is old.
    """
    depth = report.depth or Depth()
    placed = tuple((each, place_in(each, own, report, is_believed=is_believed)) for each in own)
    bids = {level.price: level for level in price_levels(depth.bids)}
    asks = {level.price: level for level in price_levels(depth.asks)}
    is_l1 = report.depth is None
    is_whole = not is_l1 and depth.is_whole(Side.BUY) and depth.is_whole(Side.SELL)
    if is_l1:
        bids, asks = _l1_side(market.bid, market.bid_size), _l1_side(market.ask, market.ask_size)
    best_bid, best_ask = max(bids, default=None), min(asks, default=None)
    last = None if market.last is None else as_key(market.last)
    mine: dict[float, list[tuple[OwnOrder, Ahead]]] = {}
    for pair in placed:
        mine.setdefault(as_key(pair[0].price), []).append(pair)
    prices = {*bids, *asks, *mine}
    low, high = min(prices, default=0.0), max(prices, default=float("inf"))
    weights = indicators.weights
    prices |= {price for price in weights if low - 0.05 <= price <= high + 0.05}
    if last is not None:
        prices.add(last)
    lines: list[LadderLine] = []
    above: float | None = None
    for price in sorted(prices, reverse=True):
        lines += _between(above, price, is_whole=is_whole)
        above = price
        lines.append(
            LadderLine(
                price,
                bids.get(price),
                asks.get(price),
                tuple(mine.get(price, ())),
                weights.get(price),
                is_last=price == last,
                is_l1_only=is_l1 and (price in bids or price in asks),
                is_whole=is_whole,
            )
        )
    lines = [_marked(line, best_bid, best_ask, indicators.grpan) for line in lines]
    sizes = [level.size for level in (*bids.values(), *asks.values())]
    heaviest = max((weight.total for weight in weights.values()), default=0.0)
    middle = _middle(lines, best_bid, best_ask, last)
    traded = indicators.grpan, indicators.rwvap
    return LadderLines(
        tuple(lines), middle, max(sizes, default=0.0), heaviest, best_bid, best_ask, *traded, placed, averages
    )


def place_text(place: Place, *, hides: bool) -> str:
    """Return where an own order stands; ``hides`` hides what reveals its size."""
    return "" if hides and place in _OF_SIZE else place.value


def edge_text(hidden: Sequence[LadderLine], side: Side) -> str:
    """Return what is displayed beyond the visible lines on one side, ``4,000 in 4 above``."""
    levels = [line.ask if side is Side.SELL else line.bid for line in hidden]
    sizes = [level.size for level in levels if level is not None]
    where = "above" if side is Side.SELL else "below"
    if not any(sizes):
        # L1 need not have a size.
        return f"L1 only {where}" if sizes else ""
    return f"{formatting.quantity(sum(sizes))} in {len(sizes)} {where}"


def explained(line: LadderLine, *, are_values_hidden: bool) -> str:
    """Return a line of the ladder as text: who displays what, and what stands ahead of own orders."""
    parts = []
    for side, level in (("bid", line.bid), ("ask", line.ask)):
        if level is not None:
            venues = [
                f"{name or 'venue not reported'} {formatting.quantity(size)}" for name, size in level.venues
            ]
            shown = ", ".join(venues) if not line.is_l1_only else "L1 only"
            size = f" {formatting.quantity(level.size)}" if level.size else ""
            parts.append(f"{formatting.price(line.price)} {side}{size}: {shown}")
    for order, ahead in line.mine:
        text = _ahead_text(order, ahead, are_values_hidden=are_values_hidden)
        parts.append(f"{order.mode.abbreviation} {order.side}: {text}")
    if not parts and not line.empty:
        displayed = "nothing displayed" if line.is_whole else "what is displayed is not known"
        parts.append(f"{formatting.price(line.price)}: {displayed}")
    if line.weight is not None:
        parts.append(f"weight {line.weight.total:.1f}")
    return "  ·  ".join(parts)


def _ahead_text(order: OwnOrder, ahead: Ahead, *, are_values_hidden: bool) -> str:
    left = formatting.hidden(formatting.quantity(order.left), are_values_hidden)
    at = f"{left} at {formatting.price(order.price)}"
    if ahead.shares is None:
        return f"{at}, {ahead.place.value}"
    if are_values_hidden:
        return at
    text = (
        f"at most {formatting.quantity(ahead.shares)} ahead = {formatting.quantity(ahead.better)} better"
        f" + {formatting.quantity(ahead.others_here)} here"
    )
    if ahead.own_here:
        text += f" ({formatting.quantity(ahead.own_here)} is mine)"
    return f"{text}, {ahead.place.value}" if ahead.place.value else text


def _l1_side(price: float | None, size: float | None) -> dict[float, PriceLevel]:
    if price is None:
        return {}
    return {as_key(price): PriceLevel(as_key(price), size or 0.0, ())}


def _between(above: float | None, price: float, *, is_whole: bool) -> list[LadderLine]:
    if above is None:
        return []
    ticks = round((above - price) / TICK)
    if ticks > WIDEST_UNFOLDED:
        empty = as_key(above - price - TICK)
        return [LadderLine(as_key(price + TICK), empty=empty, is_whole=is_whole)]
    return [LadderLine(as_key(above - step * TICK), is_whole=is_whole) for step in range(1, ticks)]


def _marked(
    line: LadderLine, best_bid: float | None, best_ask: float | None, grpan: float | None
) -> LadderLine:
    in_spread = best_bid is not None and best_ask is not None and best_bid < line.price < best_ask
    near = grpan is not None and abs(line.price - grpan) <= NEAR + 1e-9
    if not in_spread and not near:
        return line
    return LadderLine(
        line.price,
        line.bid,
        line.ask,
        line.mine,
        line.weight,
        line.is_last,
        in_spread,
        near,
        line.is_l1_only,
        line.empty,
        line.is_whole,
    )


def _middle(
    lines: Sequence[LadderLine], best_bid: float | None, best_ask: float | None, last: float | None
) -> int:
    """Return the line between best bid and ask; a wide gap counts as one line."""
    sides = {best_bid, best_ask} - {None} or {last}
    places = [place for place, line in enumerate(lines) if line.price in sides]
    return (places[0] + places[-1]) // 2 if places else len(lines) // 2
