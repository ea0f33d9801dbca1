"""The changed cells of a table in as few blocks as possible, and those tinted for a moment."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic

from psf_monitor.ui.table.columns import Column, R
from psf_monitor.ui.table.sorted_lines import Line

Block = tuple[int, int, int, int]
"""The first and last row, and the first and last column, of adjacent cells."""


class ChangedCells:
    """Collects the changed cells row by row."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], list[int]] = {}

    def add(self, row: int, columns: Iterable[int]) -> None:
        """Add changed columns of a row; rows come in the order of the table."""
        first = last = -2
        for column in columns:
            if column != last + 1:
                if first >= 0:
                    self._rows.setdefault((first, last), []).append(row)
                first = column
            last = column
        if first >= 0:
            self._rows.setdefault((first, last), []).append(row)

    def blocks(self) -> Iterator[Block]:
        """Yield all blocks; adjacent rows with the same changed columns form one block."""
        for (first, last), rows in self._rows.items():
            rows.sort()
            begin = end = rows[0]
            for row in rows[1:]:
                if row != end + 1:
                    yield begin, end, first, last
                    begin = row
                end = row
            yield begin, end, first, last


class Tints(Generic[R]):
    """The lines with cells tinted for a moment because their figure has just moved up or down."""

    def __init__(self) -> None:
        self._lines: set[Line[R]] = set()

    def tint(
        self, line: Line[R], before: R, columns: Sequence[Column[R]], changed: Sequence[int], flush: int
    ) -> bool:
        """Tint the changed cells whose figure moved up or down; return whether any did."""
        tinted = False
        for i in changed:
            column, cell = columns[i], line.cells[i]
            if column.is_tinted and cell is not None and not cell.is_old:
                was, is_now = column.value(before), column.value(line.row)
                if isinstance(was, int | float) and isinstance(is_now, int | float) and was != is_now:
                    line.tints[i] = (is_now > was, flush)
                    tinted = True
        if tinted:
            self._lines.add(line)
        return tinted

    def fade(self, flush: int) -> ChangedCells:
        """Remove the tints of one flush; return the cells to redraw."""
        changed = ChangedCells()
        for line in self._lines:
            faded = sorted(c for c, (_up, at) in line.tints.items() if at <= flush)
            for column in faded:
                del line.tints[column]
            if line.place >= 0:
                changed.add(line.place, faded)
        self._lines = {line for line in self._lines if line.tints}
        return changed

    def clear(self) -> None:
        """Forget all tints."""
        self._lines.clear()
