"""Draws the cells of all tables from what the model formatted; texts and tones are not decided here."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Generic, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from psf_monitor.ui.style import shapes, sparkline
from psf_monitor.ui.style.shapes import Shape
from psf_monitor.ui.style.theme import CHIP_TONES, Theme, Tone
from psf_monitor.ui.table.cells.cell_painter import CellText, TextColumn
from psf_monitor.ui.table.column_arrangement import ARROW_ROOM, PADDING
from psf_monitor.ui.table.columns import R, never
from psf_monitor.ui.table.frozen_columns import Block, Span
from psf_monitor.ui.table.model import TableModel
from psf_monitor.ui.table.sorted_lines import Cell, Heading, Line

_INDENT = 12
"""The indent of the symbol of a row under a heading, in pixels."""
_CHIP_HEIGHT = 14
_CHIP_PADDING = 5
_BAR_WIDTH = 3
_LINE_WIDTH = 2
_MARK_SIZE = 10
_BELL_SIZE = 10
_CENTRE = Qt.AlignmentFlag.AlignCenter
_NOWHERE = QModelIndex()


class _Row(NamedTuple, Generic[R]):
    """A row as drawn, from ``top`` on."""

    top: int
    line: Line[R]
    is_selected: bool
    is_highlighted: bool


class RowPainter(QStyledItemDelegate, Generic[R]):
    """Draws rows of ``view``: backgrounds, tints, bars, then column by column chip, or mark and text.

    ``texts_elided`` carries, by section, the width in pixels at which no text just drawn would be elided.
    """

    texts_elided = Signal(object)

    def __init__(self, model: TableModel[R], theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._theme = theme
        self._text = CellText(theme)
        self.alerted: Mapping[str, str] = {}
        """The shares with a fired alert, with the key of the column that fired it."""

    def draw(self, painter: QPainter, blocks: Sequence[Block], height: int, across: tuple[int, int]) -> None:
        """Draw blocks of cells; the backgrounds of their rows extend ``across``, from left to right."""
        self._text.forget_pen()
        rows = self._rows(blocks, height)
        if not rows:
            return
        self._grounds(painter, rows, height, across)
        for block in blocks:
            self._tints(painter, rows, height, block)
        for row in rows.values():
            if row.is_selected or row.is_highlighted:
                self._edges(painter, row, height, across, blocks)
        for block in blocks:
            self._block(painter, rows, height, block)
        if self._text.lacking:
            needed = {i: ceil(self._width(i) + lacking) for i, lacking in self._text.lacking.items()}
            self._text.lacking.clear()
            self.texts_elided.emit(needed)

    def _rows(self, blocks: Sequence[Block], height: int) -> dict[int, _Row[R]]:
        """Return the rows of all blocks by place, from the top down."""
        places = sorted({place for block in blocks for place in block.rows})
        first, top = blocks[0].rows.start, blocks[0].top
        lines = self._model.lines(range(places[0], places[-1] + 1))
        selection, is_highlight = self._view.selectionModel(), self._model.table.is_highlighted
        has_selection = selection.hasSelection()
        rows = {}
        for place in places:
            if place - places[0] >= len(lines):
                break
            line = lines[place - places[0]]
            rows[place] = _Row(
                top + (place - first) * height,
                line,
                has_selection and selection.isRowSelected(place, _NOWHERE),
                is_highlight is not never and line.heading is None and is_highlight(line.row),
            )
        return rows

    def _grounds(
        self, painter: QPainter, rows: Mapping[int, _Row[R]], height: int, across: tuple[int, int]
    ) -> None:
        """Fill the background of every row; selected and highlighted rows have their own."""
        colour, fill = self._theme.colour, painter.fillRect
        grounds, grid = (colour("base"), colour("alt")), colour("grid")
        left, width = across[0], across[1] - across[0]
        for place, (top, _line, is_selected, is_highlighted) in rows.items():
            ground = grounds[place % 2]
            if is_selected or is_highlighted:
                ground = colour("near_fill" if is_highlighted else "selection")
            fill(left, top, width, height - 1, ground)
            fill(left, top + height - 1, width, 1, grid)

    def _tints(self, painter: QPainter, rows: Mapping[int, _Row[R]], height: int, block: Block) -> None:
        """Tint the cells of figures that have just moved."""
        tinted = [row for place in block.rows if (row := rows.get(place)) and row.line.tints]
        if not tinted:
            return
        up, down = self._theme.colour("tick_up"), self._theme.colour("tick_down")
        for section, left, right in block.spans:
            for top, line, *_ in tinted:
                tint = line.tints.get(section)
                if tint is not None:
                    painter.fillRect(left, top, right - left, height - 1, up if tint[0] else down)

    def _edges(
        self,
        painter: QPainter,
        row: _Row[R],
        height: int,
        across: tuple[int, int],
        blocks: Sequence[Block],
    ) -> None:
        """Draw the edges that mark a row as selected or highlighted."""
        left, right = across
        accent = self._theme.colour("accent")
        if row.is_selected and row.is_highlighted:
            # Both are marked: the background stays, lines above and below mark the selection.
            for top in (row.top, row.top + height - _LINE_WIDTH):
                painter.fillRect(left, top, right - left, _LINE_WIDTH, accent)
        for block in blocks:
            section, begin, _ = block.spans[0]
            if self._is_first(section):
                bar = self._theme.colour("warn") if row.is_highlighted else accent
                painter.fillRect(begin, row.top, _BAR_WIDTH, height - 1, bar)

    def _block(self, painter: QPainter, rows: Mapping[int, _Row[R]], height: int, block: Block) -> None:
        """Draw the cells of a block over the backgrounds of its rows."""
        placed: list[tuple[int, Line[R]]] = []
        for place in block.rows:
            row = rows.get(place)
            if row is None:
                break
            if row.line.heading is None:
                placed.append((row.top, row.line))
            else:
                self._heading(painter, row.line, row.top, height, block.spans, is_selected=row.is_selected)
        for span in block.spans:
            self._cells(painter, placed, span, height)
        if self.alerted:
            for top, line in placed:
                names = (line.row.symbol, getattr(line.row, "priced_as", ""))
                seen = next((self.alerted[name] for name in names if name in self.alerted), None)
                if seen is not None:
                    self._mark_alert(painter, line, seen, top, height, block.spans)

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
        cell_of, texts = self._model.cell, []
        for top, line in placed:
            cell = line.cells[section] or cell_of(line, section)
            if cell.tone in CHIP_TONES:
                self._chip(painter, QRect(left, top, right - left, height), cell, is_left=definition.is_left)
            elif cell.text:
                texts.append((top, cell))
        # The number of decimals is known once all of them are formatted.
        column = self._column(section, left + PADDING, right - left - 2 * PADDING)
        self._text.write(painter, texts, column, height - 1)

    def _column(self, section: int, left: float, room: float) -> TextColumn:
        is_left = self._model.columns[section].is_left
        return TextColumn(left, room, None if is_left else self._model.decimals(section), section)

    def _mark_alert(
        self, painter: QPainter, line: Line[R], seen: str, top: int, height: int, spans: Sequence[Span]
    ) -> None:
        """Draw a bell after the symbol, a bar before the row, and an outline around the cell that fired.

        In a group, where the symbol is indented, the bell precedes it.
        """
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
        """Draw the line over a group: arrow and name, its sums, and the note in columns without a sum."""
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
            name = TextColumn(left + ARROW_ROOM, room, None if columns[last].is_left else 0)
            self._text.write(painter, [(top, self._model.cell(line, last))], name, height - 1)
        if after and (held is None or not held):
            left = self._position(after[0]) + PADDING
            room = self._position(after[-1]) + self._width(after[-1]) - left - PADDING
            text = heading.note_text(hides=self._model.are_values_hidden)
            note = Cell(text, Tone.TEXT2, is_bold=False, is_old=False, is_struck=False)
            free = TextColumn(left, room, None)
            self._text.write(painter, [(top, note)], free, height - 1)

    def _around_name(self, heading: Heading) -> tuple[list[int], list[int]]:
        """Return the sections that the name of a group covers, and those that are free for its note.

        This depends on the columns alone, so that it is the same however little of a row is redrawn.
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
            sparkline.draw(painter, self._theme, column.line(line.row), box, is_old=cell.is_old)
            self._text.forget_pen()
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
            self._text.write(painter, [(top, cell)], self._column(i, left, room), height - 1)

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
        self._text.forget_pen()

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self._model.columns[index.column()].width, self._theme.row_height)
