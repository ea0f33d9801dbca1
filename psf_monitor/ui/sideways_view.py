"""A table that scrolls sideways while the columns that say whose row it is stand still. Knows no figure."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from psf_monitor.ui.held_header import HeldHeader

_STEPS: dict[int, QAbstractSlider.SliderAction] = {
    Qt.Key.Key_Left: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Right: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}

_OUT_OF_SIGHT = 10_000
"""Pixels beyond the right edge, more than any figure is wide."""


class SidewaysView(QTableView):
    """Shows the columns that its header holds over the ones that scrolled under them.

    There is one view: selection, sorting and menus find a held column where it is seen.
    """

    def __init__(self, rule: Callable[[], QColor], parent: QWidget | None = None) -> None:
        """``rule`` is the colour of the line between what stands and what scrolls."""
        super().__init__(parent)
        self._rule = rule
        self._is_watching = False
        self.horizontalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def _header(self) -> HeldHeader | None:
        header = self.horizontalHeader()
        return header if isinstance(header, HeldHeader) else None

    def _on_scrolled(self, value: int) -> None:
        # What scrolls is moved as a picture, and the held columns must not move with it.
        self.viewport().update()
        self.horizontalHeader().viewport().update()
        if bool(value) is not self._is_watching:
            self._is_watching = bool(value)
            if value:
                self.model().dataChanged.connect(self._on_data_changed)
            else:
                self.model().dataChanged.disconnect(self._on_data_changed)

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex, _roles: list[int]) -> None:
        header = self._header
        columns = range(first.column(), last.column() + 1)
        if header is not None and any(held.section in columns for held in header.held()):
            top = self.rowViewportPosition(first.row())
            bottom = self.rowViewportPosition(last.row()) + self.rowHeight(last.row())
            self.viewport().update(0, top, header.covered_width(), bottom - top)

    def _over(self, header: HeldHeader, drawn: QRect) -> list[tuple[int, int, int]]:
        """What is drawn over the columns that scrolled: section, left and right."""
        held, width = header.held(), self.viewport().width()
        over: list[tuple[int, int, int]] = []
        if held and drawn.left() <= header.covered_width():
            rights = [*(each.left for each in held[1:]), header.covered_width()]
            over = [(each.section, each.left, right) for each, right in zip(held, rights, strict=True)]
        whole_until = header.whole_until()
        if whole_until < width and drawn.right() >= whole_until:
            # Its ground alone: the figure, at the right of its cell, is out of sight.
            over.append((header.logicalIndexAt(width - 1), whole_until, width + _OUT_OF_SIGHT))
        return over

    # Qt.

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
        super().paintEvent(event)
        header = self._header
        if header is None:
            return
        over = self._over(header, event.rect())
        if not over:
            return
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state & ~QStyle.StateFlag.State_Selected
        model, selection, delegate = self.model(), self.selectionModel(), self.itemDelegate()
        first, last = self.rowAt(event.rect().top()), self.rowAt(event.rect().bottom())
        if last < 0:
            last = model.rowCount() - 1
        for row in range(max(first, 0), last + 1):
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            for section, left, right in over:
                index = model.index(row, section)
                option.rect = QRect(left, top, right - left, height)
                option.state = plain
                if selection.isSelected(index):
                    option.state |= QStyle.StateFlag.State_Selected
                delegate.paint(painter, option, index)
        if last >= 0 and header.held_width():
            bottom = self.rowViewportPosition(last) + self.rowHeight(last)
            painter.fillRect(header.held_width() - 1, 0, 1, bottom, self._rule())
