"""The columns of the trader's own files, and those calculated from them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from psf_monitor import formatting
from psf_monitor.domain import facts as share_facts
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.columns import Band, Column, Row, optional

if TYPE_CHECKING:
    from psf_monitor.domain.facts import FactColumn, ShareFacts

OWN_GROUP = "fact:GROUP"
"""The key of the column of the trader's own groups."""
_LETTER, _PADDING = 7, 18
_NARROWEST, _WIDEST = 62, 150


class HasFacts(Row, Protocol):
    """A row of a share with facts from the trader's files."""

    @property
    def facts(self) -> "ShareFacts | None": ...


F = TypeVar("F", bound=HasFacts)


def fact_columns(columns: "Iterable[FactColumn]") -> tuple[Column[HasFacts], ...]:
    """Return a column for each column of the files, hidden by default."""
    return tuple(map(_column, columns))


def days_columns(_of: type[F]) -> tuple[Column[F], Column[F]]:
    """Return the columns of days to the ex-dividend and first call date, hidden by default, for such rows."""
    return (
        _days(
            "days_to_ex_dividend",
            "To ex-div",
            lambda: share_facts.EX_DIVIDEND,
            lambda facts: facts.days_to_ex_dividend,
        ),
        _days("days_to_call", "To call", lambda: share_facts.CALL, lambda facts: facts.days_to_call),
    )


def yield_column(
    key: str, title: str, get: Callable[[F], float | None], price: Callable[[F], float | None], of: Band
) -> Column[F]:
    """Return a column of the dividend yield at a price of the band ``of``, hidden by default."""

    def tooltip(row: F, _now: datetime) -> str:
        dividend = share_facts.annual_dividend(row.facts)
        if dividend.amount is None:
            return f"Not known: {dividend.how}"
        if get(row) is None:
            return f"Not known: no price in the currency of the share; {dividend.how}"
        paid = formatting.average_price(dividend.amount)
        return f"{dividend.how} is {paid} a year, at {formatting.price(price(row))}{_as_of(row)}"

    return optional(
        Column(
            key,
            title,
            Band.CALCULATED,
            70,
            get,
            lambda row, _now: formatting.share(get(row)),
            is_pointed=True,
            tooltip=tooltip,
            export_value=get,
            depends_on=(of, Band.FACTS),
        )
    )


def _column(column: "FactColumn") -> Column[HasFacts]:
    is_text = column.kind is share_facts.FactKind.TEXT
    letters = max(len(column.title), column.letters)
    return Column(
        f"fact:{column.key}",
        column.title,
        Band.FACTS,
        min(max(_LETTER * letters + _PADDING, _NARROWEST), _WIDEST),
        lambda row: _rank(row, column),
        lambda row, _now: _text(row, column),
        lambda row, _now: Tone.WARN if _is_unread(row, column) else Tone.TEXT,
        is_left=is_text,
        is_optional=True,
        tooltip=lambda row, _now: _tooltip(row, column),
        about=f"{column.title} as your own file has it, by the IBKR symbol; a column of {column.kind}s.",
        export_value=lambda row: _plain(row, column),
        reads=("facts",),
    )


def _value(row: HasFacts, column: "FactColumn") -> float | date | str | None:
    fact = row.facts.cells.get(column.key) if row.facts else None
    return None if fact is None else fact.value


def _rank(row: HasFacts, column: "FactColumn") -> float | str | None:
    """Return the sort value, if the cell is of the column's kind, however the files change."""
    value = _value(row, column)
    match column.kind:
        case share_facts.FactKind.TEXT:
            return value.casefold() if isinstance(value, str) else None
        case share_facts.FactKind.DATE:
            return float(value.toordinal()) if isinstance(value, date) else None
        case _:
            return value if isinstance(value, float) else None


def _text(row: HasFacts, column: "FactColumn") -> str:
    fact = row.facts.cells.get(column.key) if row.facts else None
    if fact is None:
        return formatting.DASH
    match fact.value:
        case float(value):
            figure = formatting.own_figure(value, column.decimals)
            return (
                f"{figure}%"
                if column.kind is share_facts.FactKind.PERCENT and figure != formatting.DASH
                else figure
            )
        case date() as day:
            return day.isoformat()
        case _:
            return fact.text


def _plain(row: HasFacts, column: "FactColumn") -> float | str | None:
    """Return the value for a spreadsheet: numbers and percents as parsed, unparsed text as it is."""
    fact = row.facts.cells.get(column.key) if row.facts else None
    if fact is None:
        return None
    return fact.value if isinstance(fact.value, float) else _text(row, column)


def _is_unread(row: HasFacts, column: "FactColumn") -> bool:
    return row.facts is not None and column.key in row.facts.cells and _value(row, column) is None


def _tooltip(row: HasFacts, column: "FactColumn") -> str:
    fact = row.facts.cells.get(column.key) if row.facts else None
    if row.facts is None:
        return f"Your file has no line for {row.symbol}"
    if fact is None:
        return f"Your file has no {column.title} of {row.symbol}"
    text = f"{fact.text} in {fact.file}, line {fact.line}"
    if fact.value is None:
        text = f"{text}: {fact.caveat or f'no {column.kind}'}, shown as it stands"
    return f"{text}{_as_of(row)}"


def _as_of(row: HasFacts) -> str:
    """Return when the file was read, if it cannot be read again."""
    since = row.facts.stale_since if row.facts else None
    return "" if since is None else f"; the file cannot be read, this is as of {formatting.stamp(since)} ET"


def _days(
    key: str,
    title: str,
    date_column: Callable[[], str],
    get: "Callable[[ShareFacts], int | None]",
) -> Column[F]:
    def days(row: F) -> float | None:
        return None if row.facts is None else get(row.facts)

    def tooltip(row: F, _now: datetime) -> str:
        if row.facts is None:
            return "Not known: no file has this share"
        of = date_column()
        day, left = row.facts.day(of), days(row)
        if day is None or left is None:
            if of in row.facts.cells:
                return f"Not known: {row.facts.unread(of, 'is no date')}"
            return f"Not known: your file has no such date of {row.symbol}"
        count = formatting.counted(abs(int(left)), "day")
        when = "today" if not left else f"in {count}" if left > 0 else f"passed {count} ago"
        return f"{day.isoformat()}, {when}{_as_of(row)}"

    return optional(
        Column(
            key,
            title,
            Band.CALCULATED,
            88,
            days,
            lambda row, _now: formatting.days_left(days(row)),
            lambda row, _now: Tone.TEXT2 if (days(row) or 0) < 0 else Tone.TEXT,
            tooltip=tooltip,
            export_value=days,
            depends_on=(Band.FACTS,),
        )
    )
