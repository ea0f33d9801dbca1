"""The cells of a table that look otherwise, in as few blocks as they make."""

from collections.abc import Iterable, Iterator

Block = tuple[int, int, int, int]
"""The first and the last row of neighbouring cells, and the first and the last column."""


class ChangedCells:
    """Collects the changed cells of row after row."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], list[int]] = {}

    def add(self, row: int, columns: Iterable[int]) -> None:
        """These columns of a row have changed, in the order of the table."""
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
        """Tell all of them; rows below each other that changed in the same columns are one block."""
        for (first, last), rows in self._rows.items():
            rows.sort()
            begin = end = rows[0]
            for row in rows[1:]:
                if row != end + 1:
                    yield begin, end, first, last
                    begin = row
                end = row
            yield begin, end, first, last
