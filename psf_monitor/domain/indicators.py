"""GRPAN and RWVAP: where real trading concentrates, calculated from the prints of one share. Pure.

Source of the definitions: what PSFALGO's code computes. Prints come oldest first, prices in the listing's
currency, sizes in shares, times aware. An indicator of no print at all is ``None``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from psf_monitor.domain.market_hours import NEW_YORK, new_york, opened_at, session_of

if TYPE_CHECKING:
    from psf_monitor.domain.quote import Print

FINRA_VENUES = frozenset({"FNRA", "ADFN", "TRF", "D"})
"""FINRA's facility, by all its names: trades that were reported away from the exchanges."""

UNKNOWN_VENUES = frozenset({"", "UNKNOWN"})
ROUND_SIZES = frozenset({100, 200})
HUNDREDS_FROM = 300

NEAR = 0.04
"""How far from GRPAN a print may be to count as concentrated there, in the listing's currency."""

LATEST_PRINTS = 15

PRINTS_USED = 150
"""The last prints that count, and so the most that any window can hold."""

RWVAP_LEAST_PRINTS = 5

_DUST = 1e-9
"""Of binary fractions."""


@dataclass(frozen=True)
class IndicatorRules:
    """What a print counts, as PSFALGO has it unless the trader says otherwise.

    Smaller prints than ``least_size`` shares are ignored, of the trades so far also those below
    ``history_least_size``. A print on an exchange weighs ``exchange_weight``. One that FINRA reports, or that
    names no venue, weighs ``finra_round_weight`` at exactly 100 or 200 shares, ``finra_hundreds_weight`` at
    other hundreds from 300 on, else ``finra_odd_weight``. RWVAP leaves out prints above
    ``rwvap_volume_multiplier`` times the average daily volume.
    """

    least_size: float = 20.0
    history_least_size: float = 15.0
    exchange_weight: float = 1.0
    finra_round_weight: float = 1.0
    finra_hundreds_weight: float = 0.4
    finra_odd_weight: float = 0.2
    rwvap_volume_multiplier: float = 1.0

    def weight(self, trade: "Print") -> float:
        """Return what a print counts in GRPAN."""
        venue = trade.venue.upper()
        if venue not in FINRA_VENUES and venue not in UNKNOWN_VENUES:
            return self.exchange_weight
        if trade.size in ROUND_SIZES:
            return self.finra_round_weight
        if trade.size >= HUNDREDS_FROM and trade.size % 100 == 0:
            return self.finra_hundreds_weight
        return self.finra_odd_weight

    def used(self, prints: "Sequence[Print]", most: int = PRINTS_USED) -> "Sequence[Print]":
        """Return the last prints that count, at most so many of them."""
        counting = (trade for trade in reversed(prints) if self._counts(trade))
        return [*islice(counting, most)][::-1]

    def _counts(self, trade: "Print") -> bool:
        """Of trades so far that FINRA reports only those of exactly 100 or 200 shares count."""
        if trade.size < self.least_size:
            return False
        if not trade.is_history:
            return True
        if trade.venue.upper() in FINRA_VENUES:
            return trade.size in ROUND_SIZES
        return trade.size >= self.history_least_size


DEFAULT_RULES = IndicatorRules()


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


class Grpan(NamedTuple):
    """The grouped real print analyzer: ``price`` is where the weight of the prints is largest.

    ``concentration`` is the share of the ``prints`` used that lie within 0.04 of it, in percent.
    """

    price: float
    concentration: float
    prints: int


class Rwvap(NamedTuple):
    """The robust volume-weighted average price over ``prints``; ``left_out`` were too large to be usual."""

    price: float
    prints: int
    left_out: int


class Indicators(NamedTuple):
    """Every window of both indicators at one moment, ``at``; each ends at ``until``.

    ``since`` is the time of the oldest print that may count: a window that begins before it covers only the
    time from there on. ``until`` is the time of the last print when there is no session at ``at``.
    """

    at: datetime
    until: datetime
    grpan: Mapping[Window, Grpan | None]
    rwvap: Mapping[Window, Rwvap | None]
    since: datetime | None


def grpan(prints: "Sequence[Print]", rules: IndicatorRules = DEFAULT_RULES) -> Grpan | None:
    """GRPAN over the last 150 of ``prints`` that count; of equal weights the price that was printed first."""
    used = rules.used(prints)
    if not used:
        return None
    weights: dict[float, float] = {}
    for trade in used:
        weights[trade.price] = weights.get(trade.price, 0.0) + rules.weight(trade)
    most = max(weights.values()) - _DUST
    price = next(price for price, weight in weights.items() if weight >= most)
    near = sum(abs(trade.price - price) <= NEAR + _DUST for trade in used)
    return Grpan(price, 100 * near / len(used), len(used))


def latest_grpan(prints: "Sequence[Print]", rules: IndicatorRules = DEFAULT_RULES) -> Grpan | None:
    """GRPAN over the last 15 prints that count."""
    return grpan(rules.used(prints, LATEST_PRINTS), rules)


def rwvap(
    prints: "Sequence[Print]", average_daily_volume: float | None, rules: IndicatorRules = DEFAULT_RULES
) -> Rwvap | None:
    """RWVAP over the last 150 of ``prints`` that count, without those too large for the average daily volume.

    Volume in shares; where it is unknown nothing is left out. Of fewer than five prints there is none.
    """
    most = None if average_daily_volume is None else average_daily_volume * rules.rwvap_volume_multiplier
    large_enough = rules.used(prints)
    used = [trade for trade in large_enough if most is None or trade.size <= most]
    if len(used) < RWVAP_LEAST_PRINTS:
        return None
    price = sum(trade.price * trade.size for trade in used) / sum(trade.size for trade in used)
    return Rwvap(price, len(used), len(large_enough) - len(used))


def deviation(last: float | None, price: float | None) -> float | None:
    """Return the last price less an indicator's, without the dust of binary fractions."""
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


def since(prints: "Sequence[Print]", begin: datetime) -> "Sequence[Print]":
    """Return the prints from ``begin`` on."""
    for number, trade in enumerate(prints):
        if trade.at >= begin:
            return prints[number:]
    return ()


def until(prints: "Sequence[Print]", now: datetime) -> datetime:
    """Return where windows end: now, outside the session at the time of the last print."""
    return now if opened_at(now) is not None or not prints else prints[-1].at


def indicators(
    prints: "Sequence[Print]",
    now: datetime,
    *,
    average_daily_volume: float | None = None,
    rules: IndicatorRules = DEFAULT_RULES,
) -> Indicators:
    """Return every window over the kept prints of one share."""
    used = rules.used(prints)
    end = until(prints, now)
    within: dict[Window, Sequence[Print]] = {}
    for window in Window:
        begin = begin_of(window, end)
        within[window] = used[-LATEST_PRINTS:] if begin is None else since(used, begin)
    return Indicators(
        at=now,
        until=end,
        grpan={window: grpan(within[window], rules) for window in GRPAN_WINDOWS},
        rwvap={window: rwvap(within[window], average_daily_volume, rules) for window in RWVAP_WINDOWS},
        since=used[0].at if len(used) == PRINTS_USED else prints[0].at if prints else None,
    )


def _trading_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while session_of(day) is None:
        day -= timedelta(days=1)
    return day
