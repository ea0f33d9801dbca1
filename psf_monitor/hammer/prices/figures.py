"""HAMMER's figures and times: numbers, numbers in strings, and markers for missing values. Pure."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from math import inf

from msgspec import UNSET, UnsetType

Figure = float | None | UnsetType
"""A number, unknown (``None``), or no change (``UNSET``)."""

Wire = float | str | None

_WRITTEN_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
"""Stricter than ``float``, which also reads ``1_000``, digits of other scripts, and words."""

NO_PRICE_IS_AS_HIGH = 1e9
_NOTHING_IS_AS_LARGE = 1e15
_NOTHING_SET = -1.0
_GROUPED = re.compile(r"\s*[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+|,\d{3})\s*", re.ASCII)
"""With a point or a second comma the commas can only separate thousands; ``1,000`` alone may be 1."""
_NOTHING = frozenset({"", "n/a", "na", "nan", "none", "null"})
LEAST_UNSET = float(2**31 - 1)
_UNSET_WORDS = frozenset({LEAST_UNSET, float(2**31), float(2**63 - 1)})
"""What programs write, with either sign, for a number that is not set."""

_FIRST_MILLISECONDS = 100_000_000_000
"""As seconds this would be the year 5138."""

_FIRST_YEAR, _LAST_YEAR = 1990, 2099
"""HAMMER writes the first or last day of its calendar for a time that is not set."""


def finite(raw: object) -> float | None:
    """Return a number, or a number in a string; ``None`` for anything else, and for markers of a missing
    one.
    """
    number = None if isinstance(raw, bool) else _number(raw)
    if number is None or not -_NOTHING_IS_AS_LARGE < number < _NOTHING_IS_AS_LARGE:
        return None
    return None if abs(number) in _UNSET_WORDS else number


def positive_price(raw: object) -> float | None:
    """Return a price above 0; ``None`` for anything else."""
    price = finite(raw)
    return price if price is not None and 0 < price < NO_PRICE_IS_AS_HIGH else None


def is_no_figure(raw: object) -> bool:
    """Return whether something is set that is neither a number nor one of the usual words for none."""
    if raw is None or (isinstance(raw, str) and raw.strip(" -").lower() in _NOTHING):
        return False
    return isinstance(raw, bool) or _number(raw) is None


def is_no_price(raw: object) -> bool:
    """Return whether something is set that is no price, and no marker of a missing one either."""
    return is_no_quantity(raw) or (finite(raw) or 0.0) >= NO_PRICE_IS_AS_HIGH


def is_no_quantity(raw: object) -> bool:
    """Return whether something is set that is no quantity, and no marker of a missing one either."""
    number = finite(raw)
    return is_no_figure(raw) if number is None else number < 0 and number != _NOTHING_SET


def is_yes(raw: object) -> bool:
    """Return whether a flag is set, as a boolean, a number or a word."""
    return raw in (True, 1) or (isinstance(raw, str) and raw.strip().lower() in ("true", "1", "yes"))


def price_of(raw: Wire) -> Figure:
    """Return a bid or ask: ``UNSET`` if it is not set, ``None`` if it is no price."""
    if type(raw) is float:
        return raw if 0.0 < raw < NO_PRICE_IS_AS_HIGH else None
    if _is_blank(raw):
        return UNSET
    return positive_price(raw)


def last_of(raw: Wire) -> Figure:
    """Return the price of the last trade: ``UNSET`` also for 0."""
    price = price_of(raw)
    return UNSET if price is None and _number(raw) == 0.0 else price


def quantity_of(raw: Wire) -> Figure:
    """Return a size in shares as HAMMER sent it: ``UNSET`` if it is not set, ``None`` if it is no size."""
    if type(raw) is float and 0.0 <= raw < LEAST_UNSET:
        return raw
    if _is_blank(raw):
        return UNSET
    number = finite(raw)
    return number if number is not None and number >= 0 else None


# A thousand updates a second in a moving market contain only few different times.
@lru_cache(256)
def utc_of(stamp: str) -> datetime | None:
    """Return a time in ISO 8601 or in Unix seconds or milliseconds; ``None`` if it is no time.

    HAMMER's times are UTC with or without a zone. A date alone is no time.
    """
    try:
        if "T" not in stamp and ":" not in stamp:
            return unix_time(int(stamp)) if stamp.isdecimal() else None
        at = datetime.fromisoformat(stamp)
        if at.tzinfo is not UTC:
            # Parsing again takes a quarter of the time of setting the zone.
            at = datetime.fromisoformat(stamp + "Z") if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def is_no_time(stamp: str) -> bool:
    """Return whether a text is set that is no time in any known form; the ends of the calendar are times that
    are not set.
    """
    if stamp.isdecimal():
        return False
    try:
        datetime.fromisoformat(stamp)
    except ValueError:
        return bool(stamp.strip())
    return False


def time_of(raw: object) -> datetime | None:
    """Return a time in any of HAMMER's forms, also as a number or with spaces around it; else ``None``."""
    if isinstance(raw, str) and (at := utc_of(raw.strip())) is not None:
        return at
    seconds = finite(raw)
    return None if seconds is None else unix_time(seconds)


def unix_time(given: float) -> datetime | None:
    """Return a Unix time in seconds or milliseconds; ``None`` if it cannot be one."""
    try:
        at = datetime.fromtimestamp(given / 1000 if given >= _FIRST_MILLISECONDS else given, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def _is_blank(raw: Wire) -> bool:
    return raw is None or (type(raw) is str and not raw.strip())


def _number(raw: object) -> float | None:
    if isinstance(raw, str) and not _WRITTEN_NUMBER.fullmatch(raw):
        if not _GROUPED.fullmatch(raw):
            return None
        raw = raw.replace(",", "")
    try:
        return float(raw)  # type: ignore[arg-type]
    except OverflowError:
        # A whole number with more digits than any quantity.
        return inf
    except (TypeError, ValueError):
        return None
