"""The trader's own facts of shares, as his files have them, and what follows of them at a price and a day.

Source of the column names and of the form of the figures: PSFALGO's files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from psf_monitor.domain.instrument import Instrument, plain_symbol

SHARES = "STK"
"""TWS's security type of what the files are about: an option on a share has none of its facts."""

COUPON, DIVIDEND, PAR = "COUPON", "DIVAMOUNT", "PAR"
EX_DIVIDEND, CALL = "EXDIVDATE", "CALLDATE"
VOLUME, ISSUER, GROUP = "AVGADV", "CMON", "GROUP"
"""The keys of the columns that something is worked out of; see ``column_key``."""

PAYMENTS_A_YEAR = (1, 2, 4, 12)
"""What a preferred share may pay: a dividend that fits none of them contradicts the coupon."""
_NO_PAR = "what it was issued at is not reported: a column PAR, or par = 25 under [facts] in settings.toml"
_FITS_WITHIN = 0.02
"""A dividend is rounded to a cent at worst."""


class FactKind(StrEnum):
    """What the figures of a column are; a column of which most is none of the first three is text."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TEXT = "text"


class Fact(NamedTuple):
    """One cell: its ``text`` as it stands under ``title`` in ``file`` at ``line``.

    ``value`` is what it means, percents as numbers (9.88 is 9.88 %); ``None``: it is not of its column's
    kind, or may mean two values of it, which ``doubt`` names, and the text is all there is.
    """

    text: str
    value: float | date | str | None
    file: str = ""
    line: int = 0
    title: str = ""
    doubt: str = ""


class FactColumn(NamedTuple):
    """A column of the files under the title that the first of them gives it.

    ``decimals`` is how many its figures have at most, six or fewer, ``letters`` the longest text in it.
    """

    key: str
    title: str
    kind: FactKind
    decimals: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """What the files say of one share, by the key of the column; a cell that is empty is not in it.

    ``usual_par`` is what the settings say that a share is issued at. ``stale_since`` is when the files were
    read, if one of them could not be read again since. ``today`` is New York's day, ``None`` in a file.
    """

    cells: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
    usual_par: float | None = None
    stale_since: datetime | None = None
    today: date | None = None

    def number(self, key: str) -> float | None:
        """Return the figure of a column of numbers or percents; ``None`` where there is none."""
        fact = self.cells.get(key)
        return fact.value if fact is not None and isinstance(fact.value, float) else None

    def day(self, key: str) -> date | None:
        """Return the day of a column of dates; ``None`` where there is none."""
        fact = self.cells.get(key)
        return fact.value if fact is not None and isinstance(fact.value, date) else None

    def text_of(self, key: str) -> str:
        """Return the text of a cell, empty for none."""
        fact = self.cells.get(key)
        return "" if fact is None else fact.text

    def unread(self, key: str, wrong: str) -> str:
        """Say of a cell that is there why nothing is worked out of it: its two meanings, or what is wrong."""
        fact = self.cells[key]
        return f"{fact.text} {fact.doubt or wrong}"

    @property
    def days_to_ex_dividend(self) -> int | None:
        """Calendar days, below 0 when the day is past; ``None`` when no file tells it."""
        return self._days_until(EX_DIVIDEND)

    @property
    def days_to_call(self) -> int | None:
        """Calendar days to the day from which the issuer may call it, as ``days_to_ex_dividend``."""
        return self._days_until(CALL)

    def _days_until(self, key: str) -> int | None:
        day = self.day(key)
        return None if day is None or self.today is None else (day - self.today).days

    @property
    def issuer(self) -> str:
        """The common share's symbol that the files name, empty for none."""
        return plain_symbol(self.text_of(ISSUER))

    @property
    def group(self) -> str:
        """PSFALGO's group of the share, empty for none."""
        return self.text_of(GROUP)


NO_FACTS = ShareFacts()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the files say, by IBKR symbol. ``problems`` are whole sentences.

    ``stale_since`` is when a file that cannot be read now was read last, the earliest of several.
    """

    columns: tuple[FactColumn, ...] = ()
    shares: Mapping[str, ShareFacts] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[str, ...] = ()
    stale_since: datetime | None = None

    def of(self, instrument: Instrument) -> ShareFacts | None:
        """Return what they say of a share; ``None`` for one that no file has, and for what is no share."""
        return self.shares.get(instrument.symbol) if instrument.kind == SHARES else None

    @property
    def volumes(self) -> dict[str, float]:
        """The average daily volumes, shares by IBKR symbol."""
        found = ((symbol, facts.number(VOLUME)) for symbol, facts in self.shares.items())
        return {symbol: volume for symbol, volume in found if volume is not None and volume > 0}


NOTHING_KNOWN = Facts()


def column_key(title: str) -> str:
    """Return what a title is compared by: ``EX-DIV DATE``, ``Ex Div Date`` and ``ex_div_date`` are one."""
    letters = "".join(letter for letter in plain_symbol(title) if letter.isalnum())
    return letters or plain_symbol(title)


class Dividend(NamedTuple):
    """What a share pays in a year, in its currency, and how that follows or why it is not known."""

    amount: float | None
    how: str


def annual_dividend(facts: ShareFacts | None) -> Dividend:
    """Coupon times par; unknown where a fact is missing or the dividend amount contradicts it."""
    if facts is None:
        return Dividend(None, "no file has this share")
    coupon, text = facts.number(COUPON), facts.text_of(COUPON)
    if not text:
        return Dividend(None, "your file has no COUPON of it")
    if coupon is None or "%" not in text:
        return Dividend(None, f"COUPON {facts.unread(COUPON, 'is no percent')}")
    par = facts.number(PAR) if facts.text_of(PAR) else facts.usual_par
    if facts.text_of(PAR) and (par is None or par <= 0):
        return Dividend(None, f"PAR {facts.unread(PAR, 'is no price of an issue')}")
    if par is None:
        return Dividend(None, _NO_PAR)
    amount = coupon / 100 * par
    each = facts.number(DIVIDEND)
    if each is not None and each > 0 and not _fits(amount, each):
        return Dividend(
            None,
            f"COUPON {coupon:g} % of {par:g} is {amount:g} a year, which is not 1, 2, 4 or 12 times "
            f"DIV AMOUNT {each:g}",
        )
    return Dividend(amount, f"COUPON {coupon:g} % of {par:g}")


def current_yield(facts: ShareFacts | None, price: float | None) -> float | None:
    """Return the dividend of a year in percent of ``price``; unknown where either is."""
    amount = annual_dividend(facts).amount
    return None if amount is None or price is None or price <= 0 else 100 * amount / price


def _fits(yearly: float, each: float) -> bool:
    return any(abs(yearly - times * each) <= _FITS_WITHIN * yearly for times in PAYMENTS_A_YEAR)
