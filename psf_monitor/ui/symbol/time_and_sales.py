"""Time and sales: the last prints of one share, newest on top."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF

from psf_monitor import formatting
from psf_monitor.domain.indicators import FINRA_VENUES
from psf_monitor.domain.quote import Print
from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.style.painted_text import LEFT, RIGHT, TextStyle
from psf_monitor.ui.style.shapes import paint_border
from psf_monitor.ui.style.styled_text import draw_text
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.symbol.ladder import BAND, TITLES
from psf_monitor.ui.symbol.small_table import ROW

WIDTH = 180
LARGE = 400
SMALL = 20
PRICE = 38
"""The least width of the column of prices, in device-independent pixels."""


def side_of(trade: Print) -> int:
    """Return 1 at the ask or above it, -1 at the bid or below it, 0 between, or without a quote of that
    time.
    """
    if trade.ask is not None and trade.price >= trade.ask - 1e-9:
        return 1
    if trade.bid is not None and trade.price <= trade.bid + 1e-9:
        return -1
    return 0


class TimeAndSales(PaintedWidget):
    """Shows the prints of at least ``least_size`` shares. The list does not move while the mouse is on it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = partial(draw_text, theme)
        self._prints: Sequence[Print] = ()
        self._standing: Sequence[Print] | None = None
        self._now: datetime | None = None
        self._frozen = ""
        self.least_size = 0
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Time and sales")

    def show_prints(self, prints: Sequence[Print], now: datetime, frozen: str) -> None:
        """Show these prints, given oldest first; ``frozen`` is a sentence if none arrive."""
        is_new = prints is not self._prints or frozen != self._frozen
        self._prints, self._now, self._frozen = prints, now, frozen
        if is_new:
            self.setFixedWidth(WIDTH + self.price_room - PRICE)
            self.update()

    @property
    def accessible_text(self) -> str:
        return "\n".join((*self._notes(), *map(self._spoken, self.shown))) or "no print"

    def _spoken(self, trade: Print) -> str:
        at = {1: "at the ask", -1: "at the bid", 0: ""}[side_of(trade)]
        return " ".join(filter(None, (*self._figures(trade), at)))

    def _figures(self, trade: Print) -> tuple[str, str, str, str]:
        moment = formatting.short_moment(trade.at, self._now or trade.at)
        return moment, formatting.price(trade.price), formatting.quantity(trade.size), trade.venue

    @property
    def price_room(self) -> int:
        """Return the width of the column of prices, enough for 1,240.38 and an old price in italics."""
        metrics = self._theme.metrics(11, italic=bool(self._frozen))
        prices = {formatting.price(trade.price) for trade in self._prints}
        return max([PRICE, *(metrics.horizontalAdvance(price) + 2 for price in prices)])

    def filter(self, least_size: int) -> None:
        """Hide smaller prints."""
        self.least_size = least_size
        self.update()

    @property
    def shown(self) -> list[Print]:
        """Return the listed prints, newest first."""
        prints = self._prints if self._standing is None else self._standing
        room = max((self.height() - BAND - TITLES) // ROW - len(self._notes()), 0)
        return [trade for trade in reversed(prints) if trade.size >= self.least_size][:room]

    def _notes(self) -> list[str]:
        notes = [self._frozen] if self._frozen else []
        if self._standing is not None and self._standing is not self._prints:
            known = set(map(id, self._standing))
            new = sum(id(trade) not in known for trade in self._prints)
            if new:
                notes.append(f"+{new} new")
        return notes

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.width(), BAND + TITLES + 19 * ROW)

    def enterEvent(self, event: object) -> None:  # noqa: ARG002, N802
        self._standing = self._prints

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, N802
        self._standing = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme, width = self._theme, self.width()
        painter.fillRect(self.rect(), theme.colour("base"))
        painter.fillRect(0, 0, width, BAND + TITLES, theme.colour("header"))
        least = f" · FROM {self.least_size}" if self.least_size else ""
        heading = f"TIME & SALES · {'FROZEN' if self._frozen else 'HAMMER'}{least}"
        tone = Tone.WARN if self._frozen else Tone.TEXT2
        self._text(painter, (5, 0, width - 8, BAND - 1), heading, LEFT, TextStyle(tone, 9, bold=True))
        for x, room, title, align in self._places():
            self._text(
                painter, (x, BAND, room, TITLES - 1), title, align, TextStyle(Tone.TEXT2, 11, bold=True)
            )
        y = BAND + TITLES
        for note in self._notes():
            painter.fillRect(1, y, width - 2, ROW, theme.colour("warn_bg"))
            self._text(painter, (5, y, width - 8, ROW - 1), note, LEFT, TextStyle(Tone.WARN, 11))
            y += ROW
        for trade in self.shown:
            self._print(painter, y, trade)
            y += ROW
        paint_border(painter, QRectF(self.rect()), theme.colour("divider"))
        painter.end()

    def _places(self) -> tuple[tuple[int, int, str, Qt.AlignmentFlag], ...]:
        right = self.width()
        return (
            (5, 50, "Time ET", LEFT),
            (right - 78 - self.price_room, self.price_room, "Price", RIGHT),
            (right - 77, 34, "Size", RIGHT),
            (right - 37, 36, "Venue", LEFT),
        )

    def _print(self, painter: QPainter, y: int, trade: Print) -> None:
        theme = self._theme
        painter.setPen(theme.colour("grid"))
        painter.drawLine(1, y + ROW - 1, self.width() - 2, y + ROW - 1)
        is_small, is_old = trade.size < SMALL, bool(self._frozen)
        side = side_of(trade)
        ink = Tone.STALE if is_small or is_old else Tone.TEXT
        price_ink = ink
        if ink is Tone.TEXT and side:
            price_ink = Tone.GAIN if side > 0 else Tone.LOSS
        inks = (Tone.STALE if is_small else Tone.TEXT2, price_ink, ink, ink if is_small else Tone.TEXT2)
        figures = self._figures(trade)
        for (x, room, title, align), text, tone in zip(self._places(), figures, inks, strict=True):
            is_venue = title == "Venue"
            bold = title == "Size" and trade.size >= LARGE
            if is_venue and text.upper() in FINRA_VENUES:
                painter.setPen(theme.colour("control"))
                painter.drawRoundedRect(QRectF(x - 2.5, y + 2.5, 34, ROW - 6), 2, 2)
            pixels = 9 if is_venue else 11
            self._text(
                painter,
                (x, y, room, ROW - 1),
                text,
                align,
                TextStyle(tone, pixels, bold=bold, italic=is_old, strike=is_old and title == "Price"),
            )
        self._mark(
            painter,
            QPointF(self.width() - 80 - self.price_room, y + ROW / 2 - 0.5),
            side,
            is_quiet=is_small or is_old,
        )

    def _mark(self, painter: QPainter, at: QPointF, side: int, *, is_quiet: bool) -> None:
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not side:
            painter.setPen(QPen(theme.colour("text2"), 1.4))
            painter.drawLine(at - QPointF(3, 0), at + QPointF(3, 0))
        else:
            tone = Tone.STALE if is_quiet else Tone.GAIN if side > 0 else Tone.LOSS
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(tone))
            tip, foot = at - QPointF(0, 3 * side), at + QPointF(0, 2.5 * side)
            painter.drawPolygon(QPolygonF([tip, foot + QPointF(3.2, 0), foot - QPointF(3.2, 0)]))
        painter.restore()
