"""The header of a share's window: the share, its quote and the positions."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.shapes import Shape, paint_card
from psf_monitor.ui.style.shapes import draw as draw_shape
from psf_monitor.ui.style.styled_text import StyledText, advance, write
from psf_monitor.ui.style.theme import Theme, Tone

_LIGHT = 13
_GIVE_WAY = ("Spread", "Ask sz", "Bid sz", "Age")
"""What the header omits if it is narrow, in this order: the main window has all of it."""
_HELD_SIZES = (11, 10, 9)
"""The text sizes of the positions: the first at which all of them fit, else the last."""
_GAP = 5
_MORE = StyledText("…", Tone.TEXT2)


class Figure(NamedTuple):
    """One figure of the header: its caption above it, ``width`` the least in device-independent pixels.

    A ``light`` is drawn at the left of both, in the colour of the text.
    """

    caption: str
    text: StyledText
    width: int
    light: Shape | None = None


class Header(PaintedWidget):
    """The share and its quote, and below them a line with the positions."""

    def __init__(self, theme: Theme, symbol: str) -> None:
        super().__init__()
        self._theme = theme
        self._symbol = symbol
        self.figures: Sequence[Figure] = ()
        self.holdings: Sequence[StyledText] = ()
        self.setFixedHeight(53)
        self.setAccessibleName(symbol)

    @property
    def accessible_text(self) -> str:
        quote = ", ".join(f"{figure.caption} {figure.text.spoken}" for figure in self.figures)
        return f"{quote}\n{' '.join(styled.spoken for styled in self.holdings)}"

    def set_figures(self, figures: Sequence[Figure], holdings: Sequence[StyledText]) -> None:
        """Show these from now on."""
        if (figures, holdings) != (self.figures, self.holdings):
            self.figures, self.holdings = figures, holdings
            self.update()

    @property
    def fitting(self) -> Sequence[Figure]:
        """Return the figures that fit beside the symbol."""
        room = self.width() - 23 - self._theme.text_width(self._symbol, 17, bold=True)
        figures = list(self.figures)
        for caption in _GIVE_WAY:
            if sum(map(self._width_of, figures)) <= room:
                break
            figures = [figure for figure in figures if figure.caption != caption]
        return figures

    @property
    def fitting_holdings(self) -> Sequence[StyledText]:
        """Return the parts of the positions that fit, each whole, and an ellipsis if those are not all."""
        pixels = self._held_pixels
        if self._width_of_held(self.holdings, pixels) <= self._held_room:
            return self.holdings
        shown = list(self.holdings)
        while shown and self._width_of_held([*shown, _MORE], pixels) > self._held_room:
            shown.pop()
        return [*shown, _MORE]

    @property
    def _held_room(self) -> int:
        return self.width() - 13

    @property
    def _held_pixels(self) -> int:
        fits = (size for size in _HELD_SIZES if self._width_of_held(self.holdings, size) <= self._held_room)
        return next(fits, _HELD_SIZES[-1])

    def _width_of_held(self, parts: Sequence[StyledText], pixels: int) -> int:
        return sum(advance(self._theme, styled, pixels) + _GAP for styled in parts) - _GAP

    def _width_of(self, figure: Figure) -> int:
        room = 0 if figure.light is None else _LIGHT + 5
        return max(figure.width, advance(self._theme, figure.text, 13) + 9) + room

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), theme.colour("window"))
        paint_card(painter, theme, QRectF(self.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(theme.colour("divider"))
        painter.drawLine(1, 33, self.width() - 2, 33)
        x = self.width() - 8.0
        for figure in reversed(self.fitting):
            x -= self._width_of(figure)
            self._paint(painter, figure, x)
        symbol = theme.metrics(17, bold=True).elidedText(
            self._symbol, Qt.TextElideMode.ElideRight, int(x) - 11
        )
        painter.setFont(theme.font(17, bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(7, 2, x - 7, 30), LEFT, symbol)
        x = 7.0
        pixels = self._held_pixels
        for styled in self.fitting_holdings:
            box = QRectF(x, 34, self.width() - x - 6, 18)
            x += write(painter, theme, box, styled, LEFT, pixels) + _GAP
        painter.end()

    def _paint(self, painter: QPainter, figure: Figure, x: float) -> None:
        theme, width = self._theme, self._width_of(figure)
        painter.setFont(theme.font(10))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(x, 3, width, 12), RIGHT, figure.caption)
        write(painter, theme, QRectF(x, 14, width, 18), figure.text, RIGHT, 13)
        if figure.light is not None:
            room = max(theme.text_width(figure.caption, 10), advance(theme, figure.text, 13))
            centre = QPointF(x + width - room - 5 - _LIGHT / 2, 17)
            draw_shape(painter, figure.light, centre, _LIGHT, theme.colour(figure.text.tone))
