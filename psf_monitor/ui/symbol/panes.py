"""The painted parts around the ladder: the header, my position with its orders, and the fills of today."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from psf_monitor.ui.style.painted_text import LEFT as LEFT
from psf_monitor.ui.style.painted_text import RIGHT as RIGHT
from psf_monitor.ui.style.painted_text import Box, TextStyle
from psf_monitor.ui.style.scroll_bars import remove_menus
from psf_monitor.ui.style.theme import Theme, Tone

ROW = 17


class StyledText(NamedTuple):
    """A text and how it is written."""

    text: str
    tone: Tone = Tone.TEXT
    is_bold: bool = False
    is_old: bool = False


class Figure(NamedTuple):
    """One figure of the header: its caption above it, ``width`` the least in device-independent pixels."""

    caption: str
    text: StyledText
    width: int


class Header(QWidget):
    """The share and its quote, and below a line of what I hold of it."""

    def __init__(self, theme: Theme, symbol: str) -> None:
        super().__init__()
        self._theme = theme
        self._symbol = symbol
        self.figures: Sequence[Figure] = ()
        self.holdings: Sequence[StyledText] = ()
        self.setFixedHeight(53)

    def set_figures(self, figures: Sequence[Figure], holdings: Sequence[StyledText]) -> None:
        """Show these from now on."""
        if (figures, holdings) != (self.figures, self.holdings):
            self.figures, self.holdings = figures, holdings
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.setPen(theme.colour("divider"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.drawLine(1, 33, self.width() - 2, 33)
        painter.setFont(theme.font(17, bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(7, 2, 130, 30), LEFT, self._symbol)
        x = self.width() - 8.0
        for figure in reversed(self.figures):
            width = max(figure.width, advance(theme, figure.text, 13) + 9)
            x -= width
            painter.setFont(theme.font(10))
            painter.setPen(theme.colour("text2"))
            painter.drawText(QRectF(x, 3, width, 12), RIGHT, figure.caption)
            write(painter, theme, QRectF(x, 14, width, 18), figure.text, RIGHT, 13)
        x = 7.0
        for word in self.holdings:
            x += write(painter, theme, QRectF(x, 34, self.width() - x - 6, 18), word, LEFT, 11) + 5
        painter.end()


class Lines(QWidget):
    """A small table: a title, column titles, rows, and below it sentences."""

    def __init__(
        self, theme: Theme, title: str, columns: Sequence[tuple[str, int, Qt.AlignmentFlag]]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._title = title
        self._columns = columns
        self.remark = ""
        self.rows: Sequence[Sequence[StyledText]] = ()
        self.sentences: Sequence[str] = ()
        self.setMinimumHeight(3 * ROW)
        self.setAccessibleName(title)

    def set_rows(
        self, rows: Sequence[Sequence[StyledText]], remark: str, sentences: Sequence[str] = ()
    ) -> None:
        """Show these from now on; the last rows give way first where there is no room."""
        now = (rows, remark, sentences)
        if now != (self.rows, self.remark, self.sentences):
            self.rows, self.remark, self.sentences = now
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(sum(width for _, width, _ in self._columns) + 12, 7 * ROW)

    def rooms(self) -> list[float]:
        """How wide each column is: as asked for, or wider for what is written in it, at the others' cost."""
        titles = (StyledText(title, is_bold=True) for title, _, _ in self._columns)
        needs = [float(advance(self._theme, title, 11) + 5) for title in titles]
        for row in self.rows:
            for place, word in enumerate(row[: len(needs)]):
                gap = 6 if place and self._columns[place][2] == LEFT else 0
                needs[place] = max(needs[place], advance(self._theme, word, 11) + gap + 5)
        rooms = [max(room, need) for (_, room, _), need in zip(self._columns, needs, strict=True)]
        too_much, slack = sum(rooms) - (self.width() - 10), sum(rooms) - sum(needs)
        if too_much > 0 and slack > 0:
            part = min(too_much / slack, 1.0)
            rooms = [room - (room - need) * part for room, need in zip(rooms, needs, strict=True)]
        return rooms

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme, width = self._theme, self.width()
        write(painter, theme, QRectF(2, 0, width, ROW), StyledText(self._title, is_bold=True), LEFT, 12)
        write(painter, theme, QRectF(2, 0, width - 4, ROW), StyledText(self.remark, Tone.TEXT2), RIGHT, 10)
        painter.fillRect(0, ROW, width, ROW, theme.colour("header"))
        rooms = self.rooms()
        spare = max(width - 10 - sum(rooms), 0)
        y, bottom = ROW, self.height()
        titles = [StyledText(title, Tone.TEXT2, is_bold=True) for title, _, _ in self._columns]
        for number, row in enumerate((titles, *self.rows)):
            if y + ROW > bottom:
                break
            if number:
                painter.fillRect(0, y, width, ROW, theme.colour("alt" if number % 2 else "base"))
            x = 5.0
            for (_, _, align), room, word in zip(self._columns, rooms, row, strict=False):
                gap = 6.0 if align == LEFT and x > 5 else 0.0
                write(painter, theme, QRectF(x + gap, y, room - 4, ROW), word, align, 11)
                x += room + spare / len(self._columns)
            y += ROW
        for sentence in self.sentences:
            if y + ROW <= bottom:
                write(
                    painter, theme, QRectF(5, y, width - 8, ROW), StyledText(sentence, Tone.TEXT2), LEFT, 11
                )
            y += ROW
        painter.end()


def scrolling(widget: QWidget) -> QScrollArea:
    """A frame in which ``widget`` scrolls, on the window's own ground."""
    area = QScrollArea()
    remove_menus(area)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    # Qt would paint both with the system's palette, which is light in a dark window.
    widget.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area


def draw_text(
    theme: Theme, painter: QPainter, box: Box, text: str, align: Qt.AlignmentFlag, style: TextStyle
) -> None:
    """Write one line into a box, elided where there is no room."""
    if text:
        face, colour = theme.written(style)
        face.draw(painter, box, text, align, colour)


def advance(theme: Theme, word: StyledText, pixels: int) -> int:
    """How wide a word is, in device-independent pixels."""
    return ceil(theme.face(pixels, bold=word.is_bold, italic=word.is_old).width(word.text))


def pixels_in(room: float, theme: Theme, word: StyledText) -> int:
    """The size, 12 at most, at which a word is whole in so much room: 1,240.38 is smaller than 24.52."""
    return next((pixels for pixels in (12, 11, 10) if advance(theme, word, pixels) <= room), 9)


def hatched(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """Paint a box with slanting lines."""
    painter.fillRect(box, theme.colour("base"))
    painter.fillRect(box, QBrush(theme.colour("text2"), Qt.BrushStyle.BDiagPattern))
    painter.setPen(theme.colour("control"))
    painter.drawRect(box)


def write(
    painter: QPainter, theme: Theme, box: QRectF, word: StyledText, align: Qt.AlignmentFlag, pixels: int
) -> float:
    """Write a word into ``box``, elided from the right; how wide it was."""
    face = theme.face(pixels, bold=word.is_bold, italic=word.is_old)
    colour = theme.colour(Tone.STALE if word.is_old else word.tone)
    return face.draw(painter, (box.x(), box.y(), box.width(), box.height()), word.text, align, colour)
