"""Formats the cells of a table: text, tone and face of a figure, once for all the times that it is drawn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic

from psf_monitor.formatting import DASH, HIDDEN
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.columns import Column, R, never, plain
from psf_monitor.ui.table.lines import Cell


class CellFormat(Generic[R]):
    """``decimals`` are, by column, the most that were seen where decimal points line up."""

    def __init__(self, columns: Sequence[Column[R]]) -> None:
        self._columns = columns
        self.decimals = [0] * len(columns)

    def extend(self, columns: Sequence[Column[R]]) -> None:
        """Have these columns instead, the first of which are those that there were."""
        self._columns = columns
        self.decimals += [0] * (len(columns) - len(self.decimals))

    def cell(self, place: int, row: R, now: datetime, are_values_hidden: bool) -> Cell:
        """The cell of a row in the column at this place."""
        column = self._columns[place]
        old = column.is_old(row)
        text = column.text(row, now)
        if column.is_pointed:
            point = text.rfind(".")
            if point >= 0 and len(text) - point - 1 > self.decimals[place]:
                self.decimals[place] = len(text) - point - 1
        if text == DASH:
            return Cell(text, Tone.TEXT2, False, old, False)
        if are_values_hidden and column.is_private and text:
            return Cell(HIDDEN, Tone.TEXT, False, old, False)
        # What is the same for every row is not asked of each: this is done with every price.
        tone = Tone.TEXT if column.tone is plain else column.tone(row, now)
        bold = column.is_bold is not never and not old and column.is_bold(row)
        return Cell(text, tone, bold, old, old and column.is_struck)
