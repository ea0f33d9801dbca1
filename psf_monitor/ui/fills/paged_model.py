"""A model whose rows arrive page by page; very many of them are sorted in short steps."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from psf_monitor.connection.pacing import FILLS_A_TURN
from psf_monitor.ui.base.step_runner import StepRunner, Steps
from psf_monitor.ui.fills.paged_order import PagedOrder, are_in_order
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.columns import R, Table
from psf_monitor.ui.table.model import TableModel
from psf_monitor.ui.table.sorted_lines import Line

_NOWHERE = QModelIndex()


class PagedModel(TableModel[R]):
    """Pages stay in the order of arrival until ``arrange`` sorts their rows.

    ``arranged`` is emitted when all rows are in order, some turns later if there are more than one turn can
    handle. Any other change of rows meanwhile sorts them at once.
    """

    arranged = Signal()

    def __init__(
        self, table: Table[R], theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(table, theme, clock, parent)
        self._order = self._paged_order = PagedOrder(self._lines, table.order)
        self._arranging = StepRunner(self)
        self._forgetting = StepRunner(self)
        self._forgotten: list[Line[R]] = []
        self._is_in_order = True
        self._are_ranks_old = False

    @property
    def matched_count(self) -> int:
        return self.shown_count

    def row_of(self, key: Hashable) -> R | None:
        """Return the row with this key as last received, without updating all rows first."""
        line = self._lines.get(key)
        return None if line is None else line.row

    @property
    def is_arranging(self) -> bool:
        """Return whether rows are still being sorted."""
        return self._arranging.is_running

    def clear(self) -> None:
        """Remove all rows; many are released in short steps."""
        self._arranging.stop()
        if self._shown:
            self.beginRemoveRows(_NOWHERE, 0, len(self._shown) - 1)
            self._shown = []
            self.endRemoveRows()
        self._forgotten += self._lines.values()
        self._lines = {}
        self._order = self._paged_order = PagedOrder(self._lines, self.table.order)
        self._tints.clear()
        self._looked_at.clear()
        self._is_in_order, self._are_ranks_old, self._is_unsorted = True, False, False
        self.revision += 1
        if not self._forgetting.is_running:
            self._forgetting.start(self._forget())

    def append(self, rows: Iterable[R]) -> None:
        """Append new rows; existing ones stay as they are."""
        if self.is_arranging:
            # What is being sorted is incomplete now: sorting starts again when all rows are there.
            self._arranging.stop()
        value = self.columns[self._sort_column].value
        come: list[Line[R]] = []
        for row in rows:
            key = row.key
            if key not in self._lines:
                line = self._lines[key] = Line(key, row, value(row), -1, [*self._unseen], {})
                line.is_matched = self._matches(row)
                come.append(line)
        self._paged_order.on_page(come)
        self._append_shown([line for line in come if line.is_matched])
        self.revision += 1

    def arrange(self) -> None:
        """Sort all rows."""
        if self._is_in_order and not self._are_ranks_old:
            self.arranged.emit()
        elif len(self._lines) <= FILLS_A_TURN:
            self._arrange(anew=True)
        else:
            self._arranging.start(self._arrange_in_steps())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if len(self._lines) <= FILLS_A_TURN or not 0 <= column < len(self.columns):
            super().sort(column, order)
            return
        self._sort_column = column
        self._is_descending = order is Qt.SortOrder.DescendingOrder
        self._are_ranks_old = True
        self.arrange()

    def _append_shown(self, lines: list[Line[R]]) -> None:
        if not lines:
            return
        self._is_in_order = (
            self._is_in_order
            and not self._are_ranks_old
            and are_in_order([*self._shown[-1:], *lines], down=self._is_descending)
        )
        self._enter(len(self._shown), lines)

    @property
    def _is_arranged(self) -> bool:
        return super()._is_arranged and self._is_in_order and not self._are_ranks_old

    def _arrange(self, *, anew: bool) -> None:
        self._arranging.stop()
        super()._arrange(anew=anew or self._are_ranks_old)
        self._is_in_order, self._are_ranks_old = True, False
        self.arranged.emit()

    def _arrange_in_steps(self) -> Steps:
        self._are_ranks_old = True
        column = self.columns[self._sort_column]
        order = yield from self._paged_order.arranged_in_steps(column, down=self._is_descending)
        yield
        self._is_in_order, self._are_ranks_old, self._is_unsorted = True, False, False
        self.revision += 1
        # The visible rows are the same: any that came or went would have sorted everything.
        self._reorder(order)
        yield
        self.arranged.emit()

    def _forget(self) -> Steps:
        while self._forgotten:
            del self._forgotten[-FILLS_A_TURN:]
            yield
