"""A table on the screen: whole rows, columns that share the width, rows that stay in place under the
mouse.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from math import ceil
from typing import Generic

from PySide6.QtCore import QEvent, QItemSelectionModel, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QWidget

from psf_monitor.domain import instrument
from psf_monitor.formatting import DECIMAL_POINT, Notation
from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table import row_painter
from psf_monitor.ui.table.band_header import BandHeader
from psf_monitor.ui.table.column_arrangement import ARROW_ROOM
from psf_monitor.ui.table.columns import Column, R
from psf_monitor.ui.table.export import clipboard, local_notation, plain_rows
from psf_monitor.ui.table.frozen_columns import Block, FrozenColumnsView
from psf_monitor.ui.table.model import TableModel
from psf_monitor.ui.table.sorted_lines import rows_under

_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_FROM_ELSEWHERE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.OtherFocusReason)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)
_FOLDS: dict[int, bool] = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}
HOLD_MS = 4_000
"""How long rows keep their places after the pointer last moved over the table."""
TYPING_MS = 1_000
"""How long after a letter the next one continues the same symbol."""


class TableView(FrozenColumnsView, Generic[R]):
    """Shows a ``TableModel``. The top row and the selected rows stay the same through every change.

    ``menu_requested`` carries a point in the viewport, over the cell whose menu was requested by mouse or
    menu key. ``focus_changed``: whether the focus is shown may have changed, see ``shows_focus``.
    """

    menu_requested = Signal(QPoint)
    focus_changed = Signal()

    def __init__(self, model: TableModel[R], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(lambda: theme.colour("control"), lambda: theme.colour("base"), parent)
        self._model = model
        self._theme = theme
        self._top: QPersistentModelIndex | None = None
        self._is_by_keys = False
        self.header = BandHeader(model, theme, self)
        self.setHorizontalHeader(self.header)
        self.setModel(model)
        self.header.arrangement.reset()
        self.header.arrangement.lock(False)
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
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(theme.row_height)
        self.sortByColumn(*model.sort_order)
        self.setSortingEnabled(True)
        self.hold = QTimer(self, singleShot=True, interval=HOLD_MS)
        self.hold.timeout.connect(self._on_hold_over)
        self.typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typed = ""
        self.viewport().setMouseTracking(True)
        add_shortcut(QKeySequence.StandardKey.Copy, self, self._on_copy, Qt.ShortcutContext.WidgetShortcut)
        model.layoutAboutToBeChanged.connect(self._on_places_about_to_change)
        model.rowsAboutToBeInserted.connect(self._on_places_about_to_change)
        model.rowsAboutToBeRemoved.connect(self._on_places_about_to_change)
        model.layoutChanged.connect(self._on_places_changed)
        model.rowsInserted.connect(self._on_places_changed)
        model.rowsRemoved.connect(self._on_places_changed)
        self.verticalScrollBar().valueChanged.connect(lambda _value: model.catch_up())

    @cached_property
    def _cells(self) -> "row_painter.RowPainter[R]":
        """Return the painter of the rows, made with the first of them."""
        cells = row_painter.RowPainter(self._model, self._theme, self)
        self.setItemDelegate(cells)
        # Columns are not resized while they are being drawn.
        queued = Qt.ConnectionType.QueuedConnection
        cells.texts_elided.connect(self.header.arrangement.widen, queued)
        return cells

    @property
    def shows_focus(self) -> bool:
        """Return whether it has the focus and keys are used: after a click no focus mark is needed."""
        return self.hasFocus() and self._is_by_keys

    @property
    def table_columns(self) -> tuple[Column[R], ...]:
        return self._model.columns

    @property
    def visible_rows(self) -> range:
        """Return the places of the visible rows; empty while the window is minimized."""
        if self.window().isMinimized():
            return range(0)
        first = self.verticalScrollBar().value()
        count = ceil(self.viewport().height() / self._theme.row_height)
        return range(first, first + count)

    def resize_rows(self) -> None:
        """Apply the theme's row height and zoom."""
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        self.updateGeometries()
        self._fit_columns()
        self._model.catch_up()

    def height_for(self, width: int, room: int) -> int:
        """Return the height, at most ``room``, that shows whole rows in a view of ``width``.

        The horizontal scroll bar is shown whenever the columns would need it beside the vertical one, present
        or not, so that rows that come and go do not move it.
        """
        policy = Qt.ScrollBarPolicy
        left = width - self.verticalScrollBar().sizeHint().width()
        scrolls_sideways = self.header.arrangement.least_width() > left
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if scrolls_sideways else policy.ScrollBarAlwaysOff
        )
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls_sideways else 0
        extra = self.header.height_needed + bar
        row = self._theme.row_height
        return extra + max((room - extra) // row, 0) * row

    def _fit_columns(self) -> None:
        # Room for the scroll bar is always left free, so that columns do not move when it appears.
        self.header.arrangement.set_room(self.width() - self.verticalScrollBar().sizeHint().width())

    def _on_places_about_to_change(self, *_details: object) -> None:
        first = self.verticalScrollBar().value()
        self._top = QPersistentModelIndex(self._model.index(first, 0)) if first else None

    def _on_places_changed(self, *_details: object) -> None:
        if self._top is not None and self._top.isValid():
            self.verticalScrollBar().setValue(self._top.row())
        self._top = None

    def export(self, places: Iterable[int], notation: Notation = DECIMAL_POINT) -> "plain_rows.Export[R]":
        """Return these rows for a spreadsheet, in the order of the screen."""
        return plain_rows.Export(self._model, self.header.arrangement.shown, places, notation)

    def show_rows(self, is_wanted: Callable[[R], bool]) -> bool:
        """Select the wanted rows and scroll to the first of them; return False if there is none."""
        self._model.groups.unfold_all()
        lines = map(self._model.line, range(self._model.shown_count))
        places = [line.place for line in lines if line.heading is None and is_wanted(line.row)]
        self.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place in places:
            self.selectionModel().select(self._model.index(place, 0), flags)
        if places:
            self.scrollTo(self._model.index(places[0], 0))
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(places)

    def _on_hold_over(self) -> None:
        self._model.is_held = False

    def _on_copy(self) -> None:
        places = sorted(self.selected_places())
        if places:
            clipboard.copy_rows(self.export(places, local_notation.local_notation()), self)

    def mark_alerts(self, marks: Mapping[str, str]) -> None:
        """Mark the rows of these shares, each with the column that fired an alert, if any."""
        self._cells.alerted = marks
        self.viewport().update()

    def selected_places(self) -> list[int]:
        """Return the places of the selected lines, in the order of selection.

        Qt's own list of them queries every row and column of the model.
        """
        chosen = self.selectionModel().selection()
        ranges = map(chosen.at, range(chosen.count()))
        return list(dict.fromkeys(place for each in ranges for place in range(each.top(), each.bottom() + 1)))

    def selected_rows(self) -> list[R]:
        """Return the selected rows, each once; a selected heading stands for its group."""
        return [line.row for line in rows_under(map(self._model.line, self.selected_places()))]

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Go to the next row whose symbol begins with what is being typed; the same letter again goes on."""
        self._typed = self._typed + search if self.typing.isActive() else search
        self.typing.start()
        letters = instrument.plain_symbol(self._typed)
        if letters:
            here = self.currentIndex()
            place = self._place_of_symbol(letters, here.row() + (len(letters) == 1))
            if place is None and len(set(letters)) == 1:
                place = self._place_of_symbol(letters[0], here.row() + 1)
            if place is not None:
                self.setCurrentIndex(self._model.index(place, max(here.column(), 0)))

    def _place_of_symbol(self, beginning: str, first: int) -> int | None:
        """Return where the next symbol with this beginning is, from ``first`` on and round to it again."""
        model = self._model
        model.catch_up()
        keys, count = [column.key for column in model.columns], model.shown_count
        if "symbol" not in keys:
            return None
        lines = (model.line((max(first, 0) + step) % count) for step in range(count))
        texts = ((line.place, model.cell(line, keys.index("symbol")).text) for line in lines)
        found = (place for place, text in texts if instrument.plain_symbol(text).startswith(beginning))
        return next(found, None)

    def mark_keys(self, is_by_keys: bool) -> None:
        """Remember whether keys or the mouse were used last."""
        if is_by_keys is not self._is_by_keys:
            self._is_by_keys = is_by_keys
            self.focus_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() not in _MODIFIERS:
            self.mark_keys(True)
            if not (event.text() and event.text().isprintable()):
                # An arrow, say; the next letter is the first of another symbol.
                self.typing.stop()
        place = self.currentIndex().row()
        line = self._model.line(place) if 0 <= place < self._model.shown_count else None
        if line is not None and line.heading is not None and event.key() in _FOLDS:
            self._model.groups.fold(line, is_wanted=_FOLDS[event.key()])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.mark_keys(False)
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() < ARROW_ROOM:
            self._model.groups.toggle(self._model.line(index.row()))

    def draw_rows(
        self, painter: QPainter, blocks: Sequence[Block], height: int, across: tuple[int, int]
    ) -> None:
        if self._model.shown_count:
            self._cells.draw(painter, blocks, height, across)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        at = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            # A key has no point: the menu is that of the selected row, below its cell.
            index = self.currentIndex()
            if not index.isValid() or not self.selectionModel().isRowSelected(index.row()):
                return
            self.scrollTo(index)
            at = self.visualRect(index).center()
            at.setX(max(at.x(), 0))
        self.menu_requested.emit(at)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        # A window that opens below a resting pointer is entered, too, but holds nothing.
        if event.type() is QEvent.Type.MouseMove:
            self._model.is_held = True
            self.hold.start()
        elif event.type() is QEvent.Type.Leave:
            self.hold.stop()
            self._model.is_held = False
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        # When a menu closes, or a window comes to the front, the previous state is restored.
        if event.reason() in _BY_KEYS or event.reason() in _FROM_ELSEWHERE:
            self._is_by_keys = event.reason() in _BY_KEYS
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._fit_columns()
        super().resizeEvent(event)
        self._model.catch_up()
