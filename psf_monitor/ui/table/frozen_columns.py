"""A table, and its header, whose first columns stay in place while the others scroll under them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple, cast

from msgspec import Struct
from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QHeaderView, QTableView, QWidget

from psf_monitor.ui.style.scroll_area import make_viewport, remove_menus

_STEPS: dict[int, QAbstractSlider.SliderAction] = {
    Qt.Key.Key_Left: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Right: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}

Span = tuple[int, int, int]
"""A column as drawn: its section, left and right."""


class Block(NamedTuple):
    """Adjacent cells of adjacent rows; ``top`` is that of the first row."""

    rows: range
    top: int
    spans: Sequence[Span]


_OUT_OF_SIGHT = 10_000
"""Pixels beyond the right edge, more than any figure is wide."""


class FrozenSpan(Struct, frozen=True):
    """A column that is drawn at ``left``, although it is scrolled to ``scrolled_left`` or further."""

    section: int
    left: int
    width: int
    scrolled_left: int


class FrozenHeader(QHeaderView):
    """A header whose sections in ``holds`` stop at the left edge, one after the other, instead of leaving.

    ``figures`` are the sections with text at their right edge, which must not be cut there. The held ones
    never take more than half of the width. A held section can be clicked and resized where it is seen; it can
    be moved only at its own place, with the table scrolled back.
    """

    def __init__(self, holds: Collection[int], figures: Collection[int], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        make_viewport(self, QPalette.ColorRole.Button).setMouseTracking(True)
        self._holds = holds
        self._figures = figures
        self._shift = 0
        self.setSectionsClickable(True)
        self.sortIndicatorChanged.connect(lambda _section, _order: self.viewport().update())

    def set_figures(self, figures: Collection[int]) -> None:
        """Set the sections with text at their right edge."""
        self._figures = figures

    def held(self) -> list[FrozenSpan]:
        """Return the columns that are held now, from left to right; none while nothing is scrolled away."""
        found: list[FrozenSpan] = []
        edge = 0
        for place in range(self.count() if self.offset() else 0):
            section = self.logicalIndex(place)
            if section not in self._holds or self.isSectionHidden(section):
                continue
            left, width = self.sectionViewportPosition(section), self.sectionSize(section)
            if left >= edge or edge + width > self.viewport().width() // 2:
                break
            found.append(FrozenSpan(section, edge, width, left))
            edge += width
        return found

    def held_width(self) -> int:
        """Return the pixels at the left under which the others scroll."""
        held = self.held()
        return held[-1].left + held[-1].width if held else 0

    def covered_width(self) -> int:
        """Return the pixels at the left without a whole scrolled column: a cut figure reads as another
        one.
        """
        edge = self.held_width()
        section = self.logicalIndexAt(edge) if edge else -1
        if section < 0:
            return edge
        left, right = self.sectionViewportPosition(section), self._right(section)
        return right if left < edge and right - edge < self.room_needed(section) else edge

    def whole_until(self) -> int:
        """Return where the last whole column ends: a figure cut at its right reads as another, too."""
        edge = self.viewport().width()
        section = self.logicalIndexAt(edge - 1)
        if section < 0 or self._right(section) <= edge or section not in self._figures:
            return edge
        return min(max(self.sectionViewportPosition(section), self.covered_width()), edge)

    def room_needed(self, section: int) -> int:
        """Return the pixels at the right of a column that hold its whole text."""
        return self.sectionSize(section)

    def is_seen(self, section: int) -> bool:
        """Return whether a scrolled column is drawn: the others are behind held ones, or cut at an edge."""
        left = self.sectionViewportPosition(section)
        return self._right(section) > self.covered_width() and left < self.whole_until()

    def _right(self, section: int) -> int:
        return self.sectionViewportPosition(section) + self.sectionSize(section)

    def scrolled(self, x: int) -> int:
        """Return the header's own coordinate of the column that is seen at ``x``."""
        for each in self.held():
            if each.left <= x < each.left + each.width:
                return x - each.left + each.scrolled_left
        return x

    def _edge(self, x: int) -> FrozenSpan | None:
        """Return the held column whose right edge can be dragged at ``x``."""
        # Its class takes long to be created, so that happens on first use.
        grip = self.style().pixelMetric(QtWidgets.QStyle.PixelMetric.PM_HeaderGripMargin, None, self)
        return next((each for each in self.held() if abs(each.left + each.width - x) <= grip), None)

    def _moved(self, event: QMouseEvent) -> QMouseEvent:
        return QMouseEvent(
            event.type(),
            event.position() + QPointF(self._shift, 0),
            event.globalPosition(),
            event.button(),
            event.buttons(),
            event.modifiers(),
            event.pointingDevice(),
        )

    # Qt.

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        x = event.position().toPoint().x()
        edge = self._edge(x)
        if edge is not None:
            self._shift = edge.scrolled_left - edge.left
        else:
            self._shift = self.scrolled(x) - x
        was_movable = self.sectionsMovable()
        if self._shift:
            self.setSectionsMovable(False)
        super().mousePressEvent(self._moved(event))
        self.setSectionsMovable(was_movable)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        x = event.position().toPoint().x()
        edge = self._edge(x)
        if event.buttons() == Qt.MouseButton.NoButton and (edge is not None or self.scrolled(x) != x):
            if edge is not None and self.sectionResizeMode(edge.section) is self.ResizeMode.Interactive:
                self.setCursor(Qt.CursorShape.SplitHCursor)
            else:
                self.unsetCursor()
        else:
            super().mouseMoveEvent(self._moved(event) if event.buttons() else event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(self._moved(event))
        self._shift = 0

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        x = event.position().toPoint().x()
        self._shift = self.scrolled(x) - x
        super().mouseDoubleClickEvent(self._moved(event))
        self._shift = 0


class FrozenColumnsView(QTableView):
    """Shows the columns that its header holds over those that scrolled under them.

    There is only one view, so that selection, sorting and menus work on a held column where it is seen.
    """

    def __init__(
        self, rule: Callable[[], QColor], ground: Callable[[], QColor], parent: QWidget | None = None
    ) -> None:
        """``rule`` is the colour of the line between held and scrolled columns, ``ground`` that of the area
        without rows.
        """
        super().__init__(parent)
        remove_menus(self)
        # Every pixel is drawn here, so that the background need not be.
        make_viewport(self, QPalette.ColorRole.Base).setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._rule = rule
        self._ground = ground
        self.horizontalScrollBar().valueChanged.connect(self._on_scrolled)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        super().setModel(model)
        if model is not None:
            self.selectionModel().selectionChanged.connect(lambda: self.viewport().update(self._ends()))

    def _ends(self) -> QRect:
        """Return the area of the rows after their last column, up to the edge of the table."""
        columns = self.horizontalHeader().length() - self.horizontalHeader().offset()
        return self.viewport().rect().adjusted(columns, 0, 0, 0)

    @property
    def _header(self) -> FrozenHeader | None:
        header = self.horizontalHeader()
        return header if isinstance(header, FrozenHeader) else None

    def _on_scrolled(self, _value: int) -> None:
        # The scrolled area is moved as an image, and the held columns must not move with it.
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def _update_cells(self, columns: range, top: int, height: int) -> None:
        """Redraw these columns where they scrolled to, and where they are held."""
        header, update = self.horizontalHeader(), self.viewport().update
        for section in columns:
            width = header.sectionSize(section)
            if width:
                update(header.sectionViewportPosition(section), top, width, height)
        frozen = self._header if header.offset() else None
        if frozen is not None and any(held.section in columns for held in frozen.held()):
            update(0, top, frozen.covered_width(), height)
        # What changes a row's background changes all its columns.
        if columns.stop == self.model().columnCount():
            ends = self._ends()
            update(ends.left(), top, ends.width(), height)

    def draw_rows(
        self, painter: QPainter, blocks: Sequence[Block], height: int, across: tuple[int, int]
    ) -> None:
        """Draw blocks of cells, each section between its left and right and each row ``height`` high; a row's
        background extends ``across``, whatever is between.
        """
        raise NotImplementedError

    def _scrolled(self, left: int, right: int) -> list[Span]:
        """Return the cells of a row that are at least partly between the two, where they scrolled to."""
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
        """Return what is drawn over the columns that scrolled, at the left and at the right."""
        held, width = header.held(), self.viewport().width()
        over: list[list[Span]] = []
        if held and drawn.left() <= header.covered_width():
            rights = [*(each.left for each in held[1:]), header.covered_width()]
            over.append([(each.section, each.left, right) for each, right in zip(held, rights, strict=True)])
        whole_until = header.whole_until()
        if whole_until < width and drawn.right() >= whole_until:
            # Only its background: the figure, at the right of its cell, is not visible.
            over.append([(header.logicalIndexAt(width - 1), whole_until, width + _OUT_OF_SIGHT)])
        return over

    def _block(self, rect: QRect, spans: Sequence[Span]) -> Block | None:
        """Return these cells of the rows in ``rect``; ``None`` if there are no rows."""
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
        # Qt's own way would draw more than the requested cells.
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
        # Whole rows are selected, so a step from cell to cell would be invisible.
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
        # Not cell by cell, as Qt would: each notification costs more than drawing the cell.
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
