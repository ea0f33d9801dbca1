"""The model of every table: rows by key, formatted when shown, sorted and filtered inside.

It does not depend on what columns mean. ``data()`` never formats anything twice.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from psf_monitor.domain import instrument
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.cells.cell_format import CellFormat
from psf_monitor.ui.table.cells.changed_cells import ChangedCells, Tints
from psf_monitor.ui.table.cells.column_inputs import ColumnInputs
from psf_monitor.ui.table.columns import Column, R, Table
from psf_monitor.ui.table.sorted_lines import Cell, Groups, Line, LineOrder, cell_data, place_of, title_data

Index = QModelIndex | QPersistentModelIndex
_TEXT_ROLES = [Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.FontRole]
_TINT_ROLES = [Qt.ItemDataRole.BackgroundRole]
_CELL_ROLES = [*_TEXT_ROLES, *_TINT_ROLES]
_HINTED = "QList<QPersistentModelIndex>", "QAbstractItemModel::LayoutChangeHint"
_ROWS_MOVE = QAbstractTableModel.LayoutChangeHint.VerticalSortHint
_NOWHERE = QModelIndex()


class TableModel(QAbstractTableModel, Generic[R]):
    """Rows in the order of one column; unknown is last in both directions, ties keep the table's order.

    Every row is kept, shown or not. While held (the mouse is over the table), rows keep their places.
    Invisible rows may be behind; ``news_wanted`` requests an update before any is read or sorted.
    ``columns_coming``: there are new columns, about which the views are about to be notified. ``revision``
    changes whenever a row, the order, the filter or what is hidden may have changed.
    """

    news_wanted = Signal()
    columns_coming = Signal()

    def __init__(
        self, table: Table[R], theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.table = table
        self.columns = table.columns
        self.is_held = self._is_moving = False
        self.shows_ticks = True
        self._theme, self.clock = theme, clock
        self._lines: dict[Hashable, Line[R]] = {}
        self._order = LineOrder(self._lines, table.order)
        self._shown: list[Line[R]] = []
        self.groups: Groups[R] = Groups(lambda anew: self._arrange(anew=anew))
        self._sort_column = table.index(table.sort_key)
        self._symbol = next((column for column in table.columns if column.key == "symbol"), None)
        self._is_descending, self._is_unsorted = table.is_descending, False
        self.are_values_hidden = False
        self._modes: Collection[AccountMode] = tuple(AccountMode)
        self.is_filtered = False
        self._filter_text = ""
        self.flush = self.revision = 0
        self._tints: Tints[R] = Tints()
        self._looked_at: set[Line[R]] = set()
        self._format = CellFormat(table.columns)
        self._unseen: list[Cell | None] = [None] * len(table.columns)
        self._reads = ColumnInputs(table.columns)
        self._timed = [i for i, column in enumerate(table.columns) if column.is_timed]

    # Read by the panel.
    @property
    def row_count(self) -> int:
        """Return how many rows there are, shown or filtered out."""
        return len(self._lines)

    @property
    def shown_count(self) -> int:
        """Return how many lines can be scrolled to, including headings."""
        return len(self._shown)

    @property
    def matched_count(self) -> int:
        """Return how many rows the filter shows, folded away or not."""
        return len(self.matched())

    def matched(self) -> list[R]:
        """Return the rows that the filter shows, in no order."""
        return [line.row for line in self._lines.values() if line.is_matched]

    @property
    def sort_order(self) -> tuple[int, Qt.SortOrder]:
        order = Qt.SortOrder.DescendingOrder if self._is_descending else Qt.SortOrder.AscendingOrder
        return self._sort_column, order

    def rows(self) -> Iterable[R]:
        """Return every row, in no order."""
        self.catch_up()
        return (line.row for line in self._lines.values())

    def line(self, place: int) -> Line[R]:
        """Return the row shown at ``place``. Raises ``IndexError``."""
        return self._shown[place]

    def lines(self, places: range) -> Sequence[Line[R]]:
        """Return the lines at these places, as far as they exist."""
        return self._shown[places.start : places.stop]

    def find(self, key: Hashable) -> Line[R] | None:
        """Return the row with this key, shown or not; ``None`` once it has left."""
        self.catch_up()
        return self._lines.get(key)

    def cell(self, line: Line[R], column: int) -> Cell:
        """Return the cell as last formatted, or format it now if it was never drawn."""
        cell = line.cells[column]
        if cell is None:
            hides, heading, definition = self.are_values_hidden, line.heading, self.columns[column]
            now = self.clock()
            of_row = self._format.cell
            cell = heading.cell(definition, hides) if heading else of_row(column, line.row, now, hides)
            line.cells[column] = cell
            self._looked_at.add(line)
        return cell

    def decimals(self, column: int) -> int:
        """Return the most decimals seen in a column whose decimal points line up."""
        return self._format.decimals[column]

    # Called by the panel.

    def extend(self, columns: Sequence[Column[R]]) -> None:
        """Append these columns; an existing column is replaced."""
        new = {column.key: column for column in columns}
        own = tuple(new.pop(column.key, column) for column in self.columns)
        count = len(own) + len(new)
        if new:
            self.beginInsertColumns(_NOWHERE, len(own), count - 1)
        self.columns = (*own, *new.values())
        self._reads = ColumnInputs(self.columns)
        self._format.extend(self.columns)
        self._unseen = [None] * count
        for line in (*self._lines.values(), *self.groups.headings()):
            line.cells = [*self._unseen]
        self.columns_coming.emit()
        if new:
            self.endInsertColumns()
        self._arrange(anew=True)
        self.hide_values(self.are_values_hidden)

    def catch_up(self) -> None:
        """Update all rows: somebody is about to read them, or to scroll to them."""
        # Rows that come and go move the scroll bar, and must not trigger another update.
        if not self._is_moving:
            self.news_wanted.emit()

    def apply(self, changes: Mapping[Any, R | None], visible: range) -> bool:
        """Apply changed rows, format those in ``visible``; return True if a figure was tinted."""
        self.flush += 1
        self.revision += 1
        now = self.clock()
        come: list[Line[R]] = []
        gone: list[Line[R]] = []
        touched: list[tuple[Line[R], R]] = []
        for key, row in changes.items():
            line = self._lines.get(key)
            if row is None:
                if line is not None:
                    gone.append(self._lines.pop(key))
                    self._order.on_removed(line)
            elif line is None:
                line = Line(key, row, self.columns[self._sort_column].value(row), -1, [*self._unseen], {})
                line.is_matched = self._matches(row)
                self._lines[key] = line
                self._order.on_added(line)
                come.append(line)
            else:
                touched.append((line, line.row))
                line.row = row
                self._order.on_changed(line)
        tinted, changed = False, ChangedCells()
        for line, before in touched:
            if line.place in visible:
                tinted |= self._refresh(line, before, now, changed)
            else:
                line.cells[:] = self._unseen
                line.tints.clear()
        self._notify(changed, _CELL_ROLES)
        if touched:
            self._is_unsorted = True
            self._release_order(touched, visible)
        if any(line.is_matched for line in (*gone, *come)):
            if self._is_arranged and self._order.take_few():
                self._move(gone, come)
            else:
                self._arrange(anew=False)
        return tinted

    def tick(self, visible: range) -> None:
        """Update ages once a second, and sort rows if nobody is pointing at them."""
        if self._is_unsorted and not self.is_held:
            if self._order.rank(self.columns[self._sort_column]) or not self._is_arranged:
                self._arrange(anew=True)
            self._is_unsorted = False
        now, hides, changed = self.clock(), self.are_values_hidden, ChangedCells()
        for line in tuple(self._looked_at):
            if line.place not in visible:
                line.cells[:] = self._unseen
                self._looked_at.discard(line)
            elif not line.heading:
                for i in self._timed:
                    before = line.cells[i]
                    if before is not None and (cell := self._format.cell(i, line.row, now, hides)) != before:
                        line.cells[i] = cell
                        changed.add(line.place, (i,))
        self._notify(changed, _TEXT_ROLES)

    def fade(self, flush: int) -> None:
        """Remove the tints of one flush."""
        self._notify(self._tints.fade(flush), _TINT_ROLES)

    @property
    def is_order_held(self) -> bool:
        """Return whether rows keep places that differ from the sort order."""
        return self.is_held and self._is_unsorted

    def hide_values(self, is_wanted: bool) -> None:
        """Hide quantities and amounts of money, or show them."""
        self.are_values_hidden = is_wanted
        self.revision += 1
        for line in (*self._lines.values(), *self.groups.headings()):
            line.cells[:] = self._unseen
        if self._shown:
            last = self.index(len(self._shown) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last, _TEXT_ROLES)

    def tooltip(self, line: Line[R], column: int) -> str:
        """Return the calculation behind a cell, or other details about it."""
        each = self.columns[column]
        if line.heading:
            text = self.cell(line, column).text or line.heading.note_text(hides=self.are_values_hidden)
            return "\n".join(filter(None, [text, line.heading.tooltips.get(each.key)]))
        if self.are_values_hidden and (each.is_sensitive or each.has_sensitive_tooltip):
            return "Hidden; Ctrl+H shows values"
        return each.tooltip_text(line.row, self.clock(), self.cell(line, column).text)

    def filter(self, modes: Collection[AccountMode], text: str) -> None:
        """Show only rows of these profiles whose symbol, as shown, contains ``text``."""
        self.catch_up()
        self._modes, self._filter_text = modes, instrument.plain_symbol(text)
        self.is_filtered = bool(self._filter_text)
        for line in self._lines.values():
            line.is_matched = self._matches(line.row)
        self._arrange(anew=False)

    # Internals.

    def _matches(self, row: R) -> bool:
        if not self._filter_text or row.mode not in self._modes:
            return row.mode in self._modes
        shown = row.symbol if self._symbol is None else self._symbol.value(row)
        return self._filter_text in instrument.plain_symbol(str(shown))

    def _refresh(self, line: Line[R], before: R, now: datetime, changed_cells: ChangedCells) -> bool:
        """Format the drawn cells of a visible row; add those that look different to ``changed_cells``."""
        row, cells, hides = line.row, line.cells, self.are_values_hidden
        highlighted = self.table.is_highlighted
        is_whole = highlighted(before) is not highlighted(row)
        places = range(len(cells)) if is_whole else self._reads.affected(before, row)
        changed = self._format.renew(cells, places, row, now, hides)
        tinted = self.shows_ticks and self._tints.tint(line, before, self.columns, changed, self.flush)
        changed_cells.add(line.place, [i for i in places if cells[i] is not None] if is_whole else changed)
        return tinted

    def _notify(self, changed: ChangedCells, roles: list[Qt.ItemDataRole]) -> None:
        """Notify the views of these cells."""
        for top, bottom, first, last in changed.blocks():
            self.dataChanged.emit(self.createIndex(top, first), self.createIndex(bottom, last), roles)

    def _release_order(self, touched: list[tuple[Line[R], R]], visible: range) -> None:
        """End the hold of the order for an invisible row that has just become highlighted."""
        highlighted = self.table.is_highlighted
        if self.is_held and any(
            line.place not in visible and highlighted(line.row) and not highlighted(before)
            for line, before in touched
        ):
            self.is_held = False

    def _leave(self, leaving: list[Line[R]]) -> None:
        """Remove rows from view, in runs from the bottom up, so that what is above keeps its place."""
        places = sorted(line.place for line in leaving)
        self._is_moving = True
        while places:
            last = first = places.pop()
            while places and places[-1] == first - 1:
                first = places.pop()
            self.beginRemoveRows(_NOWHERE, first, last)
            for line in self._shown[first : last + 1]:
                line.place = -1
                line.cells[:] = self._unseen
                line.tints.clear()
            del self._shown[first : last + 1]
            if not places:
                self._number()
            self.endRemoveRows()
        self._is_moving = False

    def _enter(self, place: int, coming: list[Line[R]]) -> None:
        """Insert rows into view, the first of them at ``place``."""
        self.beginInsertRows(_NOWHERE, place, place + len(coming) - 1)
        self._shown[place:place] = coming
        self._number(place)
        self.endInsertRows()

    @property
    def _is_arranged(self) -> bool:
        """Return whether the rows are in the order of their ranks as of the last sort."""
        return self.groups.by is None

    def _move(self, gone: Iterable[Line[R]], come: Iterable[Line[R]]) -> None:
        """Remove a few rows from view and insert others, each at its place."""
        self.revision += 1
        self._leave([line for line in gone if line.is_matched])
        self._is_moving = True
        for line in (line for line in come if line.is_matched):
            self._enter(place_of(line, self._shown, down=self._is_descending), [line])
        self._is_moving = False

    def _arrange(self, *, anew: bool) -> None:
        """Sort the rows by their current values, or by those of the last sort."""
        self.revision += 1
        column = self.columns[self._sort_column]
        if anew:
            self._is_unsorted = False
            self._order.rank(column)
        rows = self._order.arranged(down=self._is_descending)
        self._show(self.groups.arranged(rows, column, down=self._is_descending, anew=anew))

    def _show(self, order: list[Line[R]]) -> None:
        """Show exactly these lines, in this order."""
        wanted = set(map(id, order))
        self._leave([line for line in self._shown if id(line) not in wanted])
        coming = [line for line in order if line.place < 0]
        if coming:
            self._enter(len(self._shown), coming)
        if order != self._shown:
            self._reorder(order)

    def _reorder(self, order: list[Line[R]]) -> None:
        """Show the visible lines in this order."""
        self.layoutAboutToBeChanged[_HINTED].emit([], _ROWS_MOVE)  # type: ignore[index]
        before = self.persistentIndexList()
        lines = [self._shown[index.row()] for index in before]
        self._shown = order
        self._number()
        after = [self.index(line.place, index.column()) for line, index in zip(lines, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged[_HINTED].emit([], _ROWS_MOVE)  # type: ignore[index]

    def renew_headings(self) -> None:
        """Add up every group again, at the same moment as the total."""
        for line in self.groups.headings():
            if line.place >= 0 and self.groups.renew(line):
                last = self.index(line.place, len(self.columns) - 1)
                self.dataChanged.emit(self.index(line.place, 0), last, _TEXT_ROLES)

    def _number(self, first: int = 0) -> None:
        for place, line in enumerate(islice(self._shown, first, None), first):
            line.place = place

    # Qt.

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        line, i = self._shown[index.row()], index.column()
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tooltip(line, i)
        return cell_data(self.cell(line, i), self.columns[i], role, self._theme)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        return title_data(self.columns[section], role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns):
            return
        self.catch_up()
        self._sort_column = column
        self._is_descending = order is Qt.SortOrder.DescendingOrder
        self._arrange(anew=True)
