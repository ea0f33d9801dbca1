"""The columns of the tables, one line per column, in the order of the screen."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.book.rows import OLD_STATES, QuoteState, is_old
from psf_monitor.domain.account import AccountMode, is_paper
from psf_monitor.formatting import masked
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import Tone

if TYPE_CHECKING:
    from psf_monitor.domain.facts import ShareFacts


class Row(Protocol):
    """The fields that every row has."""

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
    """A row of a past event: it has no quote, and nothing in it becomes old."""

    __slots__ = ()

    @property
    def quote_state(self) -> QuoteState:
        return QuoteState.OFF

    @property
    def stale_since(self) -> datetime | None:
        return None


R = TypeVar("R", bound=Row)


class Band(StrEnum):
    """The source of a figure, written over the titles."""

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
    ``least`` is the width below which its text would be elided; 0 stands for nearly ``width``. ``is_struck``:
    a price, struck through while it is frozen. ``is_tinted``: flashes when it changes. ``is_timed``: its text
    depends on the time. ``is_pointed``: decimal points line up. ``is_optional``: shown only on request.
    ``is_wide_only``: left out of a narrow window. ``is_sensitive``: a quantity or an amount of money, which
    Hide values hides; ``has_sensitive_tooltip``: its tooltip has one. ``long_title`` is used if there is room
    for it. ``depends_on`` are the bands that it depends on, if not its own. ``export_value`` is the figure or
    its text for a spreadsheet, by default derived from ``text``; it has at most ``decimals``. ``line``
    returns the minutes of a day since New York's midnight, drawn as a sparkline instead of a text. ``about``
    is the title's tooltip: what it is, its source, and how it is calculated. ``reads`` are the fields of a
    row that its cell depends on; empty means any.
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
    is_wide_only: bool = False
    is_struck: bool = False
    is_tinted: bool = False
    is_timed: bool = False
    is_pointed: bool = False
    tooltip: Callable[[R, datetime], str] | None = None
    mark: Callable[[R], tuple[Shape, Tone]] | None = None
    least: int = 0
    is_optional: bool = False
    is_sensitive: bool = False
    has_sensitive_tooltip: bool = False
    long_title: str = ""
    about: str = ""
    line: Callable[[R], Sequence[float]] | None = None
    export_value: Callable[[R], float | str | None] | None = None
    decimals: int = 6
    depends_on: tuple[Band, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The title where there is room for it."""
        return self.long_title or self.title

    @property
    def sources(self) -> tuple[Band, ...]:
        """The bands it depends on. A calculated figure needs both sources."""
        return self.depends_on or (self.band,)

    def is_old(self, row: R) -> bool:
        """Return whether anything the cell depends on is no longer current."""
        return any(_IS_OLD[band](row) for band in self.sources)

    def tooltip_text(self, row: R, now: datetime, text: str) -> str:
        """Return the tooltip of a cell with ``text``; if it is old, it says since when."""
        sentence = self.tooltip(row, now) if self.tooltip else text
        if not sentence or not self.is_old(row):
            return sentence
        since = (why for band in self.sources for why in _why_old(row, band, now))
        return "\n".join(dict.fromkeys([sentence, *(why for why in since if why not in sentence)]))


def _why_old(row: Row, band: Band, now: datetime) -> tuple[str, ...]:
    """Return since when the figures of ``band`` are old, one sentence for each source."""
    quote = (why_quote_not_current(row, now),) if isinstance(row, HasQuoteTimes) else ()
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
    """Return when the trader's files were read, if they cannot be read again; for any kind of row."""
    facts: ShareFacts | None = getattr(row, "facts", None)
    return None if facts is None else facts.stale_since


_IS_OLD: Mapping[Band, Callable[[Row], bool]] = {
    Band.IBKR: lambda row: row.stale_since is not None,
    Band.HAMMER: lambda row: row.quote_state in OLD_STATES,
    Band.CALCULATED: is_old,
    Band.FACTS: lambda row: facts_stale_since(row) is not None,
}


def old_bands(row: Row) -> frozenset[Band]:
    """Return the bands of a row whose figures are no longer current."""
    return frozenset(band for band, is_old_in in _IS_OLD.items() if is_old_in(row))


class Head(Struct, frozen=True):
    """The title and width of a column; see ``Column``."""

    key: str
    title: str
    band: Band
    width: int
    least: int = 0
    is_wide_only: bool = False


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
    """Return a column of numbers, right-aligned."""
    # HAMMER's figures may have single-precision noise, calculated ones rounding errors.
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
        is_wide_only=head.is_wide_only,
        is_pointed=pointed,
        tooltip=tooltip,
        least=head.least,
        export_value=get,
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
    """Return a column of a HAMMER price, which flashes when it changes and is struck through while frozen."""
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
        export_value=get,
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
    """Return a column of text, left-aligned and sorted by its text."""
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
        is_wide_only=head.is_wide_only,
        tooltip=tooltip,
        mark=mark,
        least=head.least,
    )


def optional(column: Column[R]) -> Column[R]:
    """Return the same column, shown only on request."""
    return replace(column, is_optional=True)


def sensitive(column: Column[R]) -> Column[R]:
    """Return the same column, hidden by Hide values."""
    return replace(column, is_sensitive=True)


def sensitive_tooltip(column: Column[R]) -> Column[R]:
    """Return the same column, with its tooltip hidden by Hide values."""
    return replace(column, has_sensitive_tooltip=True)


class OfAccount(Row, Protocol):
    """The fields of a row that identify its account."""

    @property
    def account(self) -> str: ...
    @property
    def is_excluded(self) -> bool: ...


def account_text(row: OfAccount) -> str:
    """Return the profile; for a login of an unexpected kind, the kind it is."""
    if not row.is_excluded:
        return row.mode.abbreviation
    return "PAPER" if is_paper(row.account) else "LIVE"


def account_tone(row: OfAccount, _now: datetime) -> Tone:
    return Tone.PAPER if row.is_excluded else Tone.TEXT2


def account_number(row: OfAccount) -> str:
    """Return the masked account id of a row."""
    return masked(row.account)


def account_tooltip(row: OfAccount, _now: datetime) -> str:
    """Return the profile and account of a row, with the account masked."""
    unexpected = ", not the kind of login this profile expects: left out of every total"
    return (
        f"{row.mode}, account {masked(row.account) or formatting.DASH}{unexpected if row.is_excluded else ''}"
    )


@runtime_checkable
class HasQuoteTimes(Protocol):
    """The fields of a row that say when its prices are from."""

    @property
    def quote_state(self) -> QuoteState: ...
    @property
    def quote_as_of(self) -> datetime | None: ...
    @property
    def quote_late_s(self) -> float | None: ...


def why_quote_not_current(row: HasQuoteTimes, now: datetime) -> str:
    """Return why the quote of a row is not current; empty if it is."""
    if row.quote_late_s is not None:
        return f"It came {formatting.ago(row.quote_late_s)} late by HAMMER's own time"
    if row.quote_state is QuoteState.FROZEN and row.quote_as_of is not None:
        return f"Old: HAMMER's last word of it was at {formatting.moment(row.quote_as_of, now)} ET"
    return ""


class Table(Struct, Generic[R], frozen=True):
    """A table's columns and order: it opens sorted by ``sort_key``, downwards if ``is_descending``, and
    ``order`` breaks every tie.

    The columns named in ``holds`` stay visible when the table is scrolled sideways.
    """

    name: str
    columns: tuple[Column[R], ...]
    sort_key: str
    order: Callable[[R], tuple[float | str, ...]]
    is_descending: bool = False
    is_highlighted: Callable[[R], bool] = never
    holds: tuple[str, ...] = ("account", "symbol")

    def index(self, key: str) -> int:
        """Return the place of a column. Raises ``StopIteration`` for an unknown key."""
        return next(i for i, column in enumerate(self.columns) if column.key == key)


def account_band(modes: Collection[AccountMode]) -> str:
    """Return the band title that names the accounts of ``modes``."""
    if AccountMode.HAMMER_PRO not in modes:
        return Band.IBKR.value
    return "HAMMER ACCOUNT" if len(modes) == 1 else "IBKR / HAMMER ACCOUNT"
