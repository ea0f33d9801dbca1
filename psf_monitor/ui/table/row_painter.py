"""Draws the cells of both tables from what the model formatted: no text and no colour is made here."""

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from psf_monitor.ui.style import day_line, shapes
from psf_monitor.ui.style.painted_text import MeasuredFont
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import CHIP_TONES, Theme, Tone
from psf_monitor.ui.table.columns import R, never
from psf_monitor.ui.table.frozen_columns import Span
from psf_monitor.ui.table.lines import Cell, Heading, Line
from psf_monitor.ui.table.model import TableModel

PADDING = 5
ARROW_ROOM = 18
"""Pixels at the left of a heading in which a click folds its group."""
_INDENT = 12
"""So much further in stands the symbol of a row under a heading."""
_CHIP_HEIGHT = 14
_CHIP_PADDING = 5
_BAR_WIDTH = 3
_LINE_WIDTH = 2
_MARK_SIZE = 10
_BELL_SIZE = 10
_SPARE = 3
_CENTRE = Qt.AlignmentFlag.AlignCenter
_NOWHERE = QModelIndex()


class _Face(MeasuredFont):
    """A font of the cells, in the whole pixels of their rows."""

    __slots__ = ("ascent", "height", "zero")

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self.ascent = round(self.metrics.ascent())
        self.height = round(self.metrics.height())
        self.zero = self.width("0")


_Box = tuple[int, int, int, int]
"""Left, top, width and height of neighbouring cells, in device-independent pixels."""


class _Column(NamedTuple):
    """A column of a block of rows: where its texts begin and how much room they have.

    ``decimals`` are those of a column whose decimal points line up at the right, ``None`` for words, which
    stand at the left.
    """

    section: int
    left: float
    room: float
    decimals: int | None


class RowPainter(QStyledItemDelegate, Generic[R]):
    """Draws rows of ``view``: grounds, tints, bars, then column by column chip, or mark and text."""

    def __init__(self, model: TableModel[R], theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._theme = theme
        self._faces: dict[tuple[bool, bool, bool], _Face] = {}
        self._face_set: _Face | None = None
        self._tone_set: Tone | None = None
        self.alerted: Mapping[str, str] = {}
        """The shares that an alert was told of, with the key of the column that it saw."""
        theme.changed.connect(self._on_theme)

    def _on_theme(self) -> None:
        self._faces.clear()

    def draw(self, painter: QPainter, rows: range, top: int, height: int, spans: Sequence[Span]) -> None:
        """Draw neighbouring cells of neighbouring rows, each column between its left and right."""
        self._forget_pen()
        begin, end = spans[0][1], spans[-1][2]
        if self._is_last(spans[-1][0]):
            end = max(end, self._view.viewport().width())
        lines = self._model.lines(rows)
        self._grounds(painter, rows[: len(lines)], (begin, top, end - begin, height))
        selection = self._view.selectionModel()
        has_selection = selection.hasSelection()
        is_highlight = self._model.table.is_highlighted
        places = {section: (left, right) for section, left, right in spans}
        placed: list[tuple[int, Line[R]]] = []
        for row, line in zip(rows, lines, strict=False):
            y = top + (row - rows.start) * height
            is_selected = has_selection and selection.isRowSelected(row, _NOWHERE)
            if line.heading is not None:
                self._heading(painter, line, y, height, spans, is_selected=is_selected)
                continue
            is_highlighted = is_highlight is not never and is_highlight(line.row)
            if is_selected or is_highlighted or line.tints:
                box = (begin, y, end - begin, height)
                self._signs(
                    painter, line, box, places, is_selected=is_selected, is_highlighted=is_highlighted
                )
            placed.append((y, line))
        for span in spans:
            self._cells(painter, placed, span, height)
        if self.alerted:
            for y, line in placed:
                if line.row.symbol in self.alerted:
                    self._mark_alert(painter, line, y, height, spans)

    def _forget_pen(self) -> None:
        """Another painter, or somebody else's font and pen."""
        self._face_set = self._tone_set = None

    def _grounds(self, painter: QPainter, rows: range, first: _Box) -> None:
        """Fill the grounds of rows that stand below each other, the box of the first of them given."""
        colour = self._theme.colour
        begin, top, width, height = first
        painter.fillRect(begin, top, width, height * len(rows), colour("base"))
        alt, grid = colour("alt"), colour("grid")
        for row in rows:
            if row % 2:
                painter.fillRect(begin, top, width, height, alt)
            painter.fillRect(begin, top + height - 1, width, 1, grid)
            top += height

    def _signs(
        self,
        painter: QPainter,
        line: Line[R],
        box: _Box,
        places: Mapping[int, tuple[int, int]],
        *,
        is_selected: bool,
        is_highlighted: bool,
    ) -> None:
        """What says more of a row than its cells do: another ground, a bar, and the tints of figures."""
        colour = self._theme.colour
        begin, top, width, height = box
        if is_selected or is_highlighted:
            ground = colour("near_fill" if is_highlighted else "selection")
            painter.fillRect(begin, top, width, height - 1, ground)
        for section, (is_up, _flush) in line.tints.items():
            if section in places:
                left, right = places[section]
                tint = colour("tick_up" if is_up else "tick_down")
                painter.fillRect(left, top, right - left, height - 1, tint)
        if is_selected and is_highlighted:
            # Both are told: the ground stays, lines above and below say that it is selected.
            for line_top in (top, top + height - _LINE_WIDTH):
                painter.fillRect(begin, line_top, width, _LINE_WIDTH, colour("accent"))
        if (is_selected or is_highlighted) and self._is_first(next(iter(places))):
            bar = colour("warn" if is_highlighted else "accent")
            painter.fillRect(begin, top, _BAR_WIDTH, height - 1, bar)

    def _cells(
        self, painter: QPainter, placed: Sequence[tuple[int, Line[R]]], span: Span, height: int
    ) -> None:
        """Draw a column of these lines, each at its top."""
        section, left, right = span
        definition = self._model.columns[section]
        if definition.line is not None or definition.mark is not None or definition.key == "symbol":
            for top, line in placed:
                self._cell(painter, line, section, left, right - left, top, height)
            return
        cell_of = self._model.cell
        cells = [line.cells[section] or cell_of(line, section) for _, line in placed]
        # How many decimals there are is known once all of them are formatted.
        column = self._column(section, left + PADDING, right - left - 2 * PADDING)
        for (top, _), cell in zip(placed, cells, strict=True):
            if cell.tone in CHIP_TONES:
                self._chip(painter, QRect(left, top, right - left, height), cell, is_left=definition.is_left)
            elif cell.text:
                self._text(painter, cell, column, top, height - 1)

    def _column(self, section: int, left: float, room: float) -> _Column:
        is_left = self._model.columns[section].is_left
        return _Column(section, left, room, None if is_left else self._model.decimals(section))

    def _mark_alert(
        self, painter: QPainter, line: Line[R], top: int, height: int, spans: Sequence[Span]
    ) -> None:
        """A bell behind the symbol, a bar before the row, the cell outlined that was told of.

        In a group, where the symbol stands further in, the bell stands before it.
        """
        seen = self.alerted[line.row.symbol]
        warn = self._theme.colour("warn")
        if self._is_first(spans[0][0]):
            painter.fillRect(spans[0][1], top, _BAR_WIDTH, height - 1, warn)
        for i, left, right in spans:
            key = self._model.columns[i].key
            if key == "symbol":
                x = left + PADDING + _BELL_SIZE / 2 if line.is_member else right - _BELL_SIZE / 2 - 1
                centre = QPointF(x, top + (height - 1) / 2)
                shapes.draw(painter, Shape.BELL, centre, _BELL_SIZE, warn)
            elif key == seen:
                painter.setPen(warn)
                painter.drawRect(left + 1, top, right - left - 3, height - 2)

    def _is_first(self, section: int) -> bool:
        return self._view.horizontalHeader().sectionPosition(section) == 0

    def _is_last(self, section: int) -> bool:
        header = self._view.horizontalHeader()
        return header.sectionPosition(section) + header.sectionSize(section) == header.length()

    def _heading(
        self,
        painter: QPainter,
        line: Line[R],
        top: int,
        height: int,
        spans: Sequence[Span],
        *,
        is_selected: bool,
    ) -> None:
        """Draw the line over a group: arrow and name, its sums, and the note where nothing is added up."""
        theme, columns, heading = self._theme, self._model.columns, line.heading
        assert heading is not None
        begin, end = spans[0][1], spans[-1][2]
        if self._is_last(spans[-1][0]):
            end = max(end, self._view.viewport().width())
        ground = theme.colour("selection" if is_selected else "header")
        painter.fillRect(begin, top, end - begin, height - 1, ground)
        painter.fillRect(begin, top + height - 1, end - begin, 1, theme.colour("grid"))
        for i, left, right in spans:
            if columns[i].key in heading.figures:
                self._cell(painter, line, i, left, right - left, top, height)
        before, after = self._around_name(heading)
        lefts = {i: left for i, left, _right in spans}
        held = next((lefts[i] - self._position(i) for i in before if i in lefts), None)
        if held is not None:
            left = self._position(before[0]) + held
            self._arrow(painter, line, left, top, height)
            last = before[-1]
            room = self._position(last) + held + self._width(last) - left - ARROW_ROOM
            name = _Column(last, left + ARROW_ROOM, room, None if columns[last].is_left else 0)
            self._text(painter, self._model.cell(line, last), name, top, height - 1)
        if after and (held is None or not held):
            left = self._position(after[0]) + PADDING
            room = self._position(after[-1]) + self._width(after[-1]) - left - PADDING
            words = heading.note_text(is_covered=self._model.are_values_hidden)
            note = Cell(words, Tone.TEXT2, is_bold=False, is_old=False, is_struck=False)
            self._text(painter, note, self._column(before[-1], left, room), top, height - 1)

    def _around_name(self, heading: Heading) -> tuple[list[int], list[int]]:
        """The sections that the name of a group stands over, and those that are free for its note.

        It is a matter of the columns alone: however little of a row is drawn again, it is the same.
        """
        header, columns = self._view.horizontalHeader(), self._model.columns
        order = [header.logicalIndex(place) for place in range(header.count())]
        shown = [i for i in order if not header.isSectionHidden(i)]
        symbol = next(i for i, column in enumerate(columns) if column.key == "symbol")
        place = shown.index(symbol)
        first = place
        while first and columns[shown[first - 1]].key not in heading.figures:
            first -= 1
        free = []
        for i in shown[place + 1 :]:
            if columns[i].key in heading.figures:
                break
            free.append(i)
        return shown[first : place + 1], free

    def _position(self, section: int) -> int:
        return self._view.horizontalHeader().sectionViewportPosition(section)

    def _width(self, section: int) -> int:
        return self._view.horizontalHeader().sectionSize(section)

    def _arrow(self, painter: QPainter, line: Line[R], left: int, top: int, height: int) -> None:
        is_folded = self._model.groups.is_folded(line)
        shape = Shape.RIGHT if is_folded else Shape.DOWN
        centre = QPointF(left + PADDING + 4.5, top + (height - 2) // 2 + 0.5)
        shapes.draw(painter, shape, centre, 8, self._theme.colour("text2"))

    def _cell(
        self, painter: QPainter, line: Line[R], i: int, x: int, width: int, top: int, height: int
    ) -> None:
        column = self._model.columns[i]
        cell = self._model.cell(line, i)
        if cell.tone in CHIP_TONES:
            self._chip(painter, QRect(x, top, width, height), cell, is_left=column.is_left)
            return
        left, room = x + PADDING, width - 2 * PADDING
        if line.is_member and column.key == "symbol":
            left += self._theme.zoomed(_INDENT)
            room -= self._theme.zoomed(_INDENT)
        if column.line is not None and line.heading is None:
            box = QRectF(left, top + 3, room, height - 7)
            day_line.draw(painter, self._theme, column.line(line.row), box, is_old=cell.is_old)
            self._forget_pen()
            return
        if column.mark is not None:
            shape, tone = column.mark(line.row)
            colour = self._theme.colour(Tone.STALE if cell.is_old else tone)
            size = self._theme.zoomed(_MARK_SIZE)
            centre = QPointF(left + size / 2 + 0.5, top + (height - 2) // 2 + 0.5)
            shapes.draw(painter, shape, centre, size, colour)
            left += size + PADDING
            room -= size + PADDING
        if cell.text:
            self._text(painter, cell, self._column(i, left, room), top, height - 1)

    def _text(self, painter: QPainter, cell: Cell, column: _Column, top: int, height: int) -> None:
        text, tone, is_bold, is_old, is_struck = cell
        _, left, room, decimals = column
        face = self._faces.get((is_bold, is_old, is_struck)) or self._face(cell)
        width = face.width(text)
        if decimals:
            point = text.rfind(".")
            if point >= 0:
                lacking = face.zero * (decimals - (len(text) - point - 1))
                if width + lacking <= room:
                    room -= lacking
        if width > room:
            # A figure that is whole is worth more than the gap beside it.
            if decimals is not None:
                left -= _SPARE
                room += _SPARE
            room += _SPARE
            if width > room:
                text = face.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                width = face.width(text)
        if decimals is not None:
            left += room - width
        if face is not self._face_set:
            painter.setFont(face.font)
            self._face_set = face
        if is_old:
            tone = Tone.STALE
        if tone is not self._tone_set:
            painter.setPen(self._theme.colour(tone))
            self._tone_set = tone
        painter.drawText(QPointF(left, top + (height - face.height + 1) // 2 + face.ascent), text)

    def _face(self, cell: Cell) -> _Face:
        """Make the font of such a cell."""
        font = self._theme.font(
            self._theme.zoomed(12), bold=cell.is_bold, italic=cell.is_old, strike=cell.is_struck
        )
        face = self._faces[cell.is_bold, cell.is_old, cell.is_struck] = _Face(font)
        return face

    def _chip(self, painter: QPainter, rect: QRect, cell: Cell, *, is_left: bool) -> None:
        theme = self._theme
        metrics = theme.metrics(theme.zoomed(10), bold=True)
        room = rect.width() - 2
        height = theme.zoomed(_CHIP_HEIGHT)
        width = min(metrics.horizontalAdvance(cell.text) + 2 * _CHIP_PADDING, room)
        left = min(rect.x() + PADDING, rect.right() - width) if is_left else rect.right() - width - 1
        box = QRectF(left, rect.y() + (rect.height() - 1 - height) / 2, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ground(cell.tone))
        painter.drawRoundedRect(box, 3, 3)
        painter.restore()
        painter.setFont(theme.font(theme.zoomed(10), bold=True, italic=cell.is_old))
        painter.setPen(theme.colour(cell.tone))
        painter.drawText(box, _CENTRE, cell.text)
        self._forget_pen()

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self._model.columns[index.column()].width, self._theme.row_height)
