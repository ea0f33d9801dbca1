"""Rows as a spreadsheet takes them: plain numbers with all their digits, and what is old said to be old."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic

from psf_monitor import formatting
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.ui.table.columns import Band, R, facts_stale_since
from psf_monitor.ui.table.lines import Line, rows_under
from psf_monitor.ui.table.model import TableModel

OLD = "Old"
"""The title of the column that says which parts of a row are not current; it is there when one is not."""


class Export(Generic[R]):
    """Some rows of a table under the columns that are shown; a covered figure stays covered, a heading
    stands for the rows of its group.

    A number is written with an ASCII minus, without thousands separators, and never rounded to what the
    screen has room for; what is not known is empty.
    """

    def __init__(self, model: TableModel[R], columns: Sequence[int], places: Sequence[int]) -> None:
        model.catch_up()
        self._model = model
        self._columns = columns
        rows = rows_under(model.line(place) for place in places)
        old = [self._old(line) for line in rows]
        has_old = any(old)
        self.titles = [model.columns[i].title for i in columns] + [OLD] * has_old
        self.lines = [
            [plain_text(model, line, i) for i in columns] + [since] * has_old
            for line, since in zip(rows, old, strict=True)
        ]

    def as_text(self) -> str:
        """Lines with a tab between the cells, titles first."""
        return "\n".join("\t".join(map(_one_line, line)) for line in [self.titles, *self.lines])

    def _old(self, line: Line[R]) -> str:
        bands = {self._model.columns[i].band: None for i in self._columns if self._model.cell(line, i).is_old}
        return ", ".join(_old_band(band, line.row) for band in bands)


def plain_text(model: TableModel[R], line: Line[R], column: int) -> str:
    """One cell for a spreadsheet; empty for what is not known."""
    text = model.cell(line, column).text
    if text in (formatting.DASH, formatting.HIDDEN):
        return formatting.without_typography(text)
    plain = model.columns[column].plain
    figure = text if plain is None else plain(line.row)
    if isinstance(figure, str):
        return formatting.text_cell(formatting.without_typography(figure))
    return formatting.calculated_cell(figure)


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
    return " ".join(cell.split()) if any(sign in cell for sign in "\t\r\n") else cell
