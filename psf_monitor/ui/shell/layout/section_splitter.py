"""The splitter between the positions and the lower section: it follows the rows until the trader moves it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLayout, QSplitter, QWidget

from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.layout.pointer_watch import PointerWatch
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.table.panel import TablePanel

FEWEST_ROWS, SURE_ROWS = 4, 8
"""Rows that the lower section always has room for, and rows it gets before the positions get theirs."""
SPARE_ROWS = 5
"""The positions grow in steps of this many rows, so that one more or less moves nothing."""
LEAST_ABOVE = 15
"""Rows of positions, existing or not, for which there is room before any stays free below the lower
section.
"""
MOST_FOR_THE_LOWER = 0.5
"""The most of the height that the lower section takes while the positions lack room."""

_BOTH_AWAY = "The tables stand in windows of their own. Close one, or use View, and it comes back here."


class SectionSplitter(QSplitter):
    """Positions above the lower section above anything added below.

    The lower section gets what the longest of its tables needs, so that no tab moves when another comes to
    the front. The positions get the rest with few rows to spare, so that the orders stay close below them on
    a very large screen. A double click on the handle makes it follow the rows again.
    """

    def __init__(self, positions: PositionsPanel, section: LowerSection) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.positions = positions
        self.section = section
        self.is_chosen = False
        self._chosen: tuple[int, ...] = ()
        self._rows_before = 0
        self._pointer = PointerWatch(section)
        self.setHandleWidth(3)
        self.setChildrenCollapsible(False)
        for part, stretch in ((positions, 1), (section, 0)):
            self.addWidget(part)
            self.setStretchFactor(self.count() - 1, stretch)
        self.splitterMoved.connect(self._on_moved)
        self.handle(1).setToolTip("Drag it; a double click lets it follow the rows")
        self.handle(1).installEventFilter(self)

    def add_below(self, part: QWidget) -> None:
        """Add ``part`` below both, with the height that it asks for."""
        self.addWidget(part)
        self.setStretchFactor(self.count() - 1, 0)

    def restore(self, sizes: Sequence[int]) -> None:
        """Restore the trader's sizes; without sizes it follows the rows."""
        self.is_chosen = bool(sizes)
        self._chosen = tuple(sizes)
        if sizes and self.is_whole:
            self.setSizes(list(sizes))

    def saved(self) -> tuple[int, ...]:
        """Return the heights of the parts, if the trader chose them; the last ones while a part is
        detached.
        """
        if not self.is_chosen:
            return ()
        return tuple(self.sizes()) if self.is_whole else self._chosen

    @property
    def is_whole(self) -> bool:
        """Return whether no part is in a window of its own."""
        return self.indexOf(self.positions) >= 0 and self.indexOf(self.section) >= 0

    def move_out(self, part: QWidget, layout: QLayout) -> None:
        """Move a part into ``layout``, and remember its height."""
        if self.is_whole:
            self._chosen = tuple(self.sizes())
        layout.addWidget(part)
        self._stretch()

    def move_back(self, part: QWidget) -> None:
        """Put a part back in its place, at the height that the trader chose."""
        self.insertWidget(0 if part is self.positions else self.indexOf(self.positions) + 1, part)
        self._stretch()
        if self.is_chosen and self.is_whole:
            self.setSizes(list(self._chosen))

    def _stretch(self) -> None:
        """Give additional height to the positions or, if they are detached, to the lower section."""
        place = self.indexOf(self.section)
        if place >= 0:
            self.setStretchFactor(place, 0 if self.is_whole else 1)

    def refresh(self) -> None:
        """Give each part the height its rows need, unless the trader chose or rows would move under the
        pointer.
        """
        if self.is_chosen or self.is_held or not self.isVisible():
            return
        if not self.is_whole:
            self._fit_one()
            return
        self._rows_before = self.section.most_rows
        upper, lower, *below = self.sizes()
        others = [self._height_below(place, size) for place, size in enumerate(below, 2)]
        room = upper + lower + sum(below) - sum(others)
        needed, sure = self._needed_below()
        sure = min(sure, int(room * MOST_FOR_THE_LOWER))
        above = self._needed_above()
        wanted = max(min(needed, max(sure, room - above)), room - above - self._spare_above())
        if wanted != lower or others != below:
            self.setSizes([room - wanted, wanted, *others])

    def _fit_one(self) -> None:
        """If a part is detached, give the other one all the height that is left."""
        first, *below = self.sizes()
        others = [self._height_below(place, size) for place, size in enumerate(below, 1)]
        if others != below:
            self.setSizes([first + sum(below) - sum(others), *others])

    @property
    def is_held(self) -> bool:
        """Return whether the pointer moved over a table just now, or rests on rows that would move."""
        if self._pointer.is_pointed and self._rows_before:
            return True
        panels = (self.positions, *self.section.tables)
        return any(panel.view.hold.isActive() for panel in panels)

    @property
    def empty_text(self) -> str:
        """Return the text in the middle of the window while both parts are detached."""
        are_away = self.indexOf(self.positions) < 0 and self.indexOf(self.section) < 0
        return _BOTH_AWAY if are_away else ""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.empty_text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Compute the parts' heights when they are laid out, before the first painting."""
        super().showEvent(event)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.MouseButtonDblClick:
            self.is_chosen = False
            self.refresh()
            return True
        return super().eventFilter(watched, event)

    def _needed_above(self) -> int:
        return self._chrome(self.positions) + self._rows_height(self.positions)

    def _spare_above(self) -> int:
        """Return the room for additional positions; what is left beyond it stays free below."""
        rows = self.positions.model.shown_count
        row = self.positions.view.verticalHeader().defaultSectionSize()
        return (max(rows + SPARE_ROWS - rows % SPARE_ROWS, LEAST_ABOVE) - rows) * row

    def _needed_below(self) -> tuple[int, int]:
        """Return the height for all rows, and for those with guaranteed room."""
        front = self.section.front
        row = front.view.verticalHeader().defaultSectionSize()
        chrome, of_rows = self._chrome(front), max(self.section.most_rows, FEWEST_ROWS) * row
        return chrome + of_rows, chrome + min(of_rows, SURE_ROWS * row)

    def _chrome(self, panel: TablePanel[Any]) -> int:
        """Return the height of everything but rows: bar, titles, sums, the horizontal scroll bar."""
        outer = self.section if panel is not self.positions else panel
        return outer.height() - panel.view.viewport().height() - panel.frame.spare_height

    @staticmethod
    def _rows_height(panel: TablePanel[Any]) -> int:
        return panel.model.shown_count * panel.view.verticalHeader().defaultSectionSize()

    def _height_below(self, place: int, size: int) -> int:
        """Return the height of a part below, or what it asks for if it has just been opened."""
        part = self.widget(place)
        return size if part is None or not part.isVisible() else max(size, part.sizeHint().height())

    def _on_moved(self, _position: int, _index: int) -> None:
        # With one part detached it is the height of the log alone.
        self.is_chosen = self.is_chosen or self.is_whole
