"""A section of the window: a bar with a title, and a table that is updated by changes."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from psf_monitor.formatting import DECIMAL_POINT, Notation
from psf_monitor.ui.style.label import Chip, Fit, Label
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.column_menu import ColumnMenu
from psf_monitor.ui.table.columns import Column, R, Table
from psf_monitor.ui.table.export import plain_rows
from psf_monitor.ui.table.frame import TableFrame
from psf_monitor.ui.table.model import TableModel
from psf_monitor.ui.table.saved_layout import TableLayout
from psf_monitor.ui.table.view import TableView

BAR_HEIGHT = 23
_ROOMY_COUNT = "888"
"""Rows come and go by the ten without moving what is beside their count."""
_FADE_STEP_MS = 100
_FADE_STEPS = 3


def count_label(theme: Theme) -> Label:
    """Return the label of a table's number of rows, before the table is made."""
    label = Label(theme, tone=Tone.TEXT2, fit=Fit.WHOLE)
    label.reserve(_ROOMY_COUNT)
    return label


class TablePanel(QWidget, Generic[R]):
    """Title, count, warning chip with its text, and the table.

    ``why_partial`` is a sentence that says why the table does not have all of its rows; empty if it has.
    """

    def __init__(
        self,
        table: Table[R],
        theme: Theme,
        clock: Callable[[], datetime],
        *,
        has_total: bool,
        model: TableModel[R] | None = None,
    ) -> None:
        super().__init__()
        self._theme = theme
        self.clock = clock
        self.why_partial = ""
        self.model: TableModel[R] = TableModel(table, theme, clock) if model is None else model
        self.model.setParent(self)
        self.view: TableView[R] = TableView(self.model, theme)
        self.frame: TableFrame[R] = TableFrame(self.view, theme, has_total=has_total)
        self.title = Label(theme, pixels=13, bold=True, fit=Fit.WHOLE)
        self.title.set_text(table.name)
        self.count = count_label(theme)
        self.chip = Chip(theme, tone=Tone.WARN)
        self.warning = Label(theme, pixels=11, tone=Tone.TEXT2)
        self.remark = Label(theme, pixels=11, tone=Tone.TEXT2, fit=Fit.FILLING)
        arrangement = self.view.header.arrangement
        self.column_menu = ColumnMenu(arrangement, self)
        self.columns_button = self._make_columns_button(table.name)
        self.bar = QHBoxLayout()
        self._lay_out()
        self.view.header.customContextMenuRequested.connect(self._on_header_menu)
        arrangement.changed.connect(self._on_arranged)
        self._sort_later: tuple[str, Qt.SortOrder] | None = None
        self.view.header.sortIndicatorChanged.connect(self._on_sorted)
        self._tinted: list[list[int]] = []
        self._fading = QTimer(self)
        self._fading.setInterval(_FADE_STEP_MS)
        self._fading.timeout.connect(self._on_fade)

    def _make_columns_button(self, name: str) -> QPushButton:
        button = QPushButton("Columns")
        button.setProperty("look", "menu")
        button.setFixedHeight(18)
        # The remaining room is for text.
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(f"Columns of {name}")
        button.setToolTip(f"Choose the columns of {name}")
        button.setMenu(self.column_menu)
        return button

    def _lay_out(self) -> None:
        """Place the bar with title, remarks and button above the table."""
        self.bar.setContentsMargins(4, 0, 2, 0)
        self.bar.setSpacing(8)
        for widget in (self.title, self.count, self.chip, self.warning):
            self.bar.addWidget(widget)
        self.bar.addWidget(self.remark, 1)
        self.bar.addWidget(self.columns_button)
        bar = QWidget()
        bar.setLayout(self.bar)
        bar.setFixedHeight(BAR_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(bar)
        layout.addWidget(self.frame, 1)

    def take_count(self, label: Label) -> None:
        """Show the number of rows in ``label``, wherever it is placed."""
        self.count.hide()
        self.count.deleteLater()
        self.count = label

    def stack(self, other: "TablePanel[Any]") -> QStackedWidget:
        """Add another table in the same place, with the bar of this one; return the widget that switches
        them.
        """
        own_bar, layout = other.bar.parentWidget(), self.layout()
        assert own_bar is not None
        assert layout is not None
        own_bar.hide()
        tables = QStackedWidget()
        layout.removeWidget(self.frame)
        tables.addWidget(self.frame)
        tables.addWidget(other)
        layout.addWidget(tables)
        return tables

    def export(self, notation: Notation = DECIMAL_POINT) -> "plain_rows.Export[R]":
        """Return all rows shown, for a spreadsheet, as they are now."""
        return self.view.export(range(self.model.shown_count), notation)

    def keys_on_screen(self) -> Iterable[Hashable]:
        """Return the keys of the visible rows."""
        places = self.view.visible_rows
        return [line.key for line in self.model.lines(places)]

    def apply(self, changes: Mapping[Any, R | None]) -> None:
        """Apply the rows that have changed since the last time."""
        if changes and self.model.apply(changes, self.view.visible_rows):
            self._tinted.append([self.model.flush, _FADE_STEPS])
            if not self._fading.isActive():
                self._fading.start()

    def tick(self) -> None:
        """Update what ages; called once a second."""
        self.model.renew_headings()
        self.model.tick(self.view.visible_rows)
        self.view.header.show_held(self.model.is_order_held)

    def extend(self, columns: Sequence[Column[Any]]) -> None:
        """Append these columns, as the trader had them laid out."""
        known = {column.key for column in self.model.columns}
        self.model.extend(columns)
        new = [column.key for column in columns if column.key not in known]
        self.view.header.arrangement.restore_columns(new)
        if self._sort_later is not None:
            self._sort_by(*self._sort_later)

    def set_narrow(self, is_narrow: bool) -> None:
        self.view.header.arrangement.set_narrow(is_narrow)
        self.frame.lay_out()

    def saved(self) -> TableLayout:
        """Return the table's layout as the trader has set it."""
        arrangement = self.view.header.arrangement
        section, order = self.model.sort_order
        key = self.model.columns[section].key
        if self._sort_later is not None:
            key, order = self._sort_later
        table, is_descending = self.model.table, order is Qt.SortOrder.DescendingOrder
        is_own = (key, is_descending) == (table.sort_key, table.is_descending)
        return TableLayout(
            columns=arrangement.saved(),
            has_own_widths=arrangement.has_own_widths,
            is_locked=arrangement.is_locked,
            sort="" if is_own else key,
            is_descending=is_descending and not is_own,
            sets=self.column_menu.sets,
        )

    def restore(self, layout: TableLayout) -> None:
        """Restore the table's layout; unknown columns are ignored."""
        arrangement = self.view.header.arrangement
        arrangement.restore(layout.columns, has_own_widths=layout.has_own_widths)
        arrangement.lock(layout.is_locked)
        self.column_menu.offer_sets(layout.sets)
        table = self.model.table
        is_descending = layout.is_descending if layout.sort else table.is_descending
        order = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
        self._sort_by(layout.sort or table.sort_key, order)

    def _sort_by(self, key: str, order: Qt.SortOrder) -> None:
        """Sort by this column, which may be added later."""
        places = {column.key: place for place, column in enumerate(self.model.columns)}
        self._sort_later = None if key in places else (key, order)
        if key in places:
            self.view.sortByColumn(places[key], order)

    def _on_sorted(self, *_how: object) -> None:
        self._sort_later = None

    def resize_rows(self) -> None:
        """Apply the theme's row height and zoom."""
        self.view.resize_rows()
        self.frame.updateGeometry()
        self.frame.lay_out()

    def counted(self) -> str:
        """Return how many rows there are and, if different, how many are shown."""
        shown, all_of_them = self.model.matched_count, self.model.row_count
        return f"{all_of_them:,}" if shown == all_of_them else f"{shown:,} of {all_of_them:,}"

    def warn(self, chip: str, text: str, *shorter: str) -> None:
        """Show the chip and its text, or neither; ``shorter`` are wordings for less room, longest first."""
        self.chip.set_text(chip)
        self.chip.setToolTip(text)
        self.warning.set_text(text, shorter=shorter)

    def _on_header_menu(self, at: QPoint) -> None:
        self.column_menu.popup(self.view.header.mapToGlobal(at))

    def _on_arranged(self) -> None:
        self.frame.lay_out()
        self.frame.update()

    def _on_fade(self) -> None:
        for entry in self._tinted:
            entry[1] -= 1
        while self._tinted and self._tinted[0][1] <= 0:
            self.model.fade(self._tinted.pop(0)[0])
        if not self._tinted:
            self._fading.stop()
