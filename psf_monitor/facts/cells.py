"""Parse cells: numbers, percents and dates as spreadsheets of any country write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from psf_monitor.domain.facts import FactKind
from psf_monitor.settings.figure_notation import meanings

_UNKNOWN = frozenset({"", "-", "--", "\u2014", "\u2013", "nan", "nat", "none", "null", "n/a", "#n/a", "<na>"})
"""What spreadsheets and pandas write for an unknown value."""

_MIDNIGHT = re.compile(r"[ T]00?:00(?::00(?:\.0+)?)?| 12:00(?::00)? AM", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Notation:
    """How figures and dates are written; ``None`` if no cell decides between two ways.

    ``has_decimal_comma``: 6,75 and not 6.75, for a whole file. ``has_day_first``: 13/05/2025 and not
    05/13/2025, for one column; with periods between them the day is always first.
    """

    has_decimal_comma: bool | None = False
    has_day_first: bool | None = False


def is_unknown(text: str) -> bool:
    """Return whether a cell stands for an unknown value."""
    return text.casefold() in _UNKNOWN


def has_day_first(cells: Iterable[str]) -> bool | None:
    """Return whether a column's dates begin with the day, shown by a number over 12; ``None`` if none, or
    both.
    """
    found = set()
    for text in cells:
        month_first, day_first = _days(text)
        if (month_first is None) != (day_first is None):
            found.add(month_first is None)
    return found.pop() if len(found) == 1 else None


def two_meanings(text: str, notation: Notation) -> tuple[float, float] | tuple[date, date] | None:
    """Return both meanings of a figure with point or comma, or of a date with day or month first.

    ``None`` if there are not two meanings, or if it is known which one counts.
    """
    month_first, day_first = _days(text)
    if month_first is not None and day_first is not None:
        is_open = notation.has_day_first is None and month_first != day_first
        return (month_first, day_first) if is_open else None
    found = meanings(text, notation.has_decimal_comma)
    return (found[0], found[1]) if len(found) > 1 else None


def value_of(text: str, kind: FactKind, notation: Notation) -> float | date | str | None:
    """Return the value of a cell as ``kind``; ``None`` if it is none."""
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
    """Return the kind of more than half of the cells, else text."""
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
    """Return a date read with the month first and with the day first; a spreadsheet's time of midnight is
    ignored.
    """
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
