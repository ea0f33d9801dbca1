"""Text in painted widgets: measured once, as measuring costs as much as drawing, elided, and drawn."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter

_MOST_WIDTHS = 4096
_FEW_WIDTHS = 48
"""With fewer texts than this it is not worth checking the digits of a font."""
_AS_ZEROS: dict[int, str] = {ord(digit): "0" for digit in "123456789"}
_FIGURES = (*"123456789", *(f"{n},{n}{n + 1}{n}.{n}{n}" for n in range(1, 9)), "−79.97%", "+31.13%")
"""Texts that show whether digits are of equal width, whatever stands beside them."""
_SPARE = 0.5
"""Losing half a pixel is invisible."""
_ELLIPSIS = Qt.TextElideMode.ElideRight


Box = tuple[float, float, float, float]
"""Left, top, width and height, in device-independent pixels."""


class TextStyle(NamedTuple):
    """How a text is drawn: its ``tone``, and the font size in device-independent pixels."""

    tone: str
    pixels: int
    bold: bool = False
    italic: bool = False
    strike: bool = False


class MeasuredFont:
    """A font with the measured widths of its texts, in device-independent pixels.

    Widths are fractional, or figures of different length would not line up. If digits are of equal width,
    figures that differ only in their digits are measured once; ``alike`` translates them into each other.
    """

    __slots__ = ("_is_looked_at", "_widths", "alike", "font", "metrics")

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetricsF(font)
        self._widths: dict[str, float] = {}
        self._is_looked_at = False
        self.alike: dict[int, str] = {}

    def width(self, text: str) -> float:
        """Return the width of a text."""
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[text] = self._measured(text)
        return width

    def _measured(self, text: str) -> float:
        if len(self._widths) < _FEW_WIDTHS:
            return self.metrics.horizontalAdvance(text)
        if not self._is_looked_at:
            self._is_looked_at = True
            measure = self.metrics.horizontalAdvance
            if all(measure(figure) == measure(figure.translate(_AS_ZEROS)) for figure in _FIGURES):
                self.alike = _AS_ZEROS
        zeros = text.translate(self.alike)
        return self.metrics.horizontalAdvance(text) if zeros == text else self.width(zeros)


class Face(MeasuredFont):
    """Draws single lines."""

    __slots__ = ("_ascent", "_height")

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self._ascent, self._height = self.metrics.ascent(), self.metrics.height()

    def fitted(self, text: str, room: float) -> str:
        """Return the text, elided at the right if it is wider than ``room``."""
        return text if self.width(text) <= room + _SPARE else self.metrics.elidedText(text, _ELLIPSIS, room)

    def wrapped(self, text: str, room: float) -> list[str]:
        """Return the text as lines no wider than ``room``, broken between words; a single word may be
        wider.
        """
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def draw(
        self,
        painter: QPainter,
        box: Box,
        text: str,
        align: Qt.AlignmentFlag,
        colour: QColor,
    ) -> float:
        """Draw a text, elided if necessary, ``LEFT``, ``RIGHT`` or ``CENTRE`` in a box; return its width."""
        if self.width(text) > box[2] + _SPARE:
            text = self.fitted(text, box[2])
        return self.write(painter, box, text, align, colour)

    def write(self, painter: QPainter, box: Box, text: str, align: Qt.AlignmentFlag, colour: QColor) -> float:
        """Do the same without eliding it."""
        x, y, width, height = box
        wide = self.width(text)
        # Testing flags costs as much as drawing.
        if align is RIGHT:
            x += width - wide
        elif align is CENTRE:
            x += (width - wide) / 2
        painter.setFont(self.font)
        painter.setPen(colour)
        painter.drawText(QPointF(x, round(y + (height - self._height) / 2 + self._ascent)), text)
        return wide
