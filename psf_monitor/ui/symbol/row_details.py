"""The details of one row beside the window: every figure, and how it is calculated."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.columns import Band
from psf_monitor.ui.table.model import TableModel


class RowDetails(QDialog):
    """Follows one row by its key. A row that has left keeps its last figures and is marked as gone."""

    def __init__(
        self,
        model: TableModel[Any],
        key: Hashable,
        theme: Theme,
        clock: Callable[[], datetime],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.key = key
        self._model = model
        self._clock = clock
        self._title = ""
        self.message = QLabel()
        self.message.setProperty("look", "title")
        self.figures: dict[str, tuple[QLabel, QLabel]] = {}
        self._theme = theme
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        for band in Band:
            columns = [column for column in model.columns if column.band is band and column.line is None]
            if columns:
                grid.addWidget(_label("band", band.value), grid.rowCount(), 0, 1, 3)
            for column in columns:
                self._add(grid, theme, column.key, column.name)
        layout = QVBoxLayout(self)
        layout.addWidget(self.message)
        layout.addLayout(grid)
        layout.addStretch(1)
        self.refresh()

    def _add(self, grid: QGridLayout, theme: Theme, key: str, title: str) -> None:
        row = grid.rowCount()
        figure, reason = _label(), _label("hint")
        figure.setFont(theme.font(bold=True))
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(_label("", title), row, 0)
        grid.addWidget(figure, row, 1)
        grid.addWidget(reason, row, 2)
        self.figures[key] = (figure, reason)

    def refresh(self) -> None:
        """Show the row as it is now."""
        line = self._model.find(self.key)
        if line is None:
            self.message.setText(f"{self._title} · no longer there, these were its last figures")
            return
        row, now = line.row, self._clock()
        stale = f" · as of {formatting.moment(row.stale_since, now)}" if row.stale_since else ""
        self._title = f"{row.symbol} · {row.mode}"
        self.setWindowTitle(self._title)
        self.message.setText(f"{self._title}{stale}")
        for place, column in enumerate(self._model.columns):
            if column.line is not None:
                continue
            if column.key not in self.figures:
                self._add(self._grid, self._theme, column.key, column.name)
            figure, reason = self.figures[column.key]
            text, why = self._model.cell(line, place), self._model.tooltip(line, place)
            figure.setText(f"{text.text}  (old)" if text.is_old else text.text)
            reason.setText("" if why == text.text else why)


def _label(look: str = "", text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("look", look)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
