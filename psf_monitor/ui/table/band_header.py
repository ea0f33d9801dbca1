"""A header with two lines: the source of the figures, and the columns' titles."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from psf_monitor import formatting
from psf_monitor.ui.style.theme import Theme
from psf_monitor.ui.table.column_arrangement import PADDING, ColumnArrangement
from psf_monitor.ui.table.columns import Band, Column, R
from psf_monitor.ui.table.frozen_columns import FrozenHeader
from psf_monitor.ui.table.model import TableModel

if TYPE_CHECKING:
    from psf_monitor.domain.facts import Facts

_BAND_HEIGHT = 14
_TITLE_HEIGHT = 20


_ARROWS, _HELD_ARROWS = ("▾", "▴"), ("▿", "▵")


class BandHeader(FrozenHeader, Generic[R]):
    """Bands over titles. ``set_notes`` sets, per band, what is wrong with everything below it.

    A band whose columns are partly scrolled away keeps its name visible over the rest of them.
    """

    def __init__(self, model: TableModel[R], theme: Theme, parent: QWidget) -> None:
        super().__init__(
            [i for i, column in enumerate(model.columns) if column.key in model.table.holds],
            _figures(model.columns),
            parent,
        )
        self._model = model
        self._columns = model.columns
        model.columns_coming.connect(self._on_columns_coming)
        self._theme = theme
        self._account = Band.IBKR.value
        self._notes: Mapping[Band, tuple[str, ...]] = {}
        self._is_order_held = False
        self.setHighlightSections(False)
        self.setMinimumSectionSize(20)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.arrangement = ColumnArrangement(self, model.columns, theme)
        # Qt redraws the columns that moved; a band's line continues over those that did not.
        for moved in (self.sectionResized, self.sectionMoved):
            moved.connect(lambda *_: self.viewport().update())

    @property
    def column_keys(self) -> list[str]:
        return [column.key for column in self._columns]

    def _on_columns_coming(self) -> None:
        self._columns = self.arrangement.columns = self._model.columns
        self.set_figures(_figures(self._columns))

    @property
    def notes(self) -> Mapping[Band, tuple[str, ...]]:
        return self._notes

    def name_account(self, text: str) -> None:
        """Set the text over the columns that come from an account."""
        if text != self._account:
            self._account = text
            self.viewport().update()

    @property
    def account(self) -> str:
        return self._account

    def show_held(self, is_held: bool) -> None:
        """Draw the sort arrow hollow while rows keep their places under the pointer."""
        if is_held is not self._is_order_held:
            self._is_order_held = is_held
            self.viewport().update()

    @property
    def sort_arrow(self) -> str:
        """Return the mark beside the title of the column by which the rows are sorted."""
        arrows = _HELD_ARROWS if self._is_order_held else _ARROWS
        return arrows[self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder]

    def set_notes(self, notes: Mapping[Band, tuple[str, ...]]) -> None:
        """Set the wordings of each band's note, longest first: the first that fits is drawn."""
        if notes != self._notes:
            self._notes = notes
            self.viewport().update()

    def bands(self) -> Iterator[tuple[Band, int, int]]:
        """Yield every run of adjacent visible columns of one source: band, left, right."""
        return _joined(
            (self._columns[section].band, left, left + self.sectionSize(section))
            for section in self.arrangement.shown
            for left in (self.sectionViewportPosition(section),)
        )

    @property
    def height_needed(self) -> int:
        return self._theme.zoomed(_BAND_HEIGHT) + self._theme.zoomed(_TITLE_HEIGHT)

    def room_needed(self, section: int) -> int:
        column, width = self._columns[section], self.sectionSize(section)
        return width if column.is_left else min(width, self._theme.zoomed(column.width))

    def sizeHint(self) -> QSize:  # noqa: N802
        # A table lays out its columns itself; measuring every title would take longer than drawing them.
        return QSize(self.length(), self.height_needed)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.colour("header"))
        height = self.height_needed
        painter.fillRect(0, height - 1, self.viewport().width(), 1, theme.colour("divider"))
        held = self.held()
        edge = self.held_width()
        painter.setClipRect(QRect(edge, 0, self.viewport().width() - edge, height))
        for band, left, right in self.bands():
            self._band(painter, band, max(left, edge), right)
        for section in self.arrangement.shown:
            if self.is_seen(section):
                self._title(painter, section, self.sectionViewportPosition(section))
        if held:
            painter.setClipRect(QRect(0, 0, edge, height))
            for band, left, right in _joined(
                (self._columns[each.section].band, each.left, each.left + each.width) for each in held
            ):
                self._band(painter, band, left, right)
            for each in held:
                self._title(painter, each.section, each.left)
            painter.fillRect(edge - 1, 0, 1, height, theme.colour("control"))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        """Draw the column that the trader drags: its title on an opaque background."""
        theme, column = self._theme, self._columns[section]
        painter.setOpacity(1.0)
        painter.fillRect(rect, theme.colour("accent"))
        painter.fillRect(rect.adjusted(1, 1, -1, -1), theme.colour("selection"))
        painter.setFont(theme.font(theme.zoomed(11), bold=True))
        painter.setPen(theme.colour("text"))
        within = rect.adjusted(PADDING, theme.zoomed(_BAND_HEIGHT), -PADDING, -1)
        side = Qt.AlignmentFlag.AlignLeft if column.is_left else Qt.AlignmentFlag.AlignRight
        painter.drawText(within, side | Qt.AlignmentFlag.AlignVCenter, column.title)

    def _title(self, painter: QPainter, section: int, left: int) -> None:
        theme, column = self._theme, self._columns[section]
        band_height = theme.zoomed(_BAND_HEIGHT)
        rect = QRect(
            left + PADDING,
            band_height + 1,
            self.sectionSize(section) - 2 * PADDING,
            self.height_needed - band_height - 2,
        )
        title = column.title
        is_sorted = section == self.sortIndicatorSection()
        if is_sorted:
            title = f"{title} {self.sort_arrow}"
        painter.setFont(theme.font(theme.zoomed(11), bold=True))
        painter.setPen(theme.colour("text" if is_sorted else "text2"))
        metrics = theme.metrics(theme.zoomed(11), bold=True)
        if metrics.horizontalAdvance(title) > rect.width():
            # The gap between two titles has room for an arrow; an elided title would be unreadable.
            rect.adjust(-PADDING, 0, PADDING, 0)
            title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
        side = Qt.AlignmentFlag.AlignLeft if column.is_left else Qt.AlignmentFlag.AlignRight
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, title)

    def _band(self, painter: QPainter, band: Band, left: int, right: int) -> None:
        theme = self._theme
        rect = QRect(left + PADDING, 0, right - left - 2 * PADDING, theme.zoomed(_BAND_HEIGHT))
        if rect.width() <= 0:
            return
        notes = self._notes.get(band, ())
        metrics = theme.metrics(theme.zoomed(10), bold=True)
        name = self._account if band is Band.IBKR else band.value
        wordings = [*(f"{name}  ·  {note}" for note in notes), name]
        if name != band:
            wordings.append("ACCOUNT")
        fitting = [text for text in wordings if metrics.horizontalAdvance(text) <= rect.width()]
        text = fitting[0] if fitting else metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(theme.font(theme.zoomed(10), bold=True))
        painter.setPen(theme.colour("warn" if notes else "text2"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.colour("control"))


def _figures(columns: Sequence[Column[R]]) -> list[int]:
    return [i for i, column in enumerate(columns) if not column.is_left]


def _joined(columns: Iterable[tuple[Band, int, int]]) -> Iterator[tuple[Band, int, int]]:
    """Join adjacent columns of one band."""
    run: tuple[Band, int, int] | None = None
    for band, left, right in columns:
        if run is not None and run[0] is band:
            run = (band, run[1], right)
            continue
        if run is not None:
            yield run
        run = (band, left, right)
    if run is not None:
        yield run


def frozen_notes(since: datetime | None, now: datetime) -> dict[Band, tuple[str, ...]]:
    """Return the notes of HAMMER's and the calculated bands while the prices are old."""
    at = () if since is None else (f"FROZEN {formatting.moment(since, now)}",)
    return {Band.HAMMER: (*at, "FROZEN"), Band.CALCULATED: ("FROZEN",)}


def facts_notes(facts: "Facts", now: datetime) -> dict[Band, tuple[str, ...]]:
    """Return the note of the trader's own band: a file cannot be read again, or is partly faulty."""
    if facts.stale_since is not None:
        return {Band.FACTS: (f"AS READ {formatting.moment(facts.stale_since, now)}", "OLD")}
    if facts.problems:
        return {Band.FACTS: (f"{formatting.counted(len(facts.problems), 'problem').upper()}, SEE LOG", "!")}
    return {}
