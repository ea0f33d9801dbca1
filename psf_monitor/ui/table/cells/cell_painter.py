"""Draws the texts of cells: aligned in their column, elided, with font and pen set once for all."""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QPainter

from psf_monitor.ui.style.painted_text import MeasuredFont
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.sorted_lines import Cell

_PIXELS = 12
_SPARE = 3


class _Face(MeasuredFont):
    """A font of the cells, at the whole-pixel height of their rows."""

    __slots__ = ("ascent", "height", "zero")

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self.ascent = round(self.metrics.ascent())
        self.height = round(self.metrics.height())
        self.zero = self.width("0")


class TextColumn(NamedTuple):
    """A column of a block of rows: where its texts begin and how much room they have.

    ``decimals`` are those of a column whose decimal points line up at the right, ``None`` for text, which is
    left-aligned. ``section`` is the column in the model, ``None`` if the room is not that of one column.
    """

    left: float
    room: float
    decimals: int | None
    section: int | None = None


class CellText:
    """Draws with one painter after another; ``forget_pen`` forgets what the painter was set to.

    ``lacking`` are, by section, the pixels that a column lacks for the longest of its elided texts.
    """

    def __init__(self, theme: Theme) -> None:
        self.lacking: dict[int, float] = {}
        self._theme = theme
        self._faces: dict[tuple[bool, bool, bool], _Face] = {}
        self._face_set: _Face | None = None
        self._tone_set: Tone | None = None
        theme.changed.connect(self._on_theme)

    def _on_theme(self) -> None:
        self._faces.clear()

    def forget_pen(self) -> None:
        """Forget the font and pen: the painter is another one, or was used by other code."""
        self._face_set = self._tone_set = None

    def write(
        self, painter: QPainter, cells: Iterable[tuple[int, Cell]], column: TextColumn, height: int
    ) -> None:
        """Draw cells below each other, each with its top; all have the same ``height``."""
        look: tuple[bool, bool, bool] | None = None
        begins: dict[str, QPointF] = {}
        draw = painter.drawText
        for top, cell in cells:
            text, tone, is_bold, is_old, is_struck = cell
            if look != (is_bold, is_old, is_struck):
                look = is_bold, is_old, is_struck
                face = self._faces.get(look) or self._face(look)
                # Figures that differ only in their digits begin at the same place.
                begins, alike = {}, face.alike
                base = (height - face.height + 1) // 2 + face.ascent
                if face is not self._face_set:
                    painter.setFont(face.font)
                    self._face_set = face
            shape = text.translate(alike)
            begin = begins.get(shape)
            if begin is None:
                fitted, left = _fitted(face, text, column)
                begin = QPointF(left, 0)
                if fitted is text:
                    begins[shape] = begin
                elif column.section is not None:
                    lacking = face.width(text) - column.room
                    self.lacking[column.section] = max(lacking, self.lacking.get(column.section, 0))
                text = fitted
            if is_old:
                tone = Tone.STALE
            if tone is not self._tone_set:
                painter.setPen(self._theme.colour(tone))
                self._tone_set = tone
            begin.setY(top + base)
            draw(begin, text)

    def _face(self, look: tuple[bool, bool, bool]) -> _Face:
        """Make the font of cells with this look."""
        is_bold, is_old, is_struck = look
        theme = self._theme
        font = theme.font(theme.zoomed(_PIXELS), bold=is_bold, italic=is_old, strike=is_struck)
        face = self._faces[look] = _Face(font)
        return face


def _fitted(face: _Face, text: str, column: TextColumn) -> tuple[str, float]:
    """Return the text, elided if its room is too small, and where it begins."""
    left, room, decimals, _section = column
    width = face.width(text)
    if decimals:
        point = text.rfind(".")
        if point >= 0:
            lacking = face.zero * (decimals - (len(text) - point - 1))
            if width + lacking <= room:
                room -= lacking
    if width > room:
        # Showing a figure in full is worth more than the gap beside it.
        if decimals is not None:
            left -= _SPARE
            room += _SPARE
        room += _SPARE
        if width > room:
            text = face.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            width = face.width(text)
    return text, left if decimals is None else left + room - width
