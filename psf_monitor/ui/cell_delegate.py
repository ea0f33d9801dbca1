"""Draws the cells of both tables from what the model formatted: no text and no colour is made here."""

from typing import Generic

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from psf_monitor.ui import shapes
from psf_monitor.ui.columns import R
from psf_monitor.ui.table_model import Cell, TableModel
from psf_monitor.ui.theme import CHIP_TONES, Theme, Tone

PADDING = 5
_CHIP_HEIGHT = 14
_CHIP_PADDING = 5
_BAR_WIDTH = 3
_MARK_SIZE = 10
_SPARE = 3
_CENTRE = Qt.AlignmentFlag.AlignCenter
_MOST_WIDTHS = 4096


class _Face:
    """A font and the widths of what was written in it: to measure a text costs as much as to draw it."""

    __slots__ = ("_widths", "ascent", "font", "height", "metrics", "zero")

    def __init__(self, font: QFont) -> None:
        self.font = font
        # Not in whole pixels: figures of different length would not line up.
        self.metrics = QFontMetricsF(font)
        self.ascent = round(self.metrics.ascent())
        self.height = round(self.metrics.height())
        self.zero = self.metrics.horizontalAdvance("0")
        self._widths: dict[str, float] = {}

    def width(self, text: str) -> float:
        """In device-independent pixels."""
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[text] = self.metrics.horizontalAdvance(text)
        return width


class CellDelegate(QStyledItemDelegate, Generic[R]):
    """Ground, bar, chip, mark and text of one cell of ``view``, in that order."""

    def __init__(self, model: TableModel[R], theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._theme = theme
        self._faces: dict[tuple[bool, bool, bool], _Face] = {}
        theme.changed.connect(self._faces.clear)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model, theme, row, i = self._model, self._theme, index.row(), index.column()
        line = model.line(row)
        column = model.columns[i]
        cell = model.cell(line, i)
        rect: QRect = option.rect
        x, y, width, height = rect.x(), rect.y(), rect.width(), rect.height()
        # The option would say it too; to ask it costs four times as much.
        selected = self._view.selectionModel().isSelected(index)
        highlighted = model.table.is_highlighted(line.row)
        tint = line.tints.get(i)
        if tint is not None:
            ground = "tick_up" if tint[0] else "tick_down"
        elif selected:
            ground = "selection"
        elif highlighted:
            ground = "near_fill"
        else:
            ground = "alt" if row % 2 else "base"
        painter.fillRect(x, y, width, height - 1, theme.colour(ground))
        painter.fillRect(x, y + height - 1, width, 1, theme.colour("grid"))
        if (selected or highlighted) and self._view.horizontalHeader().sectionPosition(i) == 0:
            bar = "warn" if highlighted else "accent"
            painter.fillRect(x, y, _BAR_WIDTH, height - 1, theme.colour(bar))
        if cell.tone in CHIP_TONES:
            self._chip(painter, rect, cell, is_left=column.is_left)
            return
        left, room = x + PADDING, width - 2 * PADDING
        if column.mark is not None:
            shape, tone = column.mark(line.row)
            colour = theme.colour(Tone.STALE if cell.is_old else tone)
            centre = QPointF(left + _MARK_SIZE / 2 + 0.5, y + (height - 2) // 2 + 0.5)
            shapes.draw(painter, shape, centre, _MARK_SIZE, colour)
            left += _MARK_SIZE + PADDING
            room -= _MARK_SIZE + PADDING
        self._text(painter, cell, i, left, room, y, height - 1)

    def _text(
        self, painter: QPainter, cell: Cell, column: int, left: float, room: float, top: int, height: int
    ) -> None:
        text = cell.text
        face = self._face(cell)
        width = face.width(text)
        is_left = self._model.columns[column].is_left
        if not is_left:
            most = self._model.decimals(column)
            point = text.rfind(".")
            if most and point >= 0:
                lacking = face.zero * (most - (len(text) - point - 1))
                if width + lacking <= room:
                    room -= lacking
        if width > room:
            # A figure that is whole is worth more than the gap beside it.
            if not is_left:
                left -= _SPARE
                room += _SPARE
            room += _SPARE
        if width > room:
            text = face.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            width = face.width(text)
        if not is_left:
            left += room - width
        painter.setFont(face.font)
        painter.setPen(self._theme.colour(Tone.STALE if cell.is_old else cell.tone))
        painter.drawText(QPointF(left, top + (height - face.height + 1) // 2 + face.ascent), text)

    def _face(self, cell: Cell) -> _Face:
        key = (cell.is_bold, cell.is_old, cell.is_struck)
        face = self._faces.get(key)
        if face is None:
            pixels = self._theme.zoomed(12)
            font = self._theme.font(pixels, bold=cell.is_bold, italic=cell.is_old, strike=cell.is_struck)
            face = self._faces[key] = _Face(font)
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

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self._model.columns[index.column()].width, self._theme.row_height)
