"""Draws the cells of both tables from what the model formatted: no text and no colour is made here."""

from typing import Generic

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from psf_monitor.ui import shapes
from psf_monitor.ui.arrangement import Arrangement
from psf_monitor.ui.columns import R
from psf_monitor.ui.table_model import Cell, TableModel
from psf_monitor.ui.theme import CHIP_TONES, Theme, Tone

PADDING = 5
_CHIP_HEIGHT = 14
_CHIP_PADDING = 5
_BAR_WIDTH = 3
_MARK_SIZE = 10
_SPARE = 3
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter


class CellDelegate(QStyledItemDelegate, Generic[R]):
    """Ground, bar, chip, mark and text of one cell, in that order."""

    def __init__(
        self,
        model: TableModel[R],
        theme: Theme,
        arrangement: Arrangement,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._arrangement = arrangement
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model, theme, i = self._model, self._theme, index.column()
        line = model.line(index.row())
        column = model.columns[i]
        cell = model.cell(line, i)
        rect: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        highlighted = model.table.is_highlighted(line.row)
        tint = line.tints.get(i)
        if tint is not None:
            ground = "tick_up" if tint[0] else "tick_down"
        elif selected:
            ground = "selection"
        elif highlighted:
            ground = "near_fill"
        else:
            ground = "alt" if index.row() % 2 else "base"
        painter.fillRect(rect, theme.colour(ground))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.colour("grid"))
        if (selected or highlighted) and i == self._arrangement.shown[0]:
            bar = "warn" if highlighted else "accent"
            painter.fillRect(rect.x(), rect.y(), _BAR_WIDTH, rect.height() - 1, theme.colour(bar))
        if cell.tone in CHIP_TONES:
            self._chip(painter, rect, cell, is_left=column.is_left)
            return
        inner = rect.adjusted(PADDING, 0, -PADDING, -1)
        if column.mark is not None:
            shape, tone = column.mark(line.row)
            colour = theme.colour(Tone.STALE if cell.is_old else tone)
            centre = QPointF(inner.x() + _MARK_SIZE / 2 + 0.5, inner.center().y() + 0.5)
            shapes.draw(painter, shape, centre, _MARK_SIZE, colour)
            inner.setLeft(inner.x() + _MARK_SIZE + PADDING)
        self._text(painter, inner, cell, i)

    def _text(self, painter: QPainter, rect: QRect, cell: Cell, column: int) -> None:
        text, theme = cell.text, self._theme
        metrics = theme.metrics(theme.zoomed(12), bold=cell.is_bold, italic=cell.is_old)
        width = metrics.horizontalAdvance(text)
        if self._model.columns[column].is_left:
            align = _LEFT
        else:
            align = _RIGHT
            most = self._model.decimals(column)
            point = text.rfind(".")
            if most and point >= 0:
                lacking = metrics.horizontalAdvance("0") * (most - (len(text) - point - 1))
                if lacking and width + lacking <= rect.width():
                    rect.setRight(rect.right() - lacking)
        if width > rect.width():
            # A figure that is whole is worth more than the gap beside it.
            rect = rect.adjusted(0 if align == _LEFT else -_SPARE, 0, _SPARE, 0)
        if width > rect.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(
            theme.font(theme.zoomed(12), bold=cell.is_bold, italic=cell.is_old, strike=cell.is_struck)
        )
        painter.setPen(theme.colour(Tone.STALE if cell.is_old else cell.tone))
        painter.drawText(rect, align, text)

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
