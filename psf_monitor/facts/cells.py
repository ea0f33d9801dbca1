"""What a cell means: numbers, percents and dates as spreadsheets of any country write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from psf_monitor.domain.facts import FactKind
from psf_monitor.settings.figure_notation import meanings

_UNKNOWN = frozenset({"", "-", "--", "\u2014", "\u2013", "nan", "nat", "none", "null", "n/a", "#n/a", "<na>"})
"""What spreadsheets and pandas write for a cell of which nothing is known."""

_MIDNIGHT = re.compile(r"[ T]00?:00(?::00(?:\.0+)?)?| 12:00(?::00)? AM", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Notation:
    """How figures and days are written; ``None`` where no cell tells which of two ways.

    ``has_decimal_comma``: 6,75 and not 6.75, for a whole file. ``has_day_first``: 13/05/2025 and not
    05/13/2025, for a column of it; with full stops between them the day is always first.
    """

    has_decimal_comma: bool | None = False
    has_day_first: bool | None = False


def is_unknown(text: str) -> bool:
    """Return whether a cell says that nothing is known."""
    return text.casefold() in _UNKNOWN


def has_day_first(cells: Iterable[str]) -> bool | None:
    """Whether the days of a column stand before the months, as one over 12 tells; ``None``: none, or both."""
    found = set()
    for text in cells:
        month_first, day_first = _days(text)
        if (month_first is None) != (day_first is None):
            found.add(month_first is None)
    return found.pop() if len(found) == 1 else None


def two_meanings(text: str, notation: Notation) -> tuple[float, float] | tuple[date, date] | None:
    """Return what a figure may mean with decimal point or comma, or a day with month or day first.

    ``None`` where there are not two meanings, or it is told which of them counts.
    """
    month_first, day_first = _days(text)
    if month_first is not None and day_first is not None:
        is_open = notation.has_day_first is None and month_first != day_first
        return (month_first, day_first) if is_open else None
    found = meanings(text, notation.has_decimal_comma)
    return (found[0], found[1]) if len(found) > 1 else None


def value_of(text: str, kind: FactKind, notation: Notation) -> float | date | str | None:
    """Return what a cell means as one of ``kind``; ``None`` when it is none."""
    match kind:
        case FactKind.NUMBER:
            return None if "%" in text else _figure(text, notation)
        case FactKind.PERCENT:
            return _percent(text, notation)
        case FactKind.DATE:
            return _day(text, notation)
        case FactKind.TEXT:
            return text


def kind_of(cells: Iterable[tuple[str, Notation]]) -> FactKind:
    """Return the kind that more than half of the cells are of, else text."""
    counts = dict.fromkeys((FactKind.NUMBER, FactKind.PERCENT, FactKind.DATE), 0)
    total = 0
    for text, notation in cells:
        total += 1
        if either := two_meanings(text, notation):
            is_day = isinstance(either[0], date)
            counts[FactKind.DATE if is_day else FactKind.PERCENT if "%" in text else FactKind.NUMBER] += 1
            continue
        for kind in counts:
            if value_of(text, kind, notation) is not None:
                counts[kind] += 1
                break
    kind = max(counts, key=lambda each: counts[each])
    return kind if 2 * counts[kind] > total else FactKind.TEXT


def _percent(text: str, notation: Notation) -> float | None:
    if text.count("%") != 1 or not (text.startswith("%") or text.endswith("%")):
        return None
    return _figure(text, notation)


def _figure(text: str, notation: Notation) -> float | None:
    found = meanings(text, notation.has_decimal_comma)
    return found[0] if len(found) == 1 else None


def _day(text: str, notation: Notation) -> date | None:
    if notation.has_day_first is not None:
        return _days(text)[notation.has_day_first]
    found = set(_days(text)) - {None}
    return found.pop() if len(found) == 1 else None


def _days(text: str) -> tuple[date | None, date | None]:
    """A day with its month and with itself first; a time behind it is that of a spreadsheet, midnight."""
    if (found := _YEAR_FIRST.match(text)) is not None:
        month_first = day_first = _date(found[1], found[3], found[4])
    elif (found := _YEAR_LAST.match(text)) is not None:
        day_first = _date(found[4], found[3], found[1])
        month_first = day_first if found[2] == "." else _date(found[4], found[1], found[3])
    else:
        return None, None
    rest = text[found.end() :]
    return (month_first, day_first) if not rest or _MIDNIGHT.fullmatch(rest) else (None, None)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
