"""A header whose first columns stand still while the others scroll under them. Draws nothing."""

from collections.abc import Collection

from msgspec import Struct
from PySide6 import QtWidgets
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPalette
from PySide6.QtWidgets import QHeaderView, QWidget

from psf_monitor.ui.style.viewport import make_viewport


class FrozenSpan(Struct, frozen=True):
    """A column that stands at ``left``, although it is scrolled to ``scrolled_left`` or further."""

    section: int
    left: int
    width: int
    scrolled_left: int


class FrozenHeader(QHeaderView):
    """Sections named in ``holds`` stop at the left edge, one after the other, instead of leaving.

    ``figures`` are the sections that say something at their right edge, which must not be cut there. The held
    ones never take more than half of the width. While one stands still it can be clicked and widened where
    it is seen; it can be moved only where it belongs, with the table scrolled back.
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
        """Name the sections that say something at their right edge."""
        self._figures = figures

    def held(self) -> list[FrozenSpan]:
        """The columns that stand still now, from left to right; none while nothing is scrolled away."""
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
        """Pixels at the left under which the others scroll."""
        held = self.held()
        return held[-1].left + held[-1].width if held else 0

    def covered_width(self) -> int:
        """Pixels at the left without a whole scrolled column: a figure cut at its left reads as another."""
        edge = self.held_width()
        section = self.logicalIndexAt(edge) if edge else -1
        if section < 0:
            return edge
        left, right = self.sectionViewportPosition(section), self._right(section)
        return right if left < edge and right - edge < self.room_needed(section) else edge

    def whole_until(self) -> int:
        """Where the last whole column ends: a figure cut at its right reads as another, too."""
        edge = self.viewport().width()
        section = self.logicalIndexAt(edge - 1)
        if section < 0 or self._right(section) <= edge or section not in self._figures:
            return edge
        return min(max(self.sectionViewportPosition(section), self.covered_width()), edge)

    def room_needed(self, section: int) -> int:
        """Pixels at the right of a column within which all that it says is whole."""
        return self.sectionSize(section)

    def is_seen(self, section: int) -> bool:
        """Whether a column that scrolls is drawn: the others are behind the held ones, or cut at an edge."""
        left = self.sectionViewportPosition(section)
        return self._right(section) > self.covered_width() and left < self.whole_until()

    def _right(self, section: int) -> int:
        return self.sectionViewportPosition(section) + self.sectionSize(section)

    def scrolled(self, x: int) -> int:
        """Where the column that is seen at ``x`` is by the header's own count."""
        for each in self.held():
            if each.left <= x < each.left + each.width:
                return x - each.left + each.scrolled_left
        return x

    def _edge(self, x: int) -> FrozenSpan | None:
        """The held column whose right edge is close enough to ``x`` to be taken hold of."""
        # Its class takes long to be made, which is with its first use.
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
