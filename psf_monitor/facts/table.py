"""Parse one file, from its bytes to rows: encoding, separator, titles, IBKR symbols. Pure."""

import csv
import io
import locale
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from psf_monitor import files, formatting
from psf_monitor.domain.facts import column_key
from psf_monitor.facts.cells import Notation, has_day_first, is_unknown
from psf_monitor.settings.figure_notation import has_decimal_comma

KEY_TITLES = ("PREF IBKR", "IBKR symbol", "IBKR", "Symbol", "Ticker")
"""The titles of the column of IBKR symbols, in order of preference, PSFALGO's first."""

_KEYS = [column_key(title) for title in KEY_TITLES]
_DELIMITERS = ",;\t|"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ZIPPED = b"PK\x03\x04"
_CODE_PAGE = "cp1254"
"""Used where the system's encoding is UTF-8: the Turkish one, which differs from the other western ones in
six letters.
"""
_MOST_NAMED = 5


class UnusableFileError(Exception):
    """Nothing in a file can be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """The cells of one share by column key, without unknown values."""

    line: int
    symbol: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class FactTable:
    """The content of one file. ``titles`` and ``notations`` are by column key; ``problems`` name the line.

    ``is_cut_off``: the end looks as if somebody were still writing it.
    """

    titles: dict[str, str]
    rows: tuple[FactRow, ...]
    notations: dict[str, Notation]
    problems: tuple[str, ...] = ()
    is_cut_off: bool = False


@dataclass(slots=True)
class _Read:
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_cut_off: bool = False


def parse(data: bytes) -> FactTable:
    """Parse a whole file. Raises ``UnusableFileError`` if it has no column of IBKR symbols."""
    text, problems = _text(data)
    above, start, delimiter = _titles_at(text)
    read = _read(text[start:], above, delimiter)
    if not read.rows:
        raise UnusableFileError("is empty")
    (line, titles), *rows = read.rows
    keys, named = _columns(titles, line, problems)
    at = next((keys.index(key) for key in _KEYS if key in keys), None)
    if at is None:
        raise UnusableFileError(
            f"line {line}: has no column of IBKR symbols; one with the title "
            f"{', '.join(KEY_TITLES[:-1])} or {KEY_TITLES[-1]} is needed, it has "
            f"{formatting.listed([title or 'one without a title' for title in titles][:8])}"
        )
    problems += read.problems
    found, is_short = _rows(rows, keys, at, problems)
    ends_open = is_short and not text.endswith(("\n", "\r"))
    del named[keys[at]]
    cells = (cell for row in found for cell in row.cells.values())
    comma = has_decimal_comma(cells, delimiter=delimiter)
    notations = {
        key: Notation(comma, has_day_first(row.cells[key] for row in found if key in row.cells))
        for key in named
    }
    return FactTable(named, tuple(found), notations, tuple(problems), read.is_cut_off or ends_open)


def ibkr_symbol(text: str) -> str:
    """Return a symbol as in the book: capitals, single spaces."""
    return " ".join(text.split()).upper()


def _text(data: bytes) -> tuple[str, list[str]]:
    if data.startswith(_ZIPPED):
        raise UnusableFileError("is a workbook of Excel and no CSV; save it as CSV UTF-8")
    try:
        if data.startswith(_UTF_16):
            return data.decode("utf-16"), []
        if files.is_lost(data):
            raise UnusableFileError(files.LOST)
        if b"\0" in data[:64]:
            raise UnusableFileError("is no text; save it as CSV UTF-8")
        return data.removeprefix(_BYTE_ORDER_MARK).decode(), []
    except UnicodeDecodeError as error:
        if data.startswith(_UTF_16):
            raise UnusableFileError("is UTF-16 that ends in the middle of a letter") from error
        page = _code_page()
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"line {line}: is not UTF-8, read as {page}; save it as CSV UTF-8 if letters look wrong."
        return data.decode(page, "replace"), [problem]


def _code_page() -> str:
    page = locale.getencoding() if sys.platform == "win32" else _CODE_PAGE
    return _CODE_PAGE if page.lower().replace("-", "") == "utf8" else page


def _titles_at(text: str) -> tuple[int, int, str]:
    """Return how many lines precede the titles, where these begin, and the column separator.

    Excel's own line ``sep=;`` is followed, comments are skipped.
    """
    at, delimiter = 0, ""
    for above, line in enumerate(text.splitlines(keepends=True)):
        plain = line.strip()
        if plain.lower().startswith("sep=") and len(plain) == 5:
            delimiter = plain[4]
        elif plain and (not plain.startswith("#") or _delimiter_of(plain)):
            return above, at, delimiter or _delimiter_of(plain) or _most_frequent(plain)
        at += len(line)
    raise UnusableFileError("is empty")


def _delimiter_of(titles: str) -> str:
    """Return the separator that makes one of the columns IBKR's symbols; empty if none does."""
    for delimiter in _DELIMITERS:
        keys = {column_key(cell) for cell in _cells(titles, delimiter)}
        if any(key in keys for key in _KEYS):
            return delimiter
    return ""


def _most_frequent(titles: str) -> str:
    return max(_DELIMITERS, key=titles.count)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=delimiter != "\t"), [])
    except csv.Error:
        return []


def _read(text: str, above: int, delimiter: str) -> _Read:
    """Read every line that is not blank, with its number in the file."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=delimiter != "\t",
    )
    read = _Read()
    while True:
        line = above + reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return read
        except csv.Error as error:
            if "unexpected end" in str(error):
                read.is_cut_off = True
                read.problems.append(f"line {line}: a quotation mark is not closed; the rest is not read.")
                return read
            read.problems.append(f"line {line}: its quotation marks do not match, it is passed over.")
            continue
        if any(cells):
            read.rows.append((line, cells))


def _columns(titles: Sequence[str], line: int, problems: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the key of each column, and the titles by key; a column without a title is named by its
    place.
    """
    keys: list[str] = []
    named: dict[str, str] = {}
    for place, given in enumerate(titles, start=1):
        title = " ".join(given.split()) or f"column {place}"
        key, count = column_key(title), 1
        while key in named:
            count += 1
            key = f"{column_key(title)}#{count}"
        if count > 1:
            problems.append(f"line {line}: has {title} {count} times; they are told apart by a number.")
            title = f"{title} ({count})"
        keys.append(key)
        named[key] = title
    return keys, named


def _rows(
    lines: Sequence[tuple[int, list[str]]], keys: Sequence[str], at: int, problems: list[str]
) -> tuple[list[FactRow], bool]:
    """Return the shares, each once, and whether the last line has fewer cells than there are titles."""
    found: list[FactRow] = []
    first: dict[str, int] = {}
    nameless: list[int] = []
    is_short = False
    for line, cells in lines:
        is_short = len(cells) < len(keys)
        if any(cells[len(keys) :]):
            problems.append(
                f"line {line}: has {len(cells)} cells under {len(keys)} titles, it is passed over; "
                "put a cell that has the separator in it into quotation marks."
            )
            continue
        symbol = ibkr_symbol(cells[at]) if at < len(cells) else ""
        if is_unknown(symbol):
            nameless.append(line)
        elif symbol in first:
            problems.append(f"line {line}: {symbol} is on line {first[symbol]} already, which counts.")
        else:
            first[symbol] = line
            found.append(FactRow(line, symbol, _known(keys, cells, at)))
    if nameless:
        problems.append(f"{_lines(nameless)} no IBKR symbol, passed over.")
    return found, is_short


def _known(keys: Sequence[str], cells: Sequence[str], at: int) -> dict[str, str]:
    each = enumerate(zip(keys, cells, strict=False))
    return {key: cell for place, (key, cell) in each if place != at and not is_unknown(cell)}


def _lines(numbers: Sequence[int]) -> str:
    named = [str(number) for number in numbers[:_MOST_NAMED]]
    more = f" and {len(numbers) - len(named)} more" if len(numbers) > len(named) else ""
    return f"line {named[0]}: has" if len(numbers) == 1 else f"lines {', '.join(named)}{more}: have"
