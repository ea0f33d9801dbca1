"""Rows for a spreadsheet: plain numbers with all their digits, and old ones marked as old."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from math import ceil
from typing import Generic

from psf_monitor import formatting
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.connection.pacing import CELLS_A_TURN
from psf_monitor.formatting import DECIMAL_POINT, Notation
from psf_monitor.ui.base.step_runner import slices
from psf_monitor.ui.table.cells.cell_format import CellFormat
from psf_monitor.ui.table.columns import Band, Column, R, facts_stale_since, old_bands
from psf_monitor.ui.table.model import TableModel
from psf_monitor.ui.table.sorted_lines import Cell, Line, rows_under

OLD = "Old"
"""The title of the column that says which parts of a row are not current; present only if any is not."""
_FIGURE = re.compile(r"-?\d+\.\d+%?")


class Export(Generic[R]):
    """Some rows of a table under the visible columns, as they are at the time of the export.

    A hidden figure stays hidden, a heading stands for the rows of its group. A number is written with an
    ASCII minus, without thousands separators, and never rounded to what fits the screen; unknown values are
    empty.
    """

    def __init__(
        self,
        model: TableModel[R],
        columns: Sequence[int],
        places: Iterable[int],
        notation: Notation = DECIMAL_POINT,
    ) -> None:
        self.notation = notation
        model.catch_up()
        self._columns = [model.columns[i] for i in columns]
        self._rows = [line.row for line in rows_under(map(model.line, places))]
        # A separate one: the export must not widen columns on the screen.
        self._format = CellFormat(self._columns)
        self._now, self._hides = model.clock(), model.are_values_hidden
        self._rows_a_turn = CELLS_A_TURN // max(len(columns), 1) or 1

    @property
    def page_count(self) -> int:
        """Return the number of pages."""
        return 1 + 2 * ceil(len(self._rows) / self._rows_a_turn)

    def pages(self) -> Iterator[list[list[str]]]:
        """Yield the titles, then the lines, one turn's work per page; pages of preparation before that are
        empty.
        """
        has_old = False
        for rows in slices(self._rows, self._rows_a_turn):
            has_old = has_old or any(map(self._is_old, rows))
            yield []
        yield [[column.title for column in self._columns] + [OLD] * has_old]
        for rows in slices(self._rows, self._rows_a_turn):
            yield [self._line(row, has_old=has_old) for row in rows]

    def table(self) -> list[list[str]]:
        """Return the titles and the lines at once."""
        return list(chain.from_iterable(self.pages()))

    def as_text(self) -> str:
        """Return lines with tabs between the cells, titles first."""
        return "".join(map(tabbed, self.pages())).removesuffix("\n")

    def _is_old(self, row: R) -> bool:
        old = old_bands(row)
        return bool(old) and any(not old.isdisjoint(column.sources) for column in self._columns)

    def _line(self, row: R, *, has_old: bool) -> list[str]:
        cells = self._format.cells(row, self._now, self._hides)
        line = [
            _plain(cell, column, row, self.notation)
            for cell, column in zip(cells, self._columns, strict=True)
        ]
        if has_old:
            bands = {
                column.band: None for cell, column in zip(cells, self._columns, strict=True) if cell.is_old
            }
            line.append(", ".join(_old_band(band, row) for band in bands))
        return line


def tabbed(page: Iterable[Sequence[str]]) -> str:
    """Return lines with tabs between the cells, each with a line end."""
    return "".join(["\t".join(map(_one_line, line)) + "\n" for line in page])


def plain_text(model: TableModel[R], line: Line[R], column: int) -> str:
    """Return one cell, empty if unknown: with a decimal point everywhere, as the order ticket of TWS reads
    it.
    """
    return _plain(model.cell(line, column), model.columns[column], line.row, DECIMAL_POINT)


def _plain(cell: Cell, column: Column[R], row: R, notation: Notation) -> str:
    text = cell.text
    if text in (formatting.DASH, formatting.HIDDEN):
        return formatting.without_typography(text)
    if column.export_value is None:
        # Text stays as written, such as a reference with a comma.
        if column.is_left:
            return formatting.text_cell(text)
        plain = formatting.without_typography(text)
        return formatting.text_cell(notation.figure(plain) if _FIGURE.fullmatch(plain) else plain)
    figure = column.export_value(row)
    if isinstance(figure, str):
        return formatting.text_cell(figure)
    return notation.figure(formatting.calculated_cell(figure, column.decimals))


def _old_band(band: Band, row: object) -> str:
    since: datetime | None = getattr(row, "stale_since", None)
    if band is Band.HAMMER and isinstance(row, PositionRow | OrderRow):
        since = row.quote_as_of
    if band is Band.FACTS:
        since = facts_stale_since(row)
    if band is Band.CALCULATED or since is None:
        return band.value
    return f"{band.value} as of {formatting.stamp(since)} ET"


def _one_line(cell: str) -> str:
    """Return text without tabs and line ends; one that begins with a quotation mark is quoted like
    Excel's.
    """
    if any(sign in cell for sign in "\t\r\n"):
        cell = " ".join(cell.split())
    return '"{}"'.format(cell.replace('"', '""')) if cell.startswith('"') else cell
