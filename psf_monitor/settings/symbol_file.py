"""The trader's own table of symbols, ``symbols.csv``: read, checked line by line, and edited.

Three columns: IBKR symbol, HAMMER symbol, average daily volume in shares. The volume may be missing; a line
with a volume and no HAMMER symbol leaves the name to the rule. Lines that begin with ``#`` are comments.
Column and thousands separators of any country's spreadsheets are accepted. All functions are pure; only
``SymbolFile`` accesses the disk.
"""

import csv
import io
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from psf_monitor import files, formatting
from psf_monitor.domain.instrument import plain_symbol
from psf_monitor.problem import shown
from psf_monitor.settings import SettingsError
from psf_monitor.settings.figure_notation import has_decimal_comma, meanings

HEADER = "IBKR symbol,HAMMER symbol,average daily volume"

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .xls files begin, whatever their name."""
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t"
"""Excel's separator depends on the user's country, while the file type stays the same."""

_SEPARATOR = re.compile(r"sep=([,;\t])", re.IGNORECASE)
"""A line that Excel writes above the header."""

_LONGEST_SYMBOL = 32
_LONGEST_LINE = 1000


_HEADER_NAMES = ("symbol", "sembol", "simbol", "simge", "ticker")
"""Titles of the first two columns, without accents, that users of Excel give a symbol."""
_COUNT = re.compile(r"[0-9][0-9.,'\u2019 \u00a0\u202f]{0,24}", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+", re.ASCII)


class _Line(NamedTuple):
    """One line that names a symbol; ``given`` is its volume as written, ``volume`` in shares a day.

    ``problem`` is what is wrong with the volume; the names are used all the same.
    """

    ibkr: str
    hammer: str
    given: str
    volume: float | None = None
    problem: str = ""


class SymbolOverrides(Struct, frozen=True):
    """The content of the file: ``names`` IBKR to HAMMER symbol, ``volumes`` shares a day by IBKR symbol.

    ``problems`` are whole sentences, one for each faulty line, and one for all ambiguous volumes.
    """

    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    volumes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[str, ...] = ()


def parse(data: bytes) -> SymbolOverrides:
    """Read a whole file; an unusable line is reported with its number, and the others are used."""
    if no_table := _no_table(data):
        return SymbolOverrides(problems=(no_table,))
    names: dict[str, str] = {}
    volumes: dict[str, float] = {}
    first_line: dict[str, int] = {}
    requested_by: dict[str, str] = {}
    problems: list[str] = []
    for number, found in _lines(_text(data)):
        if isinstance(found, str):
            problems.append(f"line {number}: {found}")
            continue
        ibkr, hammer, _given, volume, problem = found
        if problem:
            problems.append(f"line {number}: {problem}")
        if ibkr in first_line:
            problems.append(f"line {number}: {ibkr} is on line {first_line[ibkr]} already, which counts.")
            continue
        first_line[ibkr] = number
        if hammer:
            names[ibkr] = hammer
            if (other := requested_by.setdefault(hammer, ibkr)) != ibkr:
                problems.append(f"line {number}: {ibkr} and {other} are both {hammer}; both get its quotes.")
        if volume is not None:
            volumes[ibkr] = volume
    return SymbolOverrides(MappingProxyType(names), MappingProxyType(volumes), tuple(problems))


def with_override(data: bytes, ibkr: str, hammer: str) -> bytes:
    """Return the file with one symbol's HAMMER name changed and every other line unchanged.

    An empty ``hammer`` leaves the symbol to the rule again; a volume on its line stays. Raises
    ``SettingsError`` for a name that no line can hold, or a file that is no such table.
    """
    if no_table := _no_table(data):
        raise SettingsError(f"symbols.csv cannot be changed: {no_table}")
    ibkr, hammer = _ibkr_symbol(ibkr), hammer.strip()
    if not ibkr or (problem := _wrong_name(ibkr) or (hammer and _wrong_name(hammer))):
        raise SettingsError(problem if ibkr else "an IBKR symbol is needed.")
    text = _text(data)
    ending = "\r\n" if "\r\n" in text or (not text and os.linesep == "\r\n") else "\n"
    raw = text.splitlines(keepends=True) or [HEADER + ending]
    delimiter = _delimiter(text)
    lines = {number: found for number, found in _lines(text) if isinstance(found, _Line)}
    at = next((number for number, found in lines.items() if found.ibkr == ibkr), None)
    volume = "" if at is None else lines[at].given
    if at is None and hammer:
        if not raw[-1].endswith(("\n", "\r")):
            raw[-1] += ending
        raw.append(_written(ibkr, hammer, volume, delimiter) + ending)
    elif at is not None and (hammer or volume):
        raw[at - 1] = _written(ibkr, hammer, volume, delimiter) + ending
    elif at is not None:
        del raw[at - 1]
    mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
    return mark + "".join(raw).encode("utf-8", "surrogateescape")


class SymbolFile:
    """The file on disk. It is replaced in one step: a reader finds the old or the new one, complete."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._last = SymbolOverrides()

    def read(self) -> SymbolOverrides:
        """Return the current content; empty without a file. If it cannot be read, the last content stays."""
        stamp = self._stamp()
        try:
            self._last = parse(files.read(self.path))
        except FileNotFoundError:
            self._last = SymbolOverrides()
        except OSError as error:
            # Checked again until it can be read.
            self._seen = None
            why = f"the file cannot be read: {files.reason(error)}."
            return replace(self._last, problems=(*self._last.problems, why))
        self._seen = stamp
        return self._last

    def has_changed(self) -> bool:
        """Return whether the file has changed since the last ``read``."""
        return self._stamp() != self._seen

    def set_override(self, ibkr: str, hammer: str) -> None:
        """Change one symbol's HAMMER name in the file; an empty one leaves the symbol to the rule.

        Raises ``SettingsError`` if the name is unusable or the file cannot be written, and leaves it
        unchanged.
        """
        try:
            data = files.read(self.path)
        except FileNotFoundError:
            data = b""
        except OSError as error:
            raise SettingsError(f"{self.path} cannot be read: {files.reason(error)}.") from error
        changed = with_override(data, ibkr, hammer)
        try:
            files.write_atomic(self.path, changed, lambda _written: None)
        except OSError as error:
            raise SettingsError(
                f"{self.path} cannot be written: {files.reason(error)}. "
                "Close it in Excel or any other program, then try again."
            ) from error

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def _no_table(data: bytes) -> str:
    """Return why these bytes cannot be a text table; empty if they may be one."""
    if files.is_lost(data):
        return f"the file {files.LOST}."
    if data.startswith(_WORKBOOK):
        return 'the file is an Excel workbook; save it as "CSV UTF-8".'
    if data.startswith(_OTHER_ENCODINGS) or b"\0\0" in (data[:4:2], data[1:4:2]):
        return 'the file is not UTF-8; save it as "CSV UTF-8".'
    return ""


def _text(data: bytes) -> str:
    # Bytes that are not UTF-8 survive a rewrite, and mark their line as unreadable.
    return data.removeprefix(_BYTE_ORDER_MARK).decode("utf-8", "surrogateescape")


def _lines(text: str) -> list[tuple[int, _Line | str]]:
    """Return, by number, what each line that is no comment, header or blank names, or what is wrong with
    it.
    """
    delimiter = _delimiter(text)
    found: list[tuple[int, _Line | str]] = []
    is_first = True
    for number, raw in enumerate(text.splitlines(), start=1):
        if _is_blank(raw) or _SEPARATOR.fullmatch(raw.strip()):
            continue
        line = _line(raw, delimiter, may_be_header=is_first)
        is_first = False
        if line is not None:
            found.append((number, line))
    given = (line.given for _, line in found if isinstance(line, _Line) and _COUNT.fullmatch(line.given))
    has_comma = has_decimal_comma(given, delimiter="")
    of_two = [number for number, line in found if len(_meanings(line, has_comma)) > 1]
    others = frozenset(of_two[1:])
    counted: list[tuple[int, _Line | str]] = []
    for number, line in found:
        if number not in others:
            counted.append((number, _counted(line, has_comma, more_of_two=len(others))))
        elif isinstance(line, _Line) and line.hammer:
            # The first says what is wrong with its volume.
            counted.append((number, line))
    return counted


def _line(raw: str, delimiter: str, *, may_be_header: bool) -> _Line | str | None:
    if len(raw) > _LONGEST_LINE:
        return "is too long to be a line of this table."
    try:
        reader = csv.reader([raw], delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")
        cells = [cell.strip() for cell in next(reader)]
    except csv.Error:
        return "its quotation marks do not match."
    if may_be_header and _is_header(cells):
        return None
    if not any(cells):
        return None
    ibkr, hammer, volume, *more = [*cells, "", "", ""]
    if any(_is_not_utf_8(cell) for cell in (ibkr, hammer)):
        return "is not UTF-8."
    ibkr = _ibkr_symbol(ibkr)
    if any(more):
        if not _GROUPED.fullmatch(grouped := ",".join([volume, *filter(None, more)])):
            return "has more than three columns."
        # Commas within the volume, in a file whose columns are separated by commas.
        volume = grouped
    if not ibkr:
        return "has no IBKR symbol."
    if not hammer and not volume:
        return f"has no HAMMER symbol for {ibkr if ibkr.isprintable() else shown(ibkr)}."
    if problem := _wrong_name(ibkr) or (hammer and _wrong_name(hammer)):
        return problem
    return _Line(ibkr, hammer, volume)


def _meanings(line: _Line | str, has_comma: bool | None) -> Sequence[float]:
    """Return the possible meanings of a line's volume; empty if it has none."""
    is_count = isinstance(line, _Line) and _COUNT.fullmatch(line.given)
    return meanings(line.given, has_comma) if isinstance(line, _Line) and is_count else ()


def _counted(line: _Line | str, has_comma: bool | None, *, more_of_two: int) -> _Line | str:
    """Return a line with its volume, above 0, read in the notation of the file's other volumes.

    ``more_of_two`` is how many other volumes are ambiguous.
    """
    if isinstance(line, str) or not line.given:
        return line
    found = _meanings(line, has_comma)
    if len(found) == 1 and found[0] > 0 and found[0].is_integer():
        return line._replace(volume=found[0])
    given = shown(line.given.encode(errors="replace").decode())
    wrong = f"{given} is no average daily volume; whole shares are, such as 52700."
    if len(found) > 1:
        either = " or ".join(formatting.number_cell(number) for number in found)
        lines = formatting.counted(more_of_two, "more line")
        more = f", and in the same way the volumes of {lines}" if more_of_two else ""
        wrong = f"{given} may mean {either}{more}; write whole shares without thousands, such as 52700."
    return line._replace(problem=wrong) if line.hammer else wrong


def _is_not_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _delimiter(text: str) -> str:
    """Return the column separator: from Excel's own line, or the most frequent one in the first line with
    any.
    """
    for line in text.splitlines():
        if _is_blank(line):
            continue
        if (named := _SEPARATOR.fullmatch(line.strip())) is not None:
            return named[1]
        counts = {mark: line.count(mark) for mark in _DELIMITERS}
        most = max(counts, key=lambda mark: counts[mark])
        if counts[most]:
            return most
    return ","


def _is_blank(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _is_header(cells: list[str]) -> bool:
    # IBKR is also a share, so its name alone makes no header.
    cells = [plain_symbol(cell).casefold() for cell in cells[:2]]
    return cells == ["ibkr", "hammer"] or any(title in cell for cell in cells for title in _HEADER_NAMES)


def _ibkr_symbol(text: str) -> str:
    return " ".join(text.split()).upper()


def _wrong_name(name: str) -> str:
    shown = repr(name[:_LONGEST_SYMBOL])
    if len(name) > _LONGEST_SYMBOL or not name.isprintable() or name.startswith("#"):
        return f"{shown} is no symbol."
    if not name.isascii():
        plain = plain_symbol(name)
        meant = f", such as {plain}" if plain.isascii() else ""
        return f"{shown} is no symbol: symbols have letters of the English alphabet{meant}."
    return ""


def _written(ibkr: str, hammer: str, volume: str, delimiter: str) -> str:
    cells = [ibkr, hammer, volume] if volume else [ibkr, hammer]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()
