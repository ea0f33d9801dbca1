"""Formats cells: text, tone and face of a figure, once for all the times it is drawn."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic

from psf_monitor.formatting import DASH, HIDDEN
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.columns import Column, R, never, old_bands, plain
from psf_monitor.ui.table.sorted_lines import Cell


class CellFormat(Generic[R]):
    """``decimals`` are, by column, the most decimals seen where decimal points line up."""

    def __init__(self, columns: Sequence[Column[R]]) -> None:
        self.decimals: list[int] = []
        self.extend(columns)

    def extend(self, columns: Sequence[Column[R]]) -> None:
        """Replace the columns by these, which begin with the existing ones."""
        self._columns = columns
        self._sources = [column.sources for column in columns]
        self.decimals += [0] * (len(columns) - len(self.decimals))

    def cell(self, place: int, row: R, now: datetime, are_values_hidden: bool) -> Cell:
        """Return the cell of a row in the column at ``place``."""
        return self._cell(place, row, now, are_values_hidden, self._columns[place].is_old(row))

    def cells(self, row: R, now: datetime, are_values_hidden: bool) -> list[Cell]:
        """Return all cells of a row."""
        old = old_bands(row)
        return [
            self._cell(place, row, now, are_values_hidden, bool(old) and not old.isdisjoint(sources))
            for place, sources in enumerate(self._sources)
        ]

    def renew(
        self, cells: list[Cell | None], places: Iterable[int], row: R, now: datetime, are_values_hidden: bool
    ) -> list[int]:
        """Format those of ``cells`` at ``places`` that were drawn before; return the places that changed."""
        old, sources, changed = old_bands(row), self._sources, []
        for place in places:
            before = cells[place]
            if before is None:
                continue
            is_old = bool(old) and not old.isdisjoint(sources[place])
            cell = self._cell(place, row, now, are_values_hidden, is_old)
            if cell != before:
                cells[place] = cell
                changed.append(place)
        return changed

    def _cell(self, place: int, row: R, now: datetime, are_values_hidden: bool, is_old: bool) -> Cell:
        column = self._columns[place]
        text = column.text(row, now)
        if column.is_pointed:
            point = text.rfind(".")
            if point >= 0 and len(text) - point - 1 > self.decimals[place]:
                self.decimals[place] = len(text) - point - 1
        if text == DASH:
            return Cell(text, Tone.TEXT2, False, is_old, False)
        if are_values_hidden and column.is_sensitive and text:
            return Cell(HIDDEN, Tone.TEXT, False, is_old, False)
        # Conditions that hold for every row are not evaluated per row: this runs with every price.
        tone = Tone.TEXT if column.tone is plain else column.tone(row, now)
        bold = column.is_bold is not never and not is_old and column.is_bold(row)
        return Cell(text, tone, bold, is_old, is_old and column.is_struck)
