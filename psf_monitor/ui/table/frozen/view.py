"""A table that scrolls sideways while the columns that say whose row it is stand still. Knows no figure."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, cast

from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QTableView,
    QWidget,
)

from psf_monitor.ui.style.scroll_bars import remove_menus
from psf_monitor.ui.style.viewport import make_viewport
from psf_monitor.ui.table.frozen.header import FrozenHeader

_STEPS: dict[int, QAbstractSlider.SliderAction] = {
    Qt.Key.Key_Left: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Right: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}

Span = tuple[int, int, int]
"""A column as it is drawn: its section, left and right."""


class Block(NamedTuple):
    """Neighbouring cells of neighbouring rows: ``top`` is that of the first row."""

    rows: range
    top: int
    spans: Sequence[Span]


_OUT_OF_SIGHT = 10_000
"""Pixels beyond the right edge, more than any figure is wide."""


class FrozenColumnsView(QTableView):
    """Shows the columns that its header holds over the ones that scrolled under them.

    There is one view: selection, sorting and menus find a held column where it is seen.
    """

    def __init__(
        self, rule: Callable[[], QColor], ground: Callable[[], QColor], parent: QWidget | None = None
    ) -> None:
        """``rule`` is the colour of the line between what stands and what scrolls, ``ground`` of no rows."""
        super().__init__(parent)
        remove_menus(self)
        # Every pixel is drawn here: what is below is not drawn first.
        make_viewport(self, QPalette.ColorRole.Base).setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._rule = rule
        self._ground = ground
        self.horizontalScrollBar().valueChanged.connect(self._on_scrolled)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        super().setModel(model)
        if model is not None:
            self.selectionModel().selectionChanged.connect(lambda: self.viewport().update(self._ends()))

    def _ends(self) -> QRect:
        """Where rows go on behind their last column, to the edge of the table."""
        columns = self.horizontalHeader().length() - self.horizontalHeader().offset()
        return self.viewport().rect().adjusted(columns, 0, 0, 0)

    @property
    def _header(self) -> FrozenHeader | None:
        header = self.horizontalHeader()
        return header if isinstance(header, FrozenHeader) else None

    def _on_scrolled(self, _value: int) -> None:
        # What scrolls is moved as a picture, and the held columns must not move with it.
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def _update_cells(self, columns: range, top: int, height: int) -> None:
        """Draw these columns again where they scrolled to, and where they are held."""
        header, update = self.horizontalHeader(), self.viewport().update
        for section in columns:
            width = header.sectionSize(section)
            if width:
                update(header.sectionViewportPosition(section), top, width, height)
        frozen = self._header if header.offset() else None
        if frozen is not None and any(held.section in columns for held in frozen.held()):
            update(0, top, frozen.covered_width(), height)
        # What changes the ground of a row changes all its columns.
        if columns.stop == self.model().columnCount():
            ends = self._ends()
            update(ends.left(), top, ends.width(), height)

    def draw_rows(
        self, painter: QPainter, blocks: Sequence[Block], height: int, across: tuple[int, int]
    ) -> None:
        """Draw blocks of cells, each section between its left and right and each row ``height`` high; the
        ground of every row goes ``across`` from a left to a right, whatever is between.
        """
        raise NotImplementedError

    def _scrolled(self, left: int, right: int) -> list[Span]:
        """The cells of a row that are at least partly between the two, where they scrolled to."""
        header = self.horizontalHeader()
        spans: list[Span] = []
        first = header.visualIndexAt(min(left, header.length() - header.offset() - 1))
        for place in range(max(first, 0), header.count()):
            section = header.logicalIndex(place)
            width = header.sectionSize(section)
            if not width:
                continue
            begin = header.sectionViewportPosition(section)
            if begin > right:
                break
            spans.append((section, begin, begin + width))
        return spans

    def _over(self, header: FrozenHeader, drawn: QRect) -> list[list[Span]]:
        """What is drawn over the columns that scrolled, at the left and at the right."""
        held, width = header.held(), self.viewport().width()
        over: list[list[Span]] = []
        if held and drawn.left() <= header.covered_width():
            rights = [*(each.left for each in held[1:]), header.covered_width()]
            over.append([(each.section, each.left, right) for each, right in zip(held, rights, strict=True)])
        whole_until = header.whole_until()
        if whole_until < width and drawn.right() >= whole_until:
            # Its ground alone: the figure, at the right of its cell, is out of sight.
            over.append([(header.logicalIndexAt(width - 1), whole_until, width + _OUT_OF_SIGHT)])
        return over

    def _block(self, rect: QRect, spans: Sequence[Span]) -> Block | None:
        """These cells of the rows in ``rect``; none where there are no rows."""
        first, last = self.rowAt(rect.top()), self.rowAt(rect.bottom())
        if first < 0 or not spans:
            return None
        if last < 0:
            last = self.model().rowCount() - 1
        return Block(range(first, last + 1), self.rowViewportPosition(first), spans)

    # Qt.

    def dataChanged(  # noqa: N802
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        # Not as Qt does, which draws more than the cells that it is told of.
        if QtGui.QAccessible.isActive():
            super().dataChanged(first, last, roles)
        top = self.rowViewportPosition(first.row())
        height = (last.row() - first.row() + 1) * self.rowHeight(first.row())
        self._update_cells(range(first.column(), last.column() + 1), top, height)

    def indexAt(self, at: QPoint) -> QModelIndex:  # noqa: N802
        header = self._header
        return super().indexAt(at if header is None else QPoint(header.scrolled(at.x()), at.y()))

    def scrollTo(  # noqa: N802
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        header, bar = self._header, self.horizontalScrollBar()
        before = bar.value()
        is_held = header is not None and any(held.section == index.column() for held in header.held())
        super().scrollTo(index, hint)
        if is_held:
            bar.setValue(before)
        elif header is not None:
            left = self.columnViewportPosition(index.column())
            bar.setValue(bar.value() - max(header.held_width() - left, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        bar = self.horizontalScrollBar()
        step = _STEPS.get(event.key())
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        # Rows are chosen whole, so a step from cell to cell would not be seen.
        if step is not None and plain and bar.maximum():
            bar.triggerAction(step)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and turned:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turned)
            event.accept()
        else:
            super().wheelEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        # Not cell by cell, as Qt would: what is told of each costs more than to draw it.
        painter = QPainter(self.viewport())
        drawn, height, bottom = event.rect(), self.rowHeight(0), 0
        rects = cast(Iterable[QRect], event.region())
        found = [self._block(rect, self._scrolled(rect.left(), rect.right())) for rect in rects]
        blocks = [block for block in found if block is not None]
        if blocks:
            self.draw_rows(painter, blocks, height, (drawn.left(), drawn.right() + 1))
            bottom = max(block.top + len(block.rows) * height for block in blocks)
        if bottom <= drawn.bottom():
            painter.fillRect(drawn.adjusted(0, max(bottom - drawn.top(), 0), 0, 0), self._ground())
        header = self._header
        if header is None:
            return
        for spans in self._over(header, drawn):
            block = self._block(drawn, spans)
            if block is None:
                continue
            self.draw_rows(painter, [block], height, (spans[0][1], spans[-1][2]))
            if header.held_width():
                bottom = block.top + len(block.rows) * height
                painter.fillRect(header.held_width() - 1, 0, 1, bottom, self._rule())
