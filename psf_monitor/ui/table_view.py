"""A table on the screen: whole rows, columns that share the width, rows that hold still under the mouse."""

from typing import Generic

from PySide6.QtCore import QEvent, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from psf_monitor.ui.band_header import HEADER_HEIGHT, BandHeader
from psf_monitor.ui.cell_delegate import ROW_HEIGHT, CellDelegate
from psf_monitor.ui.columns import R
from psf_monitor.ui.table_model import TableModel
from psf_monitor.ui.theme import Theme

_LEAST_SCALE = 0.96
"""A column that does not say how far it shrinks shrinks this far before the table scrolls sideways."""


class TableView(QTableView, Generic[R]):
    """Shows a ``TableModel``. The row at the top and the selected rows stay the same through every change."""

    def __init__(self, model: TableModel[R], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._top: QPersistentModelIndex | None = None
        self.header = BandHeader(model, theme, self)
        self.setHorizontalHeader(self.header)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(model, theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(model.table.name)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        self.sortByColumn(*model.sort_order)
        self.setSortingEnabled(True)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._on_copy)
        model.layoutAboutToBeChanged.connect(self._on_places_about_to_change)
        model.rowsAboutToBeRemoved.connect(self._on_places_about_to_change)
        model.layoutChanged.connect(self._on_places_changed)
        model.rowsRemoved.connect(self._on_places_changed)

    @property
    def visible_rows(self) -> range:
        """The places of the rows on the screen."""
        first = self.verticalScrollBar().value()
        return range(first, first + self.viewport().height() // ROW_HEIGHT + 1)

    def set_compact(self, is_compact: bool) -> None:
        """Leave out the columns that the work can do without."""
        for i, column in enumerate(self._model.columns):
            self.setColumnHidden(i, is_compact and not column.is_compact)
        self._share_width()

    def height_for(self, width: int, room: int) -> int:
        """The height, at most ``room``, that shows whole rows in a view of ``width``."""
        scrolls_sideways = self._least_width() > width - self.verticalScrollBar().sizeHint().width()
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls_sideways else 0
        extra = HEADER_HEIGHT + bar
        return extra + max((room - extra) // ROW_HEIGHT, 0) * ROW_HEIGHT

    def _least_width(self) -> int:
        return sum(least for _i, _width, least in self._shares())

    def _share_width(self) -> None:
        """Give each column its share of the width, the scroll bar's room always left free."""
        shares = self._shares()
        natural = sum(width for _i, width, _least in shares)
        narrowest = self._least_width()
        room = max(self.width() - self.verticalScrollBar().sizeHint().width(), narrowest)
        edge = 0
        right = 0.0
        for i, width, least in shares:
            if room >= natural:
                right += width * room / natural
            else:
                right += least + (width - least) * (room - narrowest) / (natural - narrowest)
            self.setColumnWidth(i, round(right) - edge)
            edge = round(right)

    def _shares(self) -> list[tuple[int, int, int]]:
        """Each visible column with the width it would like and the least it can do with."""
        columns = enumerate(self._model.columns)
        return [
            (i, c.width, c.least or int(c.width * _LEAST_SCALE))
            for i, c in columns
            if not self.isColumnHidden(i)
        ]

    def _on_places_about_to_change(self, *_details: object) -> None:
        first = self.verticalScrollBar().value()
        self._top = QPersistentModelIndex(self._model.index(first, 0)) if first else None

    def _on_places_changed(self, *_details: object) -> None:
        if self._top is not None and self._top.isValid():
            self.verticalScrollBar().setValue(self._top.row())
        self._top = None

    def _on_copy(self) -> None:
        """The selected rows as a spreadsheet takes them, titles first."""
        columns = [i for i in range(len(self._model.columns)) if not self.isColumnHidden(i)]
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        lines = ["\t".join(self._model.columns[i].title for i in columns)]
        for row in rows:
            line = self._model.line(row)
            lines.append("\t".join(self._model.cell(line, i).text for i in columns))
        if rows:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Enter:
            self._model.is_held = True
        elif event.type() is QEvent.Type.Leave:
            self._model.is_held = False
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._share_width()
        super().resizeEvent(event)
