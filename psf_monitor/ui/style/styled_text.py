"""Text with a tone and a weight, measured and written in painted widgets."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from psf_monitor.ui.style.painted_text import Box, TextStyle
from psf_monitor.ui.style.theme import Theme, Tone


class StyledText(NamedTuple):
    """A text and its style; an old price is struck through."""

    text: str
    tone: Tone = Tone.TEXT
    is_bold: bool = False
    is_old: bool = False
    is_price: bool = False

    @property
    def spoken(self) -> str:
        """Return it for a screen reader, with what italics mean in words."""
        return f"{self.text} (old)" if self.is_old else self.text


def draw_text(
    theme: Theme, painter: QPainter, box: Box, text: str, align: Qt.AlignmentFlag, style: TextStyle
) -> None:
    """Write one line into a box, elided if there is no room."""
    if text:
        face, colour = theme.written(style)
        face.draw(painter, box, text, align, colour)


def advance(theme: Theme, styled: StyledText, pixels: int) -> int:
    """Return the width of a text in device-independent pixels."""
    return ceil(theme.face(pixels, bold=styled.is_bold, italic=styled.is_old).width(styled.text))


def pixels_in(room: float, theme: Theme, styled: StyledText, sizes: Sequence[int] = (12, 11, 10, 9)) -> int:
    """Return the first of these sizes at which a text fits, else the last: 1,240.38 is drawn smaller than
    24.52.
    """
    return next((pixels for pixels in sizes if advance(theme, styled, pixels) <= room), sizes[-1])


def hatched(painter: QPainter, theme: Theme, box: QRectF) -> None:
    """Fill a box with diagonal hatching."""
    painter.fillRect(box, theme.colour("base"))
    painter.fillRect(box, QBrush(theme.colour("text2"), Qt.BrushStyle.BDiagPattern))
    painter.setPen(theme.colour("control"))
    painter.drawRect(box)


def write(
    painter: QPainter, theme: Theme, box: QRectF, styled: StyledText, align: Qt.AlignmentFlag, pixels: int
) -> float:
    """Write a text into ``box``, elided at the right; return its width."""
    old = styled.is_old
    face = theme.face(pixels, bold=styled.is_bold, italic=old, strike=old and styled.is_price)
    colour = theme.colour(Tone.STALE if old else styled.tone)
    return face.draw(painter, (box.x(), box.y(), box.width(), box.height()), styled.text, align, colour)
