"""The frame of a table: its border, its total row, and the text shown if there are no rows."""

from collections.abc import Iterator
from typing import Generic

from msgspec import Struct, field
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from psf_monitor import formatting
from psf_monitor.formatting import DECIMAL_POINT, Notation
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.shapes import paint_border
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.column_arrangement import PADDING
from psf_monitor.ui.table.columns import R
from psf_monitor.ui.table.empty_state import EmptyState
from psf_monitor.ui.table.view import TableView

_RULE = 2
"""Pixels between the rows and their total."""
_OVERHANG = 20
"""How far a sum may extend over the column on its left, which has none."""


class TotalFigures(Struct, frozen=True):
    """The total row: a text and a tone per column key; ``note`` says what ``title`` leaves out.

    ``numbers`` are the sums themselves, ``amounts`` a text with money in it that precedes the note.
    ``is_part``: it is over some of the rows only.
    """

    note: str = ""
    is_old: bool = False
    figures: dict[str, tuple[str, Tone]] = field(default_factory=dict)
    tooltips: dict[str, str] = field(default_factory=dict)
    title: str = "Total"
    numbers: dict[str, float | None] = field(default_factory=dict)
    amounts: str = ""
    is_part: bool = False

    @property
    def text(self) -> str:
        """Everything beside the title."""
        return " · ".join(filter(None, [self.amounts, self.note]))


class TotalRow(QWidget):
    """The sums under their columns."""

    def __init__(self, view: TableView[R], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._header = view.header
        self._columns = view.header.column_keys
        self._theme = theme
        self._table_columns = view.table_columns
        self.figures = TotalFigures()
        self.setAccessibleName("Total")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        view.header.sectionResized.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)

    def show_figures(self, figures: TotalFigures) -> None:
        if figures == self.figures:
            return
        self.figures = figures
        sums = ", ".join(f"{key.replace('_', ' ')} {text}" for key, (text, _tone) in figures.figures.items())
        self.setAccessibleName(figures.title)
        self.setAccessibleDescription(f"{sums}. {figures.text}")
        self.setToolTip("\n".join(filter(None, [figures.text, *figures.tooltips.values()])))
        self.update()

    def as_text(self, notation: Notation = DECIMAL_POINT) -> str:
        """Return the sums for a spreadsheet: a line of titles and one of plain numbers.

        Those of columns that the table does not show until asked for are left out while it does not.
        """
        figures, titles = self.figures, {column.key: column.title for column in self._table_columns}
        covered = [key for key in figures.figures if key not in figures.numbers]
        known = {key: formatting.calculated_cell(number) for key, number in figures.numbers.items()}
        known |= {key: formatting.without_typography(figures.figures[key][0]) for key in covered}
        unasked = {
            column.key
            for section, column in enumerate(self._table_columns)
            if column.is_optional and self._header.isSectionHidden(section)
        }
        shown = [key for key in figures.figures if key in titles and key not in unasked]
        old = ["old"] if figures.is_old else []
        rows = [
            ["", *(titles[key] for key in shown), *(["Old"] if old else [])],
            [figures.title, *(notation.figure(known[key]) for key in shown), *old],
        ]
        return "\n".join("\t".join(row) for row in rows)

    def _shown(self) -> Iterator[tuple[str, Tone, int, int]]:
        """Yield each visible sum, its tone, and its column's left edge and width."""
        places = {key: section for section, key in enumerate(self._columns)}
        for key, (text, tone) in self.figures.figures.items():
            section = places.get(key)
            if section is None or self._header.isSectionHidden(section) or not self._header.is_seen(section):
                continue
            yield text, tone, self._header.sectionViewportPosition(section), self._header.sectionSize(section)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, figures = self._theme, self.figures
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("selection" if figures.is_part else "base"))
        painter.fillRect(0, 0, self.width(), 2, theme.colour("accent" if figures.is_part else "divider"))
        row_height, pixels = theme.row_height, theme.zoomed(12)
        title_width = theme.text_width(figures.title, pixels, bold=True)
        title = theme.face(pixels, bold=True)
        title.write(
            painter, (PADDING, 2, title_width + 2, row_height), figures.title, LEFT, theme.colour("text")
        )
        note_left = PADDING + max(theme.zoomed(50), title_width + theme.zoomed(10))
        note_right = self.width()
        face = theme.face(pixels, bold=True, italic=figures.is_old)
        shown = list(self._shown())
        ends = {left + width for _text, _tone, left, width in shown}
        for text, tone, left, width in shown:
            note_right = min(note_right, left)
            colour = theme.colour(Tone.STALE if figures.is_old else tone)
            # The remaining digits of a partly covered sum would read as another number.
            over = 0 if left in ends else _OVERHANG
            box = (left - over, 2, width + over - PADDING, row_height)
            face.draw(painter, box, text, RIGHT, colour)
        room = max(note_right - note_left - PADDING, 0)
        note = theme.face(theme.zoomed(11))
        note.draw(painter, (note_left, 2, room, row_height), figures.text, LEFT, theme.colour("text2"))


class TableFrame(QWidget, Generic[R]):
    """Holds a view at a height of whole rows; the rest stays empty. ``empty`` covers all of it."""

    def __init__(
        self, view: TableView[R], theme: Theme, *, has_total: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._theme = theme
        view.setParent(self)
        view.focus_changed.connect(self.update)
        self.total = TotalRow(view, theme, self) if has_total else None
        self.empty = EmptyState(theme, self)
        self.empty.hide()

    def lay_out(self) -> None:
        """Give the view the height of whole rows, and the total row its place below."""
        inner = self.rect().adjusted(1, 1, -1, -1)
        total = self._theme.row_height + _RULE if self.total is not None else 0
        height = self._view.height_for(inner.width(), inner.height() - total)
        self._view.setGeometry(inner.x(), inner.y(), inner.width(), height)
        if self.total is not None:
            self.total.setGeometry(inner.x(), inner.bottom() + 1 - total, inner.width(), total)
        self.empty.setGeometry(inner)

    @property
    def spare_height(self) -> int:
        """Return the unused height: less than a row, unless there is no room for one."""
        taken = self._view.height() + (0 if self.total is None else self.total.height())
        return max(self.height() - 2 - taken, 0)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, self._view.header.height_needed + 3 * self._theme.row_height + 2)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(1200, self._view.header.height_needed + 8 * self._theme.row_height + 2)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        self.lay_out()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("base"))
        border = self._theme.colour("accent" if self._view.shows_focus else "divider")
        paint_border(painter, QRectF(self.rect()), border)
