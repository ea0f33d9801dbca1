"""Trading hours of the New York Stock Exchange. Pure: the time is an argument.

Source: the exchange's published rules for holidays and early closes, as they stand from 2022 on.
"""

from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from functools import lru_cache
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")

_OPEN = time(9, 30)
_CLOSE = time(16, 0)
_EARLY_CLOSE = time(13, 0)
_EXTENDED_OPEN = time(4, 0)
_EXTENDED_FOR = timedelta(hours=4)
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6

# Days of mourning follow no rule.
_CLOSED_ONCE = frozenset({date(2025, 1, 9)})


class SessionPhase(Enum):
    """The part of the trading day that a moment falls in."""

    REGULAR = auto()
    EXTENDED = auto()
    """From 4:00 to the open and for four hours after the close, on days with a regular session."""
    CLOSED = auto()


class DayPhase(Enum):
    """The part of a trading day, which lasts until the night of the next one, that a moment falls in."""

    BEFORE_OPEN = auto()
    SESSION = auto()
    AFTER_CLOSE = auto()
    """From the close on, and all of a day without a session."""


def new_york(at: datetime) -> datetime:
    """Return the same moment in New York time; ``at`` has a time zone."""
    return at.astimezone(NEW_YORK)


def clock_text(at: datetime) -> str:
    """Return the time of day in New York as the trader reads it: ``14:31:07``."""
    return f"{new_york(at):%H:%M:%S}"


@lru_cache(maxsize=16)
def session_of(day: date) -> tuple[datetime, datetime] | None:
    """Return the open and close of the regular session on a New York date; ``None`` if there is none."""
    if day.weekday() >= _SATURDAY or day in _CLOSED_ONCE or day in _holidays(day.year):
        return None
    close = _EARLY_CLOSE if _closes_early(day) else _CLOSE
    return datetime.combine(day, _OPEN, NEW_YORK), datetime.combine(day, close, NEW_YORK)


def opened_at(at: datetime) -> datetime | None:
    """Return when the session that ``at`` falls in opened; ``None`` outside the regular session."""
    session = session_of(new_york(at).date())
    if session is None or not session[0] <= at < session[1]:
        return None
    return session[0]


def session_phase(at: datetime) -> SessionPhase:
    """Return whether US shares trade in the regular session, in the extended one, or in neither (overnight
    aside).
    """
    day = new_york(at).date()
    session = session_of(day)
    if session is None:
        return SessionPhase.CLOSED
    opens, closes = session
    if opens <= at < closes:
        return SessionPhase.REGULAR
    begins = datetime.combine(day, _EXTENDED_OPEN, NEW_YORK)
    is_extended = begins <= at < closes + _EXTENDED_FOR
    return SessionPhase.EXTENDED if is_extended else SessionPhase.CLOSED


def day_phase(at: datetime) -> DayPhase:
    """Return whether the regular session of the trading day is to come, is on, or is over."""
    session = session_of(new_york(at).date())
    if session is None or at >= session[1]:
        return DayPhase.AFTER_CLOSE
    return DayPhase.SESSION if at >= session[0] else DayPhase.BEFORE_OPEN


def _closes_early(day: date) -> bool:
    """Return whether it is the day before Independence Day, the day after Thanksgiving, or Christmas Eve."""
    # If one of the first two is a Friday it is the observed holiday itself, without a session.
    return (day.month, day.day) in {(7, 3), (12, 24)} or day == _nth_weekday(
        day.year, 11, _THURSDAY, 4
    ) + timedelta(days=1)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    new_year = date(year, 1, 1)
    days = {
        # New Year's Day on a Saturday is not made up for: the exchange is open on the last day of the year.
        new_year + timedelta(days=1) if new_year.weekday() == _SUNDAY else new_year,
        _nth_weekday(year, 1, _MONDAY, 3),  # Martin Luther King
        _nth_weekday(year, 2, _MONDAY, 3),  # Washington
        _easter(year) - timedelta(days=2),  # Good Friday
        _nth_weekday(year, 6, _MONDAY, 1) - timedelta(days=7),  # Memorial Day, the last Monday of May
        _observed(date(year, 6, 19)),  # Juneteenth
        _observed(date(year, 7, 4)),
        _nth_weekday(year, 9, _MONDAY, 1),  # Labor Day
        _nth_weekday(year, 11, _THURSDAY, 4),  # Thanksgiving
        _observed(date(year, 12, 25)),
    }
    return frozenset(days)


def _observed(day: date) -> date:
    if day.weekday() == _SATURDAY:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == _SUNDAY else day


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar."""
    century = year // 100
    golden = year % 19
    # Age of the ecclesiastical moon, corrected for leap days and lunar drift.
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    full_moon = date(year, 3, 21) + timedelta(days=moon)
    return full_moon + timedelta(days=(_SUNDAY - full_moon.weekday()) % 7 or 7)
