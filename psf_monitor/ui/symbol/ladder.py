"""Paints the ladder of one share: own orders, the depth, the weights of the prints, one price per row."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion, QWheelEvent

from psf_monitor import formatting
from psf_monitor.domain.depth import DepthState, Place
from psf_monitor.domain.orders.order import Side
from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.style.painted_text import CENTRE, LEFT, RIGHT, TextStyle
from psf_monitor.ui.style.shapes import paint_border
from psf_monitor.ui.style.styled_text import StyledText, advance, draw_text, hatched, pixels_in
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.symbol import price_markers
from psf_monitor.ui.symbol.ladder_lines import PLACES_IN_SHORT, LadderLine, LadderLines, edge_text, place_text
from psf_monitor.ui.symbol.small_table import ROW

BAND = 15
TITLES = 18
MINE, DEPTH, WEIGHTS = 158, 170, 122
LEAST_WEIGHTS = 62
"""In device-independent pixels; with less room the weights are left out."""
BARS = MINE + DEPTH + 4
CHIP, CHIP_SIZES = 66, (10, 9, 8)
_TITLE = TextStyle(Tone.TEXT2, 11, bold=True)
_RWVAP = TextStyle(Tone.WARN, 10)
_REMARK = TextStyle(Tone.TEXT2, 10)
_HEADING = TextStyle(Tone.TEXT2, 9, bold=True)


class Ladder(PaintedWidget):
    """Shows what ``show_lines`` was given; ``explained`` is the line under the mouse, or the selected one.

    A click does nothing but select a price.
    """

    line_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = partial(draw_text, theme)
        self._lines = LadderLines()
        self._band = ""
        self._state = DepthState.ASKING
        self._is_old = False
        self._hides = False
        self._grpan_title = ("", "", "")
        self._offset = 0
        self._hovered: float | None = None
        self._chosen: float | None = None
        self._beside_figures = QRegion()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(BAND + TITLES + 7 * ROW)
        self.setAccessibleName("Depth")

    def show_lines(
        self,
        lines: LadderLines,
        band: str,
        state: DepthState,
        *,
        is_old: bool,
        are_values_hidden: bool,
        grpan_title: tuple[str, str, str],
    ) -> None:
        """Paint these from now on; ``band`` is the heading over the depth."""
        now = (lines, band, state, is_old, are_values_hidden, grpan_title)
        if now != (self._lines, self._band, self._state, self._is_old, self._hides, self._grpan_title):
            self._lines, self._band, self._state, self._is_old, self._hides, self._grpan_title = now
            self.update()
            self.line_changed.emit()

    @property
    def accessible_text(self) -> str:
        return "\n".join((self._band, *self._lines.descriptions(are_values_hidden=self._hides)))

    @property
    def explained(self) -> LadderLine | None:
        """Return the line under the mouse, else the selected one, else the first with an order."""
        for price in (self._hovered, self._chosen):
            found = next((line for line in self._lines.lines if line.price == price), None)
            if found is not None:
                return found
        return next((line for line in self.shown if line.mine), None)

    @property
    def lines(self) -> tuple[LadderLine, ...]:
        """Return all lines, visible or not, from the highest price down."""
        return self._lines.lines

    @property
    def shown(self) -> tuple[LadderLine, ...]:
        """Return the visible lines, from the highest price down."""
        first = self._first
        return self._lines.lines[first : first + self._room]

    @property
    def _room(self) -> int:
        """Return how many lines fit between the two edge rows."""
        return max((self.height() - BAND - TITLES) // ROW - 2, 1)

    @property
    def _first(self) -> int:
        most = max(len(self._lines.lines) - self._room, 0)
        return min(max(self._lines.middle - self._room // 2 + self._offset, 0), most)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(MINE + DEPTH + WEIGHTS, BAND + TITLES + 17 * ROW)

    # Painting.

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), theme.colour("base"))
        self._headings(painter)
        painter.setPen(theme.colour("divider"))
        for x in (MINE, MINE + DEPTH) if self.weights_room else (MINE,):
            painter.drawLine(x, 0, x, self.height())
        first, shown = self._first, self.shown
        top = BAND + TITLES
        self._edge(painter, top, self._lines.lines[:first], Side.SELL)
        chosen, self._beside_figures = self.explained, QRegion(self.rect())
        for place, line in enumerate(shown):
            self._line(painter, top + (place + 1) * ROW, line, is_chosen=line is chosen)
        self._marks(painter, shown, top + ROW)
        bottom = top + (self._room + 1) * ROW
        self._edge(painter, bottom, self._lines.lines[first + len(shown) :], Side.BUY)
        border = theme.colour("accent" if self.shows_focus else "divider")
        paint_border(painter, QRectF(self.rect()), border)
        painter.end()

    def _headings(self, painter: QPainter) -> None:
        theme = self._theme
        painter.fillRect(0, 0, self.width(), BAND + TITLES, theme.colour("header"))
        tone = Tone.WARN if self._state is not DepthState.LIVE or self._is_old else Tone.TEXT2
        heading = TextStyle(tone, 9, bold=True)
        self._text(painter, (5, 0, MINE - 8, BAND - 1), "MY ORDERS", LEFT, _HEADING)
        self._text(painter, (MINE + 4, 0, DEPTH - 8, BAND - 1), self._band, LEFT, heading)
        y = BAND
        self._text(painter, (5, y, 60, TITLES - 1), "Mine", LEFT, _TITLE)
        ahead = "Was ahead" if self._is_old else "Ahead ≤"
        self._text(painter, (40, y, 80, TITLES - 1), ahead, RIGHT, _TITLE)
        self._text(painter, (MINE, y, 56, TITLES - 1), "Bid sz", RIGHT, _TITLE)
        self._text(painter, (MINE + 60, y, 50, TITLES - 1), "Price", CENTRE, _TITLE)
        self._text(painter, (MINE + 112, y, 40, TITLES - 1), "Ask sz", LEFT, _TITLE)
        if self.weights_room:
            self._text(painter, (BARS, 0, self.weights_room, BAND - 1), "GRPAN · HAMMER", LEFT, heading)
            self._weights_title(painter, y)

    def _weights_title(self, painter: QPainter, y: int) -> None:
        price, share, within = self._grpan_title
        style = self._style(Tone.TEXT, 11, bold=True, is_price=True)
        self._text(painter, (BARS, y, 60, TITLES - 1), price, LEFT, style)
        room = self.weights_room - advance(self._theme, StyledText(price, is_bold=True), 11) - 12
        # If room is short, the share of the prints is dropped before their range.
        share += within if advance(self._theme, StyledText(share + within), 10) <= room else ""
        at = (self.width() - 4 - room, y, room, TITLES - 1)
        self._text(painter, at, share, RIGHT, self._style(Tone.TEXT2, 10))

    def _style(self, tone: Tone, pixels: int, *, bold: bool = False, is_price: bool = False) -> TextStyle:
        """Return the style of something of HAMMER's, as it is while that is current, or old."""
        old = self._is_old
        return TextStyle(Tone.STALE if old else tone, pixels, bold, italic=old, strike=old and is_price)

    @property
    def weights_room(self) -> int:
        """Return the width of the weights; 0 if there is no room to read them."""
        room = self.width() - MINE - DEPTH
        return room if room >= LEAST_WEIGHTS else 0

    def _edge(self, painter: QPainter, y: int, hidden: tuple[LadderLine, ...], side: Side) -> None:
        theme = self._theme
        painter.fillRect(1, y, self.width() - 2, ROW, theme.colour("alt"))
        arrow = "▲" if side is Side.SELL else "▼"
        mine = [pair for line in hidden for pair in line.mine]
        if mine:
            order, ahead = mine[-1] if side is Side.SELL else mine[0]
            left = formatting.hidden(formatting.quantity(order.left), self._hides)
            why = "not in the depth" if ahead.place is Place.NOT_IN_DEPTH else "not shown"
            more = f" +{len(mine) - 1}" if len(mine) > 1 else ""
            text = f"{arrow} {order.mode.abbreviation} {left} at {formatting.price(order.price)}{more}: {why}"
            self._text(painter, (5, y, MINE + 50, ROW - 1), text, LEFT, TextStyle(Tone.TEXT, 11))
        elif text := price_markers.averages_beyond(self._lines.averages, self.shown, side):
            self._text(painter, (5, y, MINE - 8, ROW - 1), f"{arrow} {text}", LEFT, TextStyle(Tone.TEXT2, 11))
        text = edge_text(hidden, side)
        width = DEPTH - (50 if mine else 6)
        at = (MINE + DEPTH - 4 - width, y, width, ROW - 1)
        self._text(painter, at, text, RIGHT, TextStyle(Tone.TEXT2, 11))
        if not self.weights_room:
            return
        if side is Side.BUY and self._lines.rwvap is not None:
            text = f"RWVAP 1d {formatting.average_price(self._lines.rwvap)}"
            self._text(painter, (BARS, y, self.weights_room - 8, ROW - 1), text, LEFT, _RWVAP)
        elif side is Side.SELL:
            hatched(painter, theme, QRectF(MINE + DEPTH + 5, y + 4, 13, 8))
            self._text(painter, (MINE + DEPTH + 22, y, 80, ROW - 1), "from FNRA", LEFT, _REMARK)

    def _line(self, painter: QPainter, y: int, line: LadderLine, *, is_chosen: bool) -> None:
        theme = self._theme
        if is_chosen and (line.mine or line.price == self._chosen):
            painter.fillRect(1, y, MINE + DEPTH, ROW, theme.colour("selection"))
            painter.fillRect(1, y, 3, ROW, theme.colour("accent"))
        elif line.is_spread:
            painter.fillRect(MINE, y, DEPTH, ROW, theme.colour("alt"))
        if line.is_near_grpan and self.weights_room:
            painter.fillRect(MINE + DEPTH, y, self.weights_room - 1, ROW, theme.colour("alt"))
        painter.setPen(theme.colour("grid"))
        painter.drawLine(1, y + ROW - 1, self.width() - 2, y + ROW - 1)
        if line.empty:
            text = f"{formatting.price(line.empty)} {'empty' if line.is_whole else 'apart'}"
            self._text(painter, (MINE + 40, y, 90, ROW - 1), text, CENTRE, TextStyle(Tone.STALE, 10))
            return
        self._mine(painter, y, line, is_chosen=is_chosen)
        self._price(painter, y, line)
        self._sizes(painter, y, line)
        self._weight(painter, y, line)

    def _mine(self, painter: QPainter, y: int, line: LadderLine, *, is_chosen: bool) -> None:
        if not line.mine:
            return
        theme, (order, ahead) = self._theme, line.mine[0]
        tone = Tone.BUY if order.side == Side.BUY else Tone.SELL
        left = formatting.hidden(formatting.quantity(order.left), self._hides)
        more = f" +{len(line.mine) - 1}" if len(line.mine) > 1 else ""
        text = f"{order.mode.abbreviation} {left}{more}"
        pixels = pixels_in(CHIP, theme, StyledText(text, Tone.TEXT, True, order.is_stale), CHIP_SIZES)
        box = QRectF(5.5, y + 1.5, CHIP, 13)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = theme.colour(Tone.STALE if order.is_stale else tone)
        edge = Qt.PenStyle.DashLine if order.is_stale else Qt.PenStyle.SolidLine
        # The background of a purchase is nearly that of a selected row.
        painter.setPen(QPen(ink, 1, edge) if order.is_stale or is_chosen else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if order.is_stale else QBrush(theme.ground(tone)))
        painter.drawRoundedRect(box, 3, 3)
        painter.restore()
        face = theme.face(pixels, bold=True, italic=order.is_stale)
        face.draw(painter, (5.5, y + 1.5, CHIP, 13), text, CENTRE, ink)
        text = formatting.hidden(formatting.quantity(ahead.shares), self._hides)
        place = PLACES_IN_SHORT.get(ahead.place, place_text(ahead.place, hides=self._hides))
        room = price_markers.figure_room(theme, text, place)
        style = self._style(Tone.TEXT, 12, bold=not self._is_old)
        self._text(painter, (72, y, room, ROW - 1), text, RIGHT, style)
        at = (75 + room, y, price_markers.AHEAD - room, ROW - 1)
        self._text(painter, at, place, LEFT, TextStyle(Tone.TEXT2, 9))

    def _price(self, painter: QPainter, y: int, line: LadderLine) -> None:
        theme = self._theme
        is_best = line.price in (self._lines.best_bid, self._lines.best_ask)
        if line.is_last:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            style = Qt.PenStyle.DashLine if self._is_old else Qt.PenStyle.SolidLine
            painter.setPen(QPen(theme.colour("accent"), 1, style))
            painter.setBrush(theme.colour("base" if self._is_old else "selection"))
            painter.drawRoundedRect(QRectF(MINE + 60.5, y + 0.5, 49, ROW - 2), 3, 3)
            painter.restore()
            self._text(painter, (MINE + 112, y, 40, ROW - 1), "" if line.ask else "last", LEFT, _REMARK)
        text = formatting.price(line.price)
        tone = Tone.STALE if self._is_old else Tone.TEXT
        bold = (is_best or line.is_last) and not self._is_old
        pixels = pixels_in(47, theme, StyledText(text, is_bold=bold, is_old=self._is_old))
        face = theme.face(pixels, bold=bold, italic=self._is_old, strike=self._is_old)
        face.draw(painter, (MINE + 60, y, 50, ROW - 1), text, CENTRE, theme.colour(tone))

    def _sizes(self, painter: QPainter, y: int, line: LadderLine) -> None:
        for level, side, best in (
            (line.bid, Side.BUY, self._lines.best_bid),
            (line.ask, Side.SELL, self._lines.best_ask),
        ):
            if level is None:
                continue
            text = formatting.quantity(level.size) if level.size else "L1 only"
            x, align = (MINE, RIGHT) if side is Side.BUY else (MINE + 114, LEFT)
            style = self._style(Tone.TEXT, 11, bold=line.price == best and not self._is_old)
            self._text(painter, (x, y - 1, 56, ROW - 1), text, align, style)
            self._strip(painter, y, line, level.size, side)

    def _strip(self, painter: QPainter, y: int, line: LadderLine, size: float, side: Side) -> None:
        largest = self._lines.largest
        if not largest or not size:
            return
        theme = self._theme
        mine = 0.0 if self._hides else sum(order.displayed for order, _ in line.mine if order.side == side)
        width = max(54 * size / largest, 3.0)
        part = min(width * mine / size, width)
        x = MINE + 56 - width if side is Side.BUY else MINE + 114
        whole = QRectF(x, y + ROW - 5, width, 3)
        if self._is_old:
            painter.setPen(theme.colour("control"))
            painter.drawRect(whole)
            return
        painter.fillRect(whole, theme.colour("control"))
        if part:
            own = QRectF(whole.right() - part if side is Side.BUY else x, whole.y(), part, 3)
            painter.fillRect(own, theme.colour(Tone.BUY if side is Side.BUY else Tone.SELL))

    def _weight(self, painter: QPainter, y: int, line: LadderLine) -> None:
        if line.weight is None or not self._lines.heaviest or not self.weights_room:
            return
        theme = self._theme
        is_grpan = self._lines.grpan is not None and abs(line.price - self._lines.grpan) < 1e-6
        room = self.weights_room - 42
        width = max(room * line.weight.total / self._lines.heaviest, 2.0)
        away = width * line.weight.finra / line.weight.total
        bar = QRectF(MINE + DEPTH + 4, y + 3, width, ROW - 7)
        if self._is_old:
            painter.setPen(theme.colour("control"))
            painter.drawRect(bar)
        else:
            painter.fillRect(bar, theme.colour("accent" if is_grpan else "control"))
        if away:
            hatched(painter, theme, QRectF(bar.right() - away, bar.y(), away, bar.height()))
        text = f"{line.weight.total:.1f}"
        style = self._style(Tone.TEXT if is_grpan else Tone.TEXT2, 11, bold=is_grpan)
        left = int(bar.right()) + 4
        self._text(painter, (left, y, 36, ROW - 1), text, LEFT, style)
        self._beside_figures -= QRegion(left - 2, y, theme.text_width(text, 11, bold=is_grpan) + 4, ROW)

    def _marks(self, painter: QPainter, shown: tuple[LadderLine, ...], top: int) -> None:
        theme, lines = self._theme, self._lines
        if self.weights_room:
            painter.setClipRegion(self._beside_figures)
            price_markers.draw_rwvap(painter, theme, lines.rwvap, shown, top, (MINE + DEPTH, self.width()))
            painter.setClipping(False)
        price_markers.draw_averages(painter, theme, lines.averages, shown, top, MINE)

    # Keys and mouse.

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key, lines = event.key(), self._lines.lines
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -self._room,
            Qt.Key.Key_PageDown: self._room,
        }
        if key == Qt.Key.Key_Home:
            self._offset, self._chosen = 0, None
        elif key in steps and lines:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._next_of_mine(up=key == Qt.Key.Key_Up)
            else:
                self._choose(self._place() + steps[Qt.Key(key)])
        else:
            super().keyPressEvent(event)
            return
        self.update()
        self.line_changed.emit()

    def _place(self) -> int:
        places = {line.price: place for place, line in enumerate(self._lines.lines)}
        return places.get(self._chosen or 0.0, self._lines.middle)

    def _choose(self, place: int) -> None:
        place = min(max(place, 0), len(self._lines.lines) - 1)
        self._hovered = None
        self._chosen = self._lines.lines[place].price
        first = self._first
        if place < first:
            self._offset += place - first
        elif place >= first + self._room:
            self._offset += place - first - self._room + 1

    def _next_of_mine(self, *, up: bool) -> None:
        places = [place for place, line in enumerate(self._lines.lines) if line.mine]
        here = self._place()
        beyond = [place for place in places if (place < here if up else place > here)]
        if beyond:
            self._choose(beyond[-1] if up else beyond[0])

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        first = self._first
        self._offset -= event.angleDelta().y() // 40
        self._offset += self._first - (first - event.angleDelta().y() // 40)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._hovered = self._price_at(event.position().y())
        self.update()
        self.line_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._chosen = self._price_at(event.position().y())
        self.update()

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, N802
        self._hovered = None
        self.update()
        self.line_changed.emit()

    def _price_at(self, y: float) -> float | None:
        place = int((y - BAND - TITLES) // ROW) - 1
        shown = self.shown
        return shown[place].price if 0 <= place < len(shown) else None
