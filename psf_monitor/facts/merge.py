"""Merge several files: the kind of each column, the value of each cell, and contradictions. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from psf_monitor import formatting
from psf_monitor.domain.facts import (
    CALL,
    COUPON,
    DIVIDEND,
    EX_DIVIDEND,
    PAR,
    VOLUME,
    Fact,
    FactColumn,
    FactKind,
    Facts,
    ShareFacts,
)
from psf_monitor.facts.cells import Notation, kind_of, two_meanings, value_of
from psf_monitor.facts.table import FactTable

_SHOULD_BE: Mapping[str, FactKind] = MappingProxyType(
    {
        COUPON: FactKind.PERCENT,
        DIVIDEND: FactKind.NUMBER,
        PAR: FactKind.NUMBER,
        VOLUME: FactKind.NUMBER,
        EX_DIVIDEND: FactKind.DATE,
        CALL: FactKind.DATE,
    }
)
"""The kinds that calculations require of these columns."""
_MOST_NAMED = 3
_MOST_DECIMALS = 6


def merge(
    tables: Mapping[str, FactTable], *, usual_par: float | None = None, stale_since: datetime | None = None
) -> Facts:
    """Return the combined content of the files by name; of two contradicting cells the first one counts.

    ``stale_since`` is when the files were read, if one of them cannot be read again.
    """
    titles: dict[str, str] = {}
    for table in tables.values():
        for key, title in table.titles.items():
            titles.setdefault(key, title)
    problems = [f"{name}: {problem}" for name, table in tables.items() for problem in table.problems]
    columns = [_column(key, title, tables) for key, title in titles.items()]
    problems += _not_as_needed(columns)
    shares: dict[str, dict[str, Fact]] = {}
    for column in columns:
        problems += _merge_column(column, tables, shares)
    for table in tables.values():
        for row in table.rows:
            shares.setdefault(row.symbol, {})
    return Facts(
        tuple(columns),
        MappingProxyType(
            {s: ShareFacts(MappingProxyType(cells), usual_par, stale_since) for s, cells in shares.items()}
        ),
        tuple(problems),
        stale_since,
    )


def _column(key: str, title: str, tables: Mapping[str, FactTable]) -> FactColumn:
    rows = ((row, table) for table in tables.values() for row in table.rows)
    cells = [(row.cells[key], table.notations[key]) for row, table in rows if key in row.cells]
    kind = kind_of(cells)
    values = (value_of(text, kind, notation) for text, notation in cells)
    decimals = max((_decimals(value) for value in values if isinstance(value, float)), default=0)
    return FactColumn(key, title, kind, decimals, max((len(text) for text, _notation in cells), default=0))


def _decimals(value: float) -> int:
    return len(f"{value:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def _merge_column(
    column: FactColumn, tables: Mapping[str, FactTable], shares: dict[str, dict[str, Fact]]
) -> list[str]:
    """Add the cells of a column to their shares; return what is wrong with them."""
    problems: list[str] = []
    unread: list[Fact] = []
    unclear: list[str] = []
    for name, table in tables.items():
        for row in table.rows:
            if column.key not in row.cells:
                continue
            text, notation = row.cells[column.key], table.notations[column.key]
            value, caveat = value_of(text, column.kind, notation), _caveat(text, column.kind, notation)
            fact = Fact(text, value, name, row.line, column.title, caveat)
            known = shares.setdefault(row.symbol, {}).setdefault(column.key, fact)
            if known is not fact and (known.text, known.value) != (fact.text, fact.value):
                problems.append(
                    f"{name}: line {row.line}: {row.symbol} has {column.title} {text} here and {known.text} "
                    f"in {known.file}, line {known.line}, which counts."
                )
            elif caveat:
                unclear.append(f"{text!r} on line {fact.line} of {fact.file} {caveat}")
            elif _is_unread(fact, column):
                unread.append(fact)
    if unclear:
        problems.append(_unclear_sentence(column, unclear))
    if unread:
        problems.append(_unread_text(column, unread))
    return problems


def _is_unread(fact: Fact, column: FactColumn) -> bool:
    is_no_volume = column.key == VOLUME and isinstance(fact.value, float) and fact.value <= 0
    return fact.value is None or is_no_volume


def _caveat(text: str, kind: FactKind, notation: Notation) -> str:
    """Return both meanings of an ambiguous cell of the column's kind; else empty."""
    match two_meanings(text, notation):
        case (date() as one, other) if kind is FactKind.DATE:
            return f"may mean {one} or {other}"
        case (float() as one, float() as other) if kind in (FactKind.NUMBER, FactKind.PERCENT):
            return f"may mean {formatting.number_cell(one)} or {formatting.number_cell(other)}"
    return ""


def _unclear_sentence(column: FactColumn, unclear: Sequence[str]) -> str:
    named = list(unclear[:_MOST_NAMED])
    if len(unclear) > len(named):
        named.append(f"{len(unclear) - len(named)} more are as unclear")
    advice = "write no thousands, and not three decimals everywhere"
    if column.kind is FactKind.DATE:
        advice = "write the year first, such as 2026-09-18"
    return f"{column.title}: {formatting.listed(named)}, shown as it stands: {advice}."


def _unread_text(column: FactColumn, unread: Sequence[Fact]) -> str:
    named = [f"{fact.text!r} on line {fact.line} of {fact.file}" for fact in unread[:_MOST_NAMED]]
    more = len(unread) - len(named)
    if more:
        named.append(f"{more} more")
    kind = "average daily volume" if column.key == VOLUME else column.kind.value
    if len(unread) == 1:
        return f"{column.title}: {named[0]} is no {kind}, it is shown as it stands."
    return f"{column.title}: {formatting.listed(named)} are no {kind}s, they are shown as they stand."


def _not_as_needed(columns: Sequence[FactColumn]) -> list[str]:
    """Return what cannot be calculated because a column is of another kind than required."""
    sentences = []
    for column in columns:
        wanted = _SHOULD_BE.get(column.key)
        if wanted is not None and column.kind is not wanted:
            sentences.append(
                f"{column.title} is read as {column.kind}, no {wanted}: nothing is worked out of it."
            )
    return sentences
