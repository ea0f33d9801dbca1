"""The order of rows that arrive page by page, mostly in order already."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import chain, pairwise
from operator import attrgetter

from psf_monitor.connection.pacing import FILLS_A_TURN
from psf_monitor.ui.base.step_runner import InSteps, slices, sorted_in_steps
from psf_monitor.ui.table.columns import Column, R
from psf_monitor.ui.table.sorted_lines import Line, LineOrder, stands_before

_TIE, _RANK = attrgetter("tie"), attrgetter("rank")


class PagedOrder(LineOrder[R]):
    """Keeps the order of rows that arrive sorted, and sorts very many rows in short steps."""

    def __init__(
        self, lines: Mapping[Hashable, Line[R]], tie_of: Callable[[R], tuple[float | str, ...]]
    ) -> None:
        super().__init__(lines, tie_of)
        self._is_tied = True

    def on_page(self, lines: Sequence[Line[R]]) -> None:
        """Receive a page's rows, and note whether all rows so far have arrived in order."""
        for line in lines:
            line.tie = self._tie_of(line.row)
        self._is_tied = self._is_tied and all(
            a.tie <= b.tie for a, b in pairwise(chain(self._by_tie[-1:], lines))
        )
        if self._is_tied:
            self._by_tie.extend(lines)

    def arranged_in_steps(self, column: Column[R], *, down: bool) -> InSteps[list[Line[R]]]:
        """Do the same as ``rank`` and ``arranged``, in steps."""
        lines = list(self._lines.values())
        if self._added or self._removed:
            self._is_tied = False
            self._added.clear()
            self._removed.clear()
        for each in slices(lines, FILLS_A_TURN):
            for line in each:
                line.rank = column.value(line.row)
            yield
        self._ranked_by = column
        self._unranked.clear()
        if not self._is_tied:
            self._by_tie = yield from sorted_in_steps(lines, _TIE, FILLS_A_TURN)
            self._is_tied = True
        matched = [line for line in self._by_tie if line.is_matched]
        yield
        known = [line for line in matched if line.rank is not None]
        yield
        known = yield from sorted_in_steps(known, _RANK, FILLS_A_TURN, down=down)
        return known + [line for line in matched if line.rank is None]


def are_in_order(lines: Iterable[Line[R]], *, down: bool) -> bool:
    """Return whether these are in sort order."""
    return all(stands_before(a, b, down=down) for a, b in pairwise(lines))
