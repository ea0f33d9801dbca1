"""What the tables show: one line per column. The order here is the order on the screen."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.book.rows import OLD_STATES, QuoteState, is_old
from psf_monitor.domain.account import AccountMode, is_paper, masked
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import Tone

if TYPE_CHECKING:
    from psf_monitor.domain.facts import ShareFacts


class Row(Protocol):
    """What both tables know of a row, whatever it shows."""

    @property
    def key(self) -> Hashable: ...
    @property
    def mode(self) -> AccountMode: ...
    @property
    def symbol(self) -> str: ...
    @property
    def quote_state(self) -> QuoteState: ...
    @property
    def stale_since(self) -> datetime | None: ...


class OfThePast:
    """A row of what happened: it has no quote, and nothing of it grows old."""

    __slots__ = ()

    @property
    def quote_state(self) -> QuoteState:
        return QuoteState.OFF

    @property
    def stale_since(self) -> datetime | None:
        return None


R = TypeVar("R", bound=Row)


class Band(StrEnum):
    """Where a figure comes from, written over the titles."""

    IBKR = "IBKR"
    HAMMER = "HAMMER QUOTES"
    CALCULATED = "CALCULATED"
    FACTS = "MY FILE"


def never(_row: object) -> bool:
    return False


def always(_row: object) -> bool:
    return True


def plain(_row: object, _now: datetime) -> Tone:
    return Tone.TEXT


def secondary(_row: object, _now: datetime) -> Tone:
    return Tone.TEXT2


class Column(Struct, Generic[R], frozen=True):
    """One column.

    ``width`` is in device-independent pixels at a window of 1280; ``value`` sorts, ``None`` is unknown.
    ``least`` is the width below which its text would be cut; 0 stands for nearly ``width``.
    ``is_struck``: a price, struck through when it is frozen. ``is_tinted``: flashes when it changes.
    ``is_timed``: its text depends on the moment. ``is_pointed``: decimal points line up.
    ``is_hidden``: shown only when asked for. ``is_private``: a quantity or an amount of money, which
    Hide values covers. ``long_title`` is its name where there is room for one.
    ``made_of`` are the bands of what it is made of, where that is not what its own band says.
    ``plain`` is the figure, or its text, for a spreadsheet; without it that is made of ``text``. It has so
    many ``decimals`` at most.
    ``line`` are the minutes of a day since New York's midnight, drawn small in place of a text.
    ``about`` says over the title what it is, where it comes from and how it is worked out.
    ``reads`` are the fields of a row without which its cell looks the same; none: any may change it.
    """

    key: str
    title: str
    band: Band
    width: int
    value: Callable[[R], float | str | None]
    text: Callable[[R, datetime], str]
    tone: Callable[[R, datetime], Tone] = plain
    is_bold: Callable[[R], bool] = never
    is_left: bool = False
    is_compact: bool = True
    is_struck: bool = False
    is_tinted: bool = False
    is_timed: bool = False
    is_pointed: bool = False
    tooltip: Callable[[R, datetime], str] | None = None
    mark: Callable[[R], tuple[Shape, Tone]] | None = None
    least: int = 0
    is_hidden: bool = False
    is_private: bool = False
    long_title: str = ""
    about: str = ""
    line: Callable[[R], Sequence[float]] | None = None
    plain: Callable[[R], float | str | None] | None = None
    decimals: int = 6
    made_of: tuple[Band, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.long_title or self.title

    @property
    def sources(self) -> tuple[Band, ...]:
        """The bands of what it is made of. A calculated figure needs both sources."""
        return self.made_of or (self.band,)

    def is_old(self, row: R) -> bool:
        """Whether what the cell is made of is no longer current."""
        return not old_bands(row).isdisjoint(self.sources)

    def tooltip_text(self, row: R, now: datetime, text: str) -> str:
        """What the tooltip of a cell with ``text`` says; of one that is old, since when."""
        sentence = self.tooltip(row, now) if self.tooltip else text
        if not sentence or not self.is_old(row):
            return sentence
        since = (why for band in self.sources for why in _why_old(row, band, now))
        return "\n".join(dict.fromkeys([sentence, *(why for why in since if why not in sentence)]))


def _why_old(row: Row, band: Band, now: datetime) -> tuple[str, ...]:
    """Since when what stands under ``band`` is old, a sentence for each source."""
    quote = (quote_worth(row, now),) if isinstance(row, HasQuoteTimes) else ()
    broker = () if row.stale_since is None else (f"Old: as of {formatting.moment(row.stale_since, now)} ET",)
    match band:
        case Band.IBKR:
            found: tuple[str, ...] = broker
        case Band.HAMMER:
            found = quote
        case Band.CALCULATED:
            found = (*quote, *broker)
        case Band.FACTS:
            found = ()
    return tuple(filter(None, found))


def facts_stale_since(row: object) -> datetime | None:
    """When the trader's own files were read, if they cannot be read again; of any kind of row."""
    facts: ShareFacts | None = getattr(row, "facts", None)
    return None if facts is None else facts.stale_since


_IS_OLD: Mapping[Band, Callable[[Row], bool]] = {
    Band.IBKR: lambda row: row.stale_since is not None,
    Band.HAMMER: lambda row: row.quote_state in OLD_STATES,
    Band.CALCULATED: is_old,
    Band.FACTS: lambda row: facts_stale_since(row) is not None,
}


def old_bands(row: Row) -> frozenset[Band]:
    """The bands whose figures are no longer current in a row."""
    return frozenset(band for band, is_old_in in _IS_OLD.items() if is_old_in(row))


class Head(Struct, frozen=True):
    """What stands over a column, and how wide it is: see ``Column``."""

    key: str
    title: str
    band: Band
    width: int
    least: int = 0
    is_compact: bool = True


def figure(
    head: Head,
    get: Callable[[R], float | None],
    write: Callable[[float | None], str],
    tone: Callable[[R, datetime], Tone] = plain,
    *,
    bold: Callable[[R], bool] = never,
    pointed: bool = False,
    tooltip: Callable[[R, datetime], str] | None = None,
) -> Column[R]:
    """A column of numbers, right-aligned."""
    # What HAMMER sends may have the noise of single precision, what is calculated that of the arithmetic.
    is_in_full = write is formatting.quantity or head.band is Band.IBKR
    return Column(
        head.key,
        head.title,
        head.band,
        head.width,
        get,
        lambda row, _now: write(get(row)),
        tone,
        bold,
        is_compact=head.is_compact,
        is_pointed=pointed,
        tooltip=tooltip,
        least=head.least,
        plain=get,
        decimals=formatting.QUANTITY_DECIMALS if is_in_full else 6,
    )


def quoted(
    key: str,
    title: str,
    width: int,
    get: Callable[[R], float | None],
    *,
    bold: Callable[[R], bool] = never,
    tinted: bool = True,
    least: int = 0,
) -> Column[R]:
    """A price of HAMMER's: it flashes when it changes and is struck through when it is frozen."""
    return Column(
        key,
        title,
        Band.HAMMER,
        width,
        get,
        lambda row, _now: formatting.price(get(row)),
        is_bold=bold,
        is_struck=True,
        is_tinted=tinted,
        is_pointed=True,
        least=least,
        plain=get,
    )


def text_column(
    head: Head,
    get: Callable[[R], str],
    tone: Callable[[R, datetime], Tone] = plain,
    *,
    bold: Callable[[R], bool] = never,
    tooltip: Callable[[R, datetime], str] | None = None,
    mark: Callable[[R], tuple[Shape, Tone]] | None = None,
) -> Column[R]:
    """A column of words, left-aligned, sorted by what it says."""
    return Column(
        head.key,
        head.title,
        head.band,
        head.width,
        lambda row: get(row) or None,
        lambda row, _now: get(row),
        tone,
        bold,
        is_left=True,
        is_compact=head.is_compact,
        tooltip=tooltip,
        mark=mark,
        least=head.least,
    )


def hidden(column: Column[R]) -> Column[R]:
    """The same column, shown only when the trader asks for it."""
    return replace(column, is_hidden=True)


def private(column: Column[R]) -> Column[R]:
    """The same column, covered by Hide values."""
    return replace(column, is_private=True)


_HAMMER_ACCOUNT = "HAM"
"""As short as GUN and PED, so that it is whole in half of a screen, too."""


class OfAccount(Row, Protocol):
    """A row, as far as it tells whose it is."""

    @property
    def account(self) -> str: ...
    @property
    def is_excluded(self) -> bool: ...


def account_text(row: OfAccount) -> str:
    """The profile; for a login of the kind that the profile does not expect, the kind it is."""
    if not row.is_excluded:
        return _HAMMER_ACCOUNT if row.mode is AccountMode.HAMMER_PRO else row.mode.short
    return "PAPER" if is_paper(row.account) else "LIVE"


def account_tone(row: OfAccount, _now: datetime) -> Tone:
    return Tone.PAPER if row.is_excluded else Tone.TEXT2


def account_tooltip(row: OfAccount, _now: datetime) -> str:
    """Which profile and account the row belongs to, the account masked."""
    unexpected = ", not the kind of login this profile expects: left out of every total"
    return f"{row.mode}, account {masked(row.account)}{unexpected if row.is_excluded else ''}"


@runtime_checkable
class HasQuoteTimes(Protocol):
    """A row, as far as it tells of when its prices are."""

    @property
    def quote_state(self) -> QuoteState: ...
    @property
    def quote_as_of(self) -> datetime | None: ...
    @property
    def quote_late_s(self) -> float | None: ...


def quote_worth(row: HasQuoteTimes, now: datetime) -> str:
    """Tell why the quote of a row is no present one; empty for one that is."""
    if row.quote_late_s is not None:
        return f"It came {formatting.ago(row.quote_late_s)} late by HAMMER's own time"
    if row.quote_state is QuoteState.FROZEN and row.quote_as_of is not None:
        return f"Old: HAMMER's last word of it was at {formatting.moment(row.quote_as_of, now)} ET"
    return ""


class Table(Struct, Generic[R], frozen=True):
    """A table's columns and its order: it opens sorted by ``sort_key``, and ``order`` breaks every tie.

    The columns named in ``holds`` stay in sight when the table is scrolled sideways.
    """

    name: str
    columns: tuple[Column[R], ...]
    sort_key: str
    order: Callable[[R], tuple[float | str, ...]]
    is_highlighted: Callable[[R], bool] = never
    holds: tuple[str, ...] = ("account", "symbol")

    def index(self, key: str) -> int:
        """The place of a column. Raises ``StopIteration`` for a key that no column has."""
        return next(i for i, column in enumerate(self.columns) if column.key == key)


def account_band(modes: Collection[AccountMode]) -> str:
    """Return whose account the rows of ``modes`` come from, as their band says it."""
    if AccountMode.HAMMER_PRO not in modes:
        return Band.IBKR.value
    return "HAMMER ACCOUNT" if len(modes) == 1 else "IBKR / HAMMER ACCOUNT"
