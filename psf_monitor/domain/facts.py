"""The trader's own facts about shares, as given in his files, and what follows from them at a price and a
date.

Source of the column names and number formats: PSFALGO's files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from psf_monitor.domain.instrument import Instrument, plain_symbol

SHARES = "STK"
"""TWS's security type of the shares that the files describe; an option on a share has none of its facts."""

COUPON, DIVIDEND, PAR = "COUPON", "DIVAMOUNT", "PAR"
EX_DIVIDEND, CALL = "EXDIVDATE", "CALLDATE"
VOLUME, ISSUER, GROUP = "AVGADV", "CMON", "GROUP"
"""The keys of the columns that calculations use; see ``column_key``."""

PAYMENTS_A_YEAR = (1, 2, 4, 12)
"""How often a year a preferred share may pay; a dividend that fits none of these contradicts the coupon."""
_NO_PAR = "what it was issued at is not reported: a column PAR, or par = 25 under [facts] in settings.toml"
_FITS_WITHIN = 0.02
"""The largest rounding error of a dividend, which is rounded to a cent at worst."""


class FactKind(StrEnum):
    """What kind of values a column holds. A column that is mostly none of the first three is text."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TEXT = "text"


class Fact(NamedTuple):
    """One cell: its ``text`` as written under ``title`` in ``file`` at ``line``.

    ``value`` is its meaning, with percents as numbers (9.88 is 9.88 %). It is ``None`` if the text is not of
    its column's kind, or if it has two possible meanings, which ``caveat`` names.
    """

    text: str
    value: float | date | str | None
    file: str = ""
    line: int = 0
    title: str = ""
    caveat: str = ""


class FactColumn(NamedTuple):
    """A column of the files, under the title that the first file gives it.

    ``decimals`` is the most decimals that any of its figures has, at most six; ``letters`` is the length of
    its longest text.
    """

    key: str
    title: str
    kind: FactKind
    decimals: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """The facts about one share, by column key; empty cells are left out.

    ``usual_par`` is the par value from the settings. ``stale_since`` is when the files were last read, if one
    of them could not be read again. ``today`` is the date in New York, ``None`` for facts as read from a
    file.
    """

    cells: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
    usual_par: float | None = None
    stale_since: datetime | None = None
    today: date | None = None

    def number(self, key: str) -> float | None:
        """Return the figure of a column of numbers or percents; ``None`` if there is none."""
        fact = self.cells.get(key)
        return fact.value if fact is not None and isinstance(fact.value, float) else None

    def day(self, key: str) -> date | None:
        """Return the date of a column of dates; ``None`` if there is none."""
        fact = self.cells.get(key)
        return fact.value if fact is not None and isinstance(fact.value, date) else None

    def text_of(self, key: str) -> str:
        """Return the text of a cell, empty if there is none."""
        fact = self.cells.get(key)
        return "" if fact is None else fact.text

    def unread(self, key: str, wrong: str) -> str:
        """Return why a cell that is there cannot be used: its two possible meanings, or ``wrong``."""
        fact = self.cells[key]
        return f"{fact.text} {fact.caveat or wrong}"

    @property
    def days_to_ex_dividend(self) -> int | None:
        """Calendar days to the ex-dividend date, negative once it is past; ``None`` if no file gives it."""
        return self._days_until(EX_DIVIDEND)

    @property
    def days_to_call(self) -> int | None:
        """Calendar days to the first call date, negative once it is past; ``None`` if no file gives it."""
        return self._days_until(CALL)

    def _days_until(self, key: str) -> int | None:
        day = self.day(key)
        return None if day is None or self.today is None else (day - self.today).days

    @property
    def issuer(self) -> str:
        """The symbol of the issuer's common share according to the files, empty if none."""
        return plain_symbol(self.text_of(ISSUER))

    @property
    def group(self) -> str:
        """PSFALGO's group of the share, empty if none."""
        return self.text_of(GROUP)


NO_FACTS = ShareFacts()


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of the files by IBKR symbol. ``problems`` are whole sentences.

    ``stale_since`` is when a file that cannot be read now was last read, the earliest of several.
    """

    columns: tuple[FactColumn, ...] = ()
    shares: Mapping[str, ShareFacts] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[str, ...] = ()
    stale_since: datetime | None = None

    def of(self, instrument: Instrument) -> ShareFacts | None:
        """Return the facts about a share; ``None`` if no file has it, or if it is not a share."""
        return self.shares.get(instrument.symbol) if instrument.kind == SHARES else None

    @property
    def volumes(self) -> dict[str, float]:
        """The average daily volumes in shares, by IBKR symbol."""
        found = ((symbol, facts.number(VOLUME)) for symbol, facts in self.shares.items())
        return {symbol: volume for symbol, volume in found if volume is not None and volume > 0}


NOTHING_KNOWN = Facts()


def column_key(title: str) -> str:
    """Return the key that titles are compared by: ``EX-DIV DATE``, ``Ex Div Date`` and ``ex_div_date`` are
    equal.
    """
    letters = "".join(letter for letter in plain_symbol(title) if letter.isalnum())
    return letters or plain_symbol(title)


class Dividend(NamedTuple):
    """The yearly dividend of a share in its currency, with its derivation or the reason why it is unknown."""

    amount: float | None
    how: str


def annual_dividend(facts: ShareFacts | None) -> Dividend:
    """Return coupon times par; unknown if a fact is missing or the dividend amount contradicts it."""
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
    """Return the yearly dividend in percent of ``price``; unknown if either is."""
    amount = annual_dividend(facts).amount
    return None if amount is None or price is None or price <= 0 else 100 * amount / price


def _fits(yearly: float, each: float) -> bool:
    return any(abs(yearly - times * each) <= _FITS_WITHIN * yearly for times in PAYMENTS_A_YEAR)
