"""GRPAN and RWVAP: where real trading concentrates, calculated from the prints of one share. Pure.

The definitions follow PSFALGO's code. Prints come oldest first, prices in the listing's currency, sizes in
shares, times with a time zone. Without prints an indicator is ``None``.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from psf_monitor.domain.market_hours import NEW_YORK, new_york, opened_at, session_of

if TYPE_CHECKING:
    from psf_monitor.domain.quote import Print

FINRA_VENUES = frozenset({"FNRA", "ADFN", "TRF", "D"})
"""FINRA's trade reporting facility, under all its names: trades reported away from the exchanges."""

UNKNOWN_VENUES = frozenset({"", "UNKNOWN"})
ROUND_SIZES = frozenset({100, 200})
HUNDREDS_FROM = 300

NEAR = 0.04
"""The largest distance from GRPAN at which a print still counts as concentrated, in the listing's
currency.
"""

LATEST_PRINTS = 15

PRINTS_USED = 150
"""The number of last prints that count, which is also the most that any window can hold."""

RWVAP_LEAST_PRINTS = 5

_DUST = 1e-9
"""Tolerance for binary rounding errors."""


class IndicatorRules(Struct, frozen=True):
    """How much a print counts; the defaults are PSFALGO's.

    Prints below ``least_size`` shares are ignored, and historical prints below ``history_least_size`` too. A
    print on an exchange has ``exchange_weight``. A print that FINRA reports or that names no venue has
    ``finra_round_weight`` at exactly 100 or 200 shares, ``finra_hundreds_weight`` at other multiples of 100
    from 300 on, and otherwise ``finra_odd_weight``. RWVAP leaves out prints above ``rwvap_volume_multiplier``
    times the average daily volume.
    """

    least_size: float = 20.0
    history_least_size: float = 15.0
    exchange_weight: float = 1.0
    finra_round_weight: float = 1.0
    finra_hundreds_weight: float = 0.4
    finra_odd_weight: float = 0.2
    rwvap_volume_multiplier: float = 1.0

    def weight(self, trade: "Print") -> float:
        """Return the weight of a print in GRPAN."""
        venue = trade.venue.upper()
        if venue not in FINRA_VENUES and venue not in UNKNOWN_VENUES:
            return self.exchange_weight
        if trade.size in ROUND_SIZES:
            return self.finra_round_weight
        if trade.size >= HUNDREDS_FROM and trade.size % 100 == 0:
            return self.finra_hundreds_weight
        return self.finra_odd_weight

    def used(self, prints: "Sequence[Print]", most: int = PRINTS_USED) -> "Sequence[Print]":
        """Return the last prints that count, at most ``most`` of them."""
        counting = (trade for trade in reversed(prints) if self._counts(trade))
        return [*islice(counting, most)][::-1]

    def _counts(self, trade: "Print") -> bool:
        """Return whether a print counts; of FINRA's historical prints only those of exactly 100 or 200 shares
        do.
        """
        if trade.size < self.least_size:
            return False
        if not trade.is_history:
            return True
        if trade.venue.upper() in FINRA_VENUES:
            return trade.size in ROUND_SIZES
        return trade.size >= self.history_least_size


DEFAULT_RULES = IndicatorRules()


class Window(Enum):
    """How far back an indicator looks; the value is the trader's name for it.

    A day is a trading day: the window begins at the same time of day that many trading days ago. On a day
    without a session it covers that many whole trading days before it.
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
    """The grouped real print analyzer; ``price`` is where the weight of the prints is largest.

    ``concentration`` is the percentage of the ``prints`` used that lie within 0.04 of it.
    """

    price: float
    concentration: float
    prints: int


class Rwvap(NamedTuple):
    """The robust volume-weighted average price over ``prints``; ``left_out`` counts unusually large
    prints.
    """

    price: float
    prints: int
    left_out: int


class Indicators(NamedTuple):
    """Every window of both indicators at the moment ``at``; each ends at ``until``.

    ``since`` is the time of the oldest print that may count: a window that begins earlier covers only the
    time from there on. ``until`` is the time of the last print if there is no session at ``at``.
    """

    at: datetime
    until: datetime
    grpan: Mapping[Window, Grpan | None]
    rwvap: Mapping[Window, Rwvap | None]
    since: datetime | None


def grpan(prints: "Sequence[Print]", rules: IndicatorRules = DEFAULT_RULES) -> Grpan | None:
    """Return GRPAN over the last 150 prints that count; between equal weights, the price printed first
    wins.
    """
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
    """Return GRPAN over the last 15 prints that count."""
    return grpan(rules.used(prints, LATEST_PRINTS), rules)


def rwvap(
    prints: "Sequence[Print]", average_daily_volume: float | None, rules: IndicatorRules = DEFAULT_RULES
) -> Rwvap | None:
    """Return RWVAP over the last 150 prints that count, without those too large for the average daily volume.

    Volume is in shares; if it is unknown, nothing is left out. With fewer than five prints the result is
    ``None``.
    """
    most = None if average_daily_volume is None else average_daily_volume * rules.rwvap_volume_multiplier
    large_enough = rules.used(prints)
    used = [trade for trade in large_enough if most is None or trade.size <= most]
    if len(used) < RWVAP_LEAST_PRINTS:
        return None
    price = sum(trade.price * trade.size for trade in used) / sum(trade.size for trade in used)
    return Rwvap(price, len(used), len(large_enough) - len(used))


def deviation(last: float | None, price: float | None) -> float | None:
    """Return the last price less an indicator's price, without binary rounding errors."""
    return None if last is None or price is None else round(last - price, 6)


def begin_of(window: Window, now: datetime) -> datetime | None:
    """Return when a window that ends ``now`` begins; ``None`` if the window is not a period of time."""
    if (hours := _HOURS.get(window)) is not None:
        return now - timedelta(hours=hours)
    days = _DAYS.get(window)
    return None if days is None else trading_days_before(now, days)


def trading_days_before(at: datetime, days: int) -> datetime:
    """Return the same time of day in New York that many trading days before; see ``Window`` for other
    days.
    """
    local = new_york(at)
    day, clock = local.date(), local.time()
    if session_of(day) is None:
        # As if it were midnight after the latest trading day.
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
    """Return where windows end: now, or the time of the last print outside the session."""
    return now if opened_at(now) is not None or not prints else prints[-1].at


def indicators(
    prints: "Sequence[Print]",
    now: datetime,
    *,
    average_daily_volume: float | None = None,
    rules: IndicatorRules = DEFAULT_RULES,
) -> Indicators:
    """Return every window of both indicators over the prints of one share."""
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
