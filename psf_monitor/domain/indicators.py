"""GRPAN and RWVAP: where real trading concentrates, told from the prints of one share. Pure.

Source of the definitions: PSFALGO. Prints come oldest first, prices in the listing's currency, sizes in
shares, times aware. An indicator of no print at all is ``None``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from psf_monitor.domain.market_hours import NEW_YORK, new_york, session_of
from psf_monitor.domain.quote import Print

LEAST_SIZE = 10
"""Shares; a smaller print is nobody's opinion of the price."""

ROUND_SIZES = frozenset({100, 200, 300})
ROUND_WEIGHT = 1.0
OTHER_WEIGHT = 0.25

NEAR = 0.04
"""How far from GRPAN a print may be to count as concentrated there, in the listing's currency."""

LATEST_PRINTS = 15

PRINTS_KEPT = 150
"""The last prints of a share that are kept, and so the most that any window can hold."""

_BINARY_DUST = 1e-9


class Window(Enum):
    """How far back an indicator looks; the value is what a trader calls it.

    A day is a trading day: from this time of day so many trading days ago. On a day without a session the
    whole trading days before it count.
    """

    LATEST = "latest"
    TEN_MINUTES = "10 min"
    HALF_HOUR = "30 min"
    HOUR = "1 h"
    THREE_HOURS = "3 h"
    DAY = "1 d"
    THREE_DAYS = "3 d"
    FIVE_DAYS = "5 d"


GRPAN_WINDOWS = (
    Window.LATEST,
    Window.TEN_MINUTES,
    Window.HALF_HOUR,
    Window.HOUR,
    Window.THREE_HOURS,
    Window.DAY,
    Window.THREE_DAYS,
)
RWVAP_WINDOWS = (Window.DAY, Window.THREE_DAYS, Window.FIVE_DAYS)

_HOURS = {Window.TEN_MINUTES: 1 / 6, Window.HALF_HOUR: 0.5, Window.HOUR: 1.0, Window.THREE_HOURS: 3.0}
_DAYS = {Window.DAY: 1, Window.THREE_DAYS: 3, Window.FIVE_DAYS: 5}


@dataclass(frozen=True, slots=True)
class Grpan:
    """The grouped real print analyzer: ``price`` is where the weight of the prints is largest.

    ``concentration`` is the share of the ``prints`` used that lie within 0.04 of it, in percent.
    """

    price: float
    concentration: float
    prints: int


@dataclass(frozen=True, slots=True)
class Rwvap:
    """The robust volume-weighted average price over ``prints``; ``left_out`` were too large to be usual."""

    price: float
    prints: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Indicators:
    """Every window of both indicators at one moment, ``at``.

    ``since`` is the time of the oldest print that is kept, ``is_cut`` whether there may have been earlier
    ones that are not: then a window that begins before ``since`` covers only the time from there on.
    """

    at: datetime
    grpan: Mapping[Window, Grpan | None]
    rwvap: Mapping[Window, Rwvap | None]
    since: datetime | None
    is_cut: bool


def grpan(prints: Sequence[Print]) -> Grpan | None:
    """GRPAN over all of ``prints``; of two prices with the same weight the one printed later counts."""
    used = [trade for trade in prints if trade.size >= LEAST_SIZE]
    if not used:
        return None
    weights: dict[float, float] = {}
    for trade in used:
        action = ROUND_WEIGHT if trade.size in ROUND_SIZES else OTHER_WEIGHT
        # Taken out and put in again, the prices stand in the order of their latest print.
        weights[trade.price] = weights.pop(trade.price, 0.0) + action
    most = max(weights.values())
    price = next(price for price in reversed(weights) if weights[price] == most)
    near = sum(abs(trade.price - price) <= NEAR + _BINARY_DUST for trade in used)
    return Grpan(price, 100 * near / len(used), len(used))


def latest_grpan(prints: Sequence[Print]) -> Grpan | None:
    """GRPAN over the last 15 prints that are large enough to count."""
    used: list[Print] = []
    for trade in reversed(prints):
        if trade.size >= LEAST_SIZE:
            used.append(trade)
            if len(used) == LATEST_PRINTS:
                break
    return grpan(used[::-1])


def rwvap(
    prints: Sequence[Print], average_daily_volume: float | None, multiplier: float = 1.0
) -> Rwvap | None:
    """RWVAP over all of ``prints``: those above ``multiplier`` times the average daily volume are left out.

    Volume in shares; where it is unknown nothing is left out.
    """
    most = None if average_daily_volume is None else average_daily_volume * multiplier
    used = [trade for trade in prints if most is None or trade.size <= most]
    size = sum(trade.size for trade in used)
    if size <= 0:
        return None
    price = sum(trade.price * trade.size for trade in used) / size
    return Rwvap(price, len(used), len(prints) - len(used))


def deviation(last: float | None, price: float | None) -> float | None:
    """The last price less an indicator's, without the dust of binary fractions."""
    return None if last is None or price is None else round(last - price, 6)


def begin_of(window: Window, now: datetime) -> datetime | None:
    """From when on prints count in a window that ends ``now``; ``None``: it is no stretch of time."""
    if (hours := _HOURS.get(window)) is not None:
        return now - timedelta(hours=hours)
    days = _DAYS.get(window)
    return None if days is None else trading_days_before(now, days)


def trading_days_before(at: datetime, days: int) -> datetime:
    """The same time of day in New York so many trading days before; see ``Window`` for the other days."""
    local = new_york(at)
    day, clock = local.date(), local.time()
    if session_of(day) is None:
        # As if at midnight after the latest trading day.
        day, clock = _trading_day_before(day) + timedelta(days=1), time()
        days -= 1
        day = _trading_day_before(day)
    for _ in range(days):
        day = _trading_day_before(day)
    return datetime.combine(day, clock, NEW_YORK)


def since(prints: Sequence[Print], begin: datetime) -> Sequence[Print]:
    """The prints from ``begin`` on."""
    for number, trade in enumerate(prints):
        if trade.at >= begin:
            return prints[number:]
    return ()


def indicators(
    prints: Sequence[Print], now: datetime, *, average_daily_volume: float | None = None
) -> Indicators:
    """Every window over the kept prints of one share."""
    within: dict[Window, Sequence[Print]] = {}
    for window in Window:
        begin = begin_of(window, now)
        if begin is not None:
            within[window] = since(prints, begin)
    return Indicators(
        at=now,
        grpan={w: latest_grpan(prints) if w is Window.LATEST else grpan(within[w]) for w in GRPAN_WINDOWS},
        rwvap={w: rwvap(within[w], average_daily_volume) for w in RWVAP_WINDOWS},
        since=prints[0].at if prints else None,
        is_cut=len(prints) >= PRINTS_KEPT,
    )


def _trading_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while session_of(day) is None:
        day -= timedelta(days=1)
    return day
