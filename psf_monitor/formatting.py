"""Format figures and times for the trader. Pure: the current time is an argument.

Unknown is a dash. A minus is U+2212, as wide as a plus, and a rounded zero has no sign.
"""

import math
import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from psf_monitor.domain.account import ACCOUNT_ID
from psf_monitor.domain.market_hours import NEW_YORK

DASH = "—"
MINUS = "−"
HIDDEN = "•••••"
"""Replaces a quantity or an amount of money while values are hidden, always in the same width."""
REDACTED = "•••"
"""Replaces a password wherever one is written."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

_FINEST = 8
QUANTITY_DECIMALS = _FINEST
_LEAST_SHOWN = 5e-9
_MOST_DECIMALS = 12
"""Anything smaller is a rounding error of a sum of fractions."""
_CENT = 0.01
_SPECIFICATIONS = tuple(f",.{decimals}f" for decimals in range(_MOST_DECIMALS + 1))
_MOST = 1e15
"""No price, size or sum of an account is this large: such a figure is a sentinel, not a value."""


class Notation(NamedTuple):
    """How the spreadsheets of a country read figures, and what separates the columns of its CSV files."""

    decimal: str = "."
    separator: str = ","

    def figure(self, cell: str) -> str:
        """Return a plain number, or an empty cell, in this notation."""
        return cell if self.decimal == "." else cell.replace(".", self.decimal)


DECIMAL_POINT = Notation()
DECIMAL_COMMA = Notation(",", ";")


def hidden(text: str, hides: bool = True) -> str:
    """Return the text that stands for a quantity or money while values are hidden; unknown stays a dash."""
    return HIDDEN if hides and text != DASH else text


def masked(account: str) -> str:
    """Return the account id as it may appear on a screenshot: its letters and its last three digits."""
    head = account[: len(account) - len(account.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
    tail = account[len(head) :]
    return f"{head}{'•' * max(len(tail) - 3, 4)}{tail[-3:]}" if len(tail) > 3 else "•" * len(account)


def mask_accounts(text: str) -> str:
    """Return the text with every IBKR account id masked as by ``masked``."""
    return ACCOUNT_ID.sub(lambda found: masked(found[0]), text)


def price(value: float | None) -> str:
    """Return a price in contract currency: two decimals, up to four if needed, and eight below a cent."""
    return _number(value, _decimals_of(value), fewest=2)


def price_level(value: float | None) -> str:
    """Return a price set by somebody, with all its decimals, at least two."""
    return _number(value, _FINEST, fewest=2)


def average_price(value: float | None) -> str:
    """Return an average price in contract currency: four decimals, up to eight below a cent."""
    return _number(value, _decimals_of(value), fewest=4)


def placed_by(client_id: int | None) -> str:
    """Return who placed an order, by the API client id of TWS: manual orders have 0, as has client 0."""
    if client_id is None:
        return "TWS does not say by whom it was placed"
    return "placed in TWS itself" if client_id == 0 else f"placed by API client {client_id}"


def unit_of_price(currency: str, unit: float | None, *, is_combination: bool = False) -> str:
    """Return the unit of a price: ``USD``, ``hundredths of a GBP``, ``% of par, 10 USD each``."""
    is_reported = bool(currency.strip())
    currency = currency if is_reported else "a currency that is not reported"
    if is_combination:
        return f"in {currency}, in the unit of its legs' prices"
    if unit is None:
        return f"in {currency}; in which unit, such as cents or per cent of par, is not reported yet"
    if unit == 1:
        return currency if is_reported else f"in {currency}"
    return f"hundredths of {currency}" if unit == 0.01 else f"× {_number(unit, 4, fewest=0)} {currency}"


def quantity(value: float | None) -> str:
    """Return a whole number of shares or contracts; fractions have up to eight decimals, the broker's finest,
    and up to twelve where eight would show 0.
    """
    return _number(value, _quantity_decimals(value), fewest=0)


def signed_quantity(value: float | None) -> str:
    """Return a change in shares or contracts with its sign."""
    return _number(value, _quantity_decimals(value), fewest=0, sign="+")


def money(value: float | None) -> str:
    """Return an amount in whole units of a currency."""
    return _number(value, 0)


def signed_money(value: float | None) -> str:
    """Return a profit or loss in whole units of a currency, with its sign."""
    return _number(value, 0, sign="+")


def cents(value: float | None) -> str:
    """Return a cost in a currency: two decimals, up to four if needed; a rebate is negative."""
    return _number(value, 4, fewest=2)


def rounded_cents(value: float | None) -> str:
    """Return a calculated amount of a currency, two decimals."""
    return _number(value, 2)


def signed_cents(value: float | None) -> str:
    """Return a profit or loss with its sign, two decimals."""
    return _number(value, 2, sign="+")


def change(value: float | None) -> str:
    """Return a difference of prices with its sign."""
    return _number(value, _decimals_of(value), fewest=2, sign="+")


def deviation(value: float | None) -> str:
    """Return a difference from an average price with its sign, as fine as the average: four decimals, and
    eight where four show nothing.
    """
    return _number(value, 4 if value is None or round(value, 4) else _FINEST, fewest=2, sign="+")


def percent(value: float | None) -> str:
    """Return a change in percent with its sign; 1.5 is +1.50%."""
    figure = _number(value, 2, sign="+")
    return figure if figure == DASH else f"{figure}%"


def share(value: float | None) -> str:
    """Return a part of a whole in percent, without a sign; 87.5 is 87.50%."""
    figure = _number(value, 2)
    return figure if figure == DASH else f"{figure}%"


def short_share(value: float | None) -> str:
    """Return a part of a whole in percent with one decimal; 87.5 is 87.5%."""
    figure = _number(value, 1)
    return figure if figure == DASH else f"{figure}%"


def own_figure(value: float | None, decimals: int) -> str:
    """Return a number of the trader's own with as many decimals as its column has."""
    return _number(value, decimals)


def days_left(days: float | None) -> str:
    """Return the calendar days to a date: ``12 d``, ``today``, or ``passed 12 d``."""
    if days is None:
        return DASH
    if not days:
        return "today"
    return f"{_number(days, 0)} d" if days > 0 else f"passed {_number(-days, 0)} d"


def age(seconds: float) -> str:
    """Return how long ago, in the room of a table cell: 0s to 59s, 1m to 59m, then hours."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole}s"
    return f"{whole // 60}m" if whole < 3600 else f"{whole // 3600}h"


def ago(seconds: float) -> str:
    """Return how long ago in a sentence: ``2 s``, ``5 m``, ``5 h 2 m``."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} m" if minutes < 60 else f"{minutes // 60} h {minutes % 60} m"


def latency(milliseconds: float) -> str:
    """Return a round trip, ``8 ms``; below one millisecond it is ``1 ms``."""
    return f"{max(round(milliseconds), 1)} ms"


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Return the seconds between two times, never negative: two sources may disagree by a moment."""
    return max((later - earlier).total_seconds(), 0.0)


def clock(at: datetime) -> str:
    """Return the time of day in New York, ``14:32:05``."""
    there = at.astimezone(NEW_YORK)
    return f"{there.hour:02}:{there.minute:02}:{there.second:02}"


def moment(at: datetime, now: datetime) -> str:
    """Return a time in New York, with its date if that is not today's."""
    there = at.astimezone(NEW_YORK)
    if there.date() == now.astimezone(NEW_YORK).date():
        return there.strftime("%H:%M:%S")
    return there.strftime("%Y-%m-%d %H:%M:%S")


def short_moment(at: datetime, now: datetime) -> str:
    """Return a time in New York in the room of a table cell: the time of day, or another day's date."""
    there = at.astimezone(NEW_YORK)
    is_today = there.date() == now.astimezone(NEW_YORK).date()
    return there.strftime("%H:%M:%S" if is_today else "%b %d")


def stamp(at: datetime) -> str:
    """Return a time in New York with its date, ``2026-09-18 14:32:05``."""
    return at.astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M:%S")


def file_stamp(at: datetime) -> str:
    """Return a time in New York for the name of a file."""
    return at.astimezone(NEW_YORK).strftime("%Y%m%d_%H%M%S")


def countdown(until: datetime | None, now: datetime) -> str:
    """Return the whole seconds left, rounded up, never negative."""
    left_s = 0.0 if until is None else (until - now).total_seconds()
    return f"{max(math.ceil(left_s), 0)} s"


def counted(number: int, thing: str) -> str:
    """Return ``1 position``, ``2,000 positions``."""
    return f"{number} {thing}" if number == 1 else f"{number:,} {thing}s"


def listed(names: list[str]) -> str:
    """Return ``A``, ``A and B``, ``A, B and C``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def number_cell(number: float | None) -> str:
    """Return the shortest text for exactly this number, without thousands and exponent; empty if unknown."""
    if number is None or not math.isfinite(number):
        return ""
    shortest = repr(float(number) + 0.0)
    plain = format(Decimal(shortest), "f") if "e" in shortest else shortest
    return plain.removesuffix(".0")


def calculated_cell(number: float | None, decimals: int = 6) -> str:
    """Return a figure to this many decimals, eight below a cent; digits beyond are rounding errors."""
    if number is None or not math.isfinite(number):
        return ""
    return number_cell(round(number, _FINEST if abs(number) < _CENT else decimals))


def text_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def without_typography(text: str) -> str:
    """Return a text for programs: an ASCII minus, no thousands separators, nothing for a dash."""
    if text == DASH:
        return ""
    plain = text.replace(MINUS, "-")
    return _THOUSANDS.sub("", plain) if "," in plain else plain


def _decimals_of(price: float | None) -> int:
    """Return the decimals that a price needs; worthless shares are quoted at a millionth of a dollar."""
    return 4 if price is None or not price or abs(price) >= _CENT else _FINEST


def _quantity_decimals(value: float | None) -> int:
    return _MOST_DECIMALS if value and abs(value) < _LEAST_SHOWN else _FINEST


@lru_cache(maxsize=1024)
def _number(value: float | None, most: int, fewest: int | None = None, sign: str = "") -> str:
    # NaN is within no bounds.
    if value is None or not -_MOST < value < _MOST:
        return DASH
    digits = format(abs(value), _SPECIFICATIONS[most])
    if fewest is not None and digits[-1] == "0":
        needed = len(digits) - most + fewest
        digits = digits[: max(len(digits.rstrip("0")), needed)].removesuffix(".")
    if digits[0] == "0" and not digits.strip("0."):
        return digits
    return MINUS + digits if value < 0 else sign + digits
