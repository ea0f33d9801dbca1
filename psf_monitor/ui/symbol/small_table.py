"""A small painted table, such as own orders and today's fills."""

from collections.abc import Sequence
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea

from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.scroll_area import framed
from psf_monitor.ui.style.styled_text import StyledText, advance, write
from psf_monitor.ui.style.theme import Theme, Tone

ROW = 17
"""The height of a row in device-independent pixels."""


class _Size(NamedTuple):
    """The widths of a small table's columns and its text size, in device-independent pixels."""

    rooms: Sequence[float]
    pixels: int


class SmallTable(PaintedWidget):
    """A small table: a title, column titles, rows, a total row, and sentences below it.

    Bands say over the column titles where the figures come from; they take the title's place, and the remark
    is then in the total row. In a scrolling frame, title, column titles and total stay in place, and only
    whole rows are visible between them. Sentences are wrapped, and make room for rows; the tooltip has them,
    too.
    """

    def __init__(
        self, theme: Theme, title: str, columns: Sequence[tuple[str, int, Qt.AlignmentFlag]]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._title = title
        self._columns = columns
        self.bands: Sequence[tuple[str, int]] = ()
        self.remark = ""
        self.rows: Sequence[Sequence[StyledText]] = ()
        self.total: Sequence[StyledText] = ()
        self.sentences: Sequence[str] = ()
        self._shorter: Sequence[str] = ()
        self.setMinimumHeight(3 * ROW)
        self.setAccessibleName(title)

    def set_rows(
        self,
        rows: Sequence[Sequence[StyledText]],
        remark: str,
        sentences: Sequence[str] = (),
        total: Sequence[StyledText] = (),
        shorter: Sequence[str] = (),
    ) -> None:
        """Show these from now on; ``total`` is the total row, empty for none. ``shorter`` are the sentences
        where there is no room for ``sentences``.
        """
        now = (rows, remark, sentences, total)
        self._shorter = shorter
        if now != (self.rows, self.remark, self.sentences, self.total):
            self.rows, self.remark, self.sentences, self.total = now
            self.setMinimumHeight((2 + max(len(rows), 1) + bool(total)) * ROW)
            self.setToolTip("\n".join(sentences))
            self.update()

    @property
    def accessible_text(self) -> str:
        titles = [title for title, _, _ in self._columns]
        named = [
            ", ".join(
                f"{title} {styled.spoken}" for title, styled in zip(titles, row, strict=False) if styled.text
            )
            for row in self.rows
        ]
        total = ", ".join(styled.spoken for styled in self.total if styled.text)
        bands = "; ".join(text for text, _ in self.bands)
        return (
            "\n".join(filter(None, (bands, self.remark, *named, total, *self.sentences))) or "nothing listed"
        )

    def set_bands(self, bands: Sequence[tuple[str, int]]) -> None:
        """Show these bands from now on: the text of each, and how many columns it covers, left to right."""
        if bands != self.bands:
            self.bands = bands
            self.update()

    @property
    def shown(self) -> Sequence[Sequence[StyledText]]:
        """Return the visible rows, except the total."""
        first, room = self._scrolled_to()
        return self.rows[first : first + room]

    @property
    def written(self) -> list[str]:
        """Return the lines of the sentences below the rows; where there is no room for all, the last says
        so.
        """
        room = max(self._seen().height() // ROW - 2 - len(self.shown) - bool(self.total), 0)
        lines = self._wrapped(self.sentences)
        if len(lines) > room and self._shorter:
            lines = self._wrapped(self._shorter)
        if len(lines) > room > 0:
            lines[room - 1] += " …"
        return lines[:room]

    def _wrapped(self, sentences: Sequence[str]) -> list[str]:
        face, width = self._theme.face(11), self.width() - 8
        return [line for sentence in sentences for line in face.wrapped(sentence, width)]

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(sum(width for _, width, _ in self._columns) + 12, 7 * ROW)

    @property
    def needed_width(self) -> int:
        """Return the width that its whole text needs, in device-independent pixels."""
        return ceil(sum(self._needs(11))) + 10

    @property
    def pixels(self) -> int:
        """Return the text size: one less if there is no room for the normal one."""
        return 11 if self.needed_width <= self.width() else 10

    def rooms(self) -> list[float]:
        """Return the width of each column: as given, or wider for its text, at the others' expense."""
        needs = self._needs(self.pixels)
        rooms = [max(room, need) for (_, room, _), need in zip(self._columns, needs, strict=True)]
        too_much, slack = sum(rooms) - (self.width() - 10), sum(rooms) - sum(needs)
        if too_much > 0 and slack > 0:
            part = min(too_much / slack, 1.0)
            rooms = [room - (room - need) * part for room, need in zip(rooms, needs, strict=True)]
        return rooms

    def _needs(self, pixels: int) -> list[float]:
        needs = [0.0] * len(self._columns)
        for row in (self._titles(), *self.rows, self.total):
            for place, styled in enumerate(row[: len(needs)]):
                gap = 6 if place and self._columns[place][2] == LEFT else 0
                needs[place] = max(needs[place], advance(self._theme, styled, pixels) + gap + 5)
        end = 0
        for text, columns in self.bands:
            first, end = end, end + columns
            missing = advance(self._theme, _band(text), 10) + 5 - sum(needs[first:end])
            needs[end - 1] += max(missing, 0)
        return needs

    def _titles(self) -> list[StyledText]:
        return [StyledText(title, Tone.TEXT2, is_bold=True) for title, _, _ in self._columns]

    def _seen(self) -> QRect:
        """Return the part of it that the frame shows."""
        frame = self.parentWidget()
        if frame is None or self._area() is None:
            return self.rect()
        return frame.rect().translated(-self.pos()).intersected(self.rect())

    def _area(self) -> QScrollArea | None:
        frame = self.parentWidget()
        area = None if frame is None else frame.parentWidget()
        return area if isinstance(area, QScrollArea) else None

    def _scrolled_to(self) -> tuple[int, int]:
        """Return the first visible row, and how many fit."""
        seen = self._seen()
        return ceil(seen.top() / ROW), max(seen.height() // ROW - 2 - bool(self.total), 0)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme, width, seen = self._theme, self.width(), self._seen()
        top = seen.top()
        size = _Size(self.rooms(), self.pixels)
        remark = StyledText(self.remark, Tone.TEXT2)
        if self.bands:
            self._paint_bands(painter, top, size)
        else:
            title = StyledText(self._title, is_bold=True)
            write(painter, theme, QRectF(2, top, width, ROW), title, LEFT, 12)
            write(painter, theme, QRectF(2, top, width - 4, ROW), remark, RIGHT, 10)
        y = top + ROW
        self._row(painter, y, size, self._titles(), "header")
        first, _ = self._scrolled_to()
        for number, row in enumerate(self.shown, first):
            y += ROW
            is_marked = bool(row) and row[0].tone is Tone.WARN
            ground = "near_fill" if is_marked else "base" if number % 2 else "alt"
            self._row(painter, y, size, row, ground)
        if self.total:
            y += ROW
            self._row(painter, y, size, self.total, "header")
            painter.setPen(theme.colour("divider"))
            painter.drawLine(0, y, width, y)
            if self.bands:
                lefts = self._lefts(size)
                filled = [n for n, styled in enumerate(self.total) if n and styled.text]
                room = QRectF(lefts[1] + 6, y, lefts[min(filled, default=-1)] - lefts[1] - 6, ROW)
                write(painter, theme, room, remark, LEFT, 10)
        for line in self.written:
            y += ROW
            write(painter, theme, QRectF(5, y, width - 8, ROW), StyledText(line, Tone.TEXT2), LEFT, 11)
        area = self._area()
        if area is not None and area.hasFocus():
            painter.fillRect(0, top + ROW, width, 2, theme.colour("accent"))
        painter.end()

    def _lefts(self, size: _Size) -> list[float]:
        """Return where each column begins, and where the last one ends."""
        spare = max(self.width() - 10 - sum(size.rooms), 0) / len(self._columns)
        return list(accumulate((room + spare for room in size.rooms), initial=5.0))

    def _paint_bands(self, painter: QPainter, y: int, size: _Size) -> None:
        theme, lefts, first = self._theme, self._lefts(size), 0
        painter.fillRect(0, y, self.width(), ROW, theme.colour("header"))
        for text, columns in self.bands:
            left, right = lefts[first], lefts[first + columns] - 5
            first += columns
            write(painter, theme, QRectF(left, y, right - left, ROW - 1), _band(text), LEFT, 10)
            painter.fillRect(QRectF(left, y + ROW - 1, right - left, 1), theme.colour("control"))

    def _row(self, painter: QPainter, y: int, size: _Size, row: Sequence[StyledText], ground: str) -> None:
        theme = self._theme
        painter.fillRect(0, y, self.width(), ROW, theme.colour(ground))
        lefts = self._lefts(size)
        for (_, _, align), room, x, styled in zip(self._columns, size.rooms, lefts, row, strict=False):
            gap = 6.0 if align == LEFT and x > 5 else 0.0
            write(painter, theme, QRectF(x + gap, y, room - 4, ROW), styled, align, size.pixels)


def _band(text: str) -> StyledText:
    return StyledText(text, Tone.TEXT2, is_bold=True)


class _TableArea(QScrollArea):
    """A frame that can be focused with Tab, which its table shows."""

    def __init__(self, table: SmallTable) -> None:
        super().__init__()
        self._table = table

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self._table.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self._table.update()


def scrolling_table(table: SmallTable) -> QScrollArea:
    """Return a frame in which the rows of ``table`` scroll one by one, between titles and total."""
    area = framed(_TableArea(table), table)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    area.setAccessibleName(table.accessibleName())
    area.setMinimumHeight(3 * ROW)
    area.verticalScrollBar().setSingleStep(ROW)
    area.verticalScrollBar().valueChanged.connect(table.update)
    return area
