"""The line under the account strips: exposure, and its largest issuers."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from psf_monitor import formatting
from psf_monitor.book.sums.exposure import Exposure
from psf_monitor.ui.style import shapes
from psf_monitor.ui.style.painted_text import LEFT
from psf_monitor.ui.style.theme import Theme, Tone

LINE_HEIGHT = 22
_PADDING, _GAP, _NEAR = 8, 14, 5
_BAR_WIDTH, _BAR_HEIGHT = 64, 6
_WITHOUT_PERCENT = 2
"""A sum begins with two texts, its title and amount; the percent follows."""


class MeasuredText(NamedTuple):
    """A text, its style, and its width in device-independent pixels; ``is_figure``: it may be old."""

    text: str
    tone: Tone
    is_bold: bool
    width: int
    is_figure: bool = False


class Issuer(NamedTuple):
    """An issuer's name, its share of the total, and that of its bar in the largest issuer's bar."""

    name: MeasuredText
    percent: MeasuredText
    share: float


class Piece(NamedTuple):
    """A placed text; without one it is a bar."""

    left: int
    width: int
    text: str
    tone: str
    is_bold: bool = False
    is_old: bool = False


class ExposureLine(QWidget):
    """Long, short, gross and net with their percents, and the largest issuers.

    If room is short, issuers are dropped first, from the smallest, then their bars, then the percents; net
    stays.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._exposure: Exposure | None = None
        self._hides = False
        self._title = self._title_of(None)
        self._sums: list[list[MeasuredText]] = []
        self._issuers: list[Issuer] = []
        self._pieces: tuple[Piece, ...] = ()
        self._made_of: tuple[Exposure | None, bool, int] = (None, False, -1)
        self.setFixedHeight(LINE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Exposure")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self.update)

    def show_exposure(self, exposure: Exposure, *, are_values_hidden: bool) -> None:
        """Set the figures; nothing is redrawn if they are unchanged."""
        if (exposure, are_values_hidden) == (self._exposure, self._hides):
            return
        self._exposure, self._hides = exposure, are_values_hidden
        self._title = self._title_of(exposure)
        self._sums, self._issuers = self._sums_of(exposure), self._issuers_of(exposure)
        sentences = f"{self.text}{self._lacking()}"
        self.setAccessibleDescription(sentences)
        self.setToolTip(f"{sentences}\n{_ABOUT}")
        before = self._pieces
        for piece in {*before} ^ {*self.laid_out()}:
            self.update(self._place(piece))

    @property
    def text(self) -> str:
        """Return all of it, with every issuer."""
        parts = [each.text for part in (self._title[1:], *self._sums) for each in part]
        parts += [self._issuers_title] if self._issuers else []
        parts += [text.text for each in self._issuers for text in (each.name, each.percent)]
        return " ".join(parts)

    @property
    def _issuers_title(self) -> str:
        """Return the title of the issuers: without a net liquidation value their parts are of the gross
        value.
        """
        exposure = self._exposure
        is_of_gross = exposure is not None and exposure.percent(exposure.gross_value) is None
        return "Largest, of gross" if is_of_gross else "Largest"

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(400, LINE_HEIGHT)

    def _lacking(self) -> str:
        exposure = self._exposure
        return "".join(f" · {sentence}" for sentence in exposure.left_out) if exposure else ""

    def _measured(
        self, text: str, tone: Tone, *, is_bold: bool = False, is_figure: bool = False
    ) -> MeasuredText:
        width = self._theme.text_width(text, 11, bold=is_bold)
        return MeasuredText(text, tone, is_bold, width, is_figure)

    def _percent(self, percent: float) -> MeasuredText:
        return self._measured(formatting.short_share(percent), Tone.TEXT2, is_figure=True)

    def _title_of(self, exposure: Exposure | None) -> list[MeasuredText]:
        """Return the title, which also names a login that is in none of the figures."""
        title = [self._measured("Exposure", Tone.TEXT2, is_bold=True)]
        if exposure is not None and exposure.gross_value is not None and exposure.excluded_modes:
            without = " and ".join(mode.link_name for mode in exposure.excluded_modes)
            title.append(self._measured(f"without {without}", Tone.WARN))
        return title

    def _sums_of(self, exposure: Exposure) -> list[list[MeasuredText]]:
        """Return title, amount and percent of each sum."""
        parts: list[list[MeasuredText]] = []
        for title, value in (
            ("Long", exposure.long_value),
            ("Short", exposure.short_value),
            ("Gross", exposure.gross_value),
            ("Net", exposure.net_value),
        ):
            covers = self._hides and value is not None
            money = formatting.HIDDEN if covers else formatting.money(value)
            is_figure = value is not None and not covers
            amount = self._measured(money, Tone.TEXT, is_bold=True, is_figure=is_figure)
            part = [self._measured(title, Tone.TEXT2), amount]
            percent = exposure.percent(value)
            if percent is not None:
                part.append(self._percent(percent))
            parts.append(part)
        if exposure.percent(exposure.net_value) is not None:
            parts[-1].append(self._measured("of net liq", Tone.TEXT2))
        return parts

    def _issuers_of(self, exposure: Exposure) -> list[Issuer]:
        """Return the largest issuers, each with its part of the net liquidation value or, without one, of the
        gross.
        """
        if not exposure.largest or not exposure.gross_value:
            return []
        first = exposure.largest[0].gross_value or 1.0
        issuers = []
        for each in exposure.largest:
            percent = exposure.percent(each.gross_value)
            part = 100 * each.gross_value / exposure.gross_value if percent is None else percent
            name = self._measured(each.name, Tone.TEXT, is_bold=True)
            issuers.append(Issuer(name, self._percent(part), each.gross_value / first))
        return issuers

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme, drawn = self._theme, event.region()
        painter.fillRect(self.rect(), theme.colour("window"))
        shapes.paint_card(painter, theme, QRectF(self.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for piece in self.laid_out():
            if drawn.intersects(self._place(piece)):
                self._paint(painter, piece)

    def _paint(self, painter: QPainter, piece: Piece) -> None:
        theme = self._theme
        if not piece.text:
            top = (self.height() - _BAR_HEIGHT) // 2
            painter.fillRect(piece.left, top, piece.width, _BAR_HEIGHT, theme.colour(piece.tone))
            return
        face = theme.face(11, bold=piece.is_bold, italic=piece.is_old)
        box = (piece.left, 0, piece.width, self.height())
        face.write(painter, box, piece.text, LEFT, theme.colour(piece.tone))

    def _place(self, piece: Piece) -> QRect:
        """Return a piece's rectangle within the border."""
        return QRect(piece.left - 1, 1, piece.width + 3, self.height() - 2)

    def laid_out(self) -> tuple[Piece, ...]:
        """Return the pieces placed in the available width."""
        made_of = (self._exposure, self._hides, self.width())
        if made_of != self._made_of:
            self._pieces, self._made_of = tuple(self._lay_out()), made_of
        return self._pieces

    def _lay_out(self) -> Iterator[Piece]:
        room = self.width() - _PADDING
        yield from self._placed(self._title, _PADDING)
        left = _PADDING + _width(self._title)
        sums = self._sums
        if left + sum(map(_width, sums)) > room:
            sums = [part[:_WITHOUT_PERCENT] for part in sums]
        while len(sums) > 1 and left + sum(map(_width, sums)) > room:
            # The components of net are dropped before net is.
            sums = sums[1:]
        for part in sums:
            yield from self._placed(part, left)
            left += _width(part)
        yield from self._lay_out_issuers(left, room)

    def _lay_out_issuers(self, left: int, room: int) -> Iterator[Piece]:
        issuers = self._issuers
        title = [self._measured(self._issuers_title, Tone.TEXT2)]
        for bar in (_BAR_WIDTH, 0):
            shown = issuers
            while shown and left + _width(title) + sum(_issuer_width(each, bar) for each in shown) > room:
                shown = shown[:-1]
            if len(shown) >= min(3, len(issuers)) or not bar:
                break
        if not shown:
            return
        yield from self._placed(title, left)
        left += _width(title)
        for each in shown:
            yield from self._placed([each.name], left)
            left += each.name.width + _NEAR
            if bar:
                length = _bar_length(each, bar)
                yield Piece(left, length, "", "control")
                left += length + _NEAR
            yield from self._placed([each.percent], left)
            left += _width([each.percent])

    def _placed(self, part: list[MeasuredText], left: int) -> Iterator[Piece]:
        """Yield the texts of a part beside each other."""
        is_old = self._exposure is not None and self._exposure.is_old
        for text, tone, bold, width, is_figure in part:
            old = is_old and is_figure
            yield Piece(left, width + 2, text, Tone.STALE if old else tone, bold and not old, old)
            left += width + _NEAR


def _width(part: list[MeasuredText]) -> int:
    """Return the width of its texts and the gap after them."""
    return sum(each.width + _NEAR for each in part) + _GAP - _NEAR


def _issuer_width(issuer: Issuer, bar: int) -> int:
    width = issuer.name.width + _NEAR + _width([issuer.percent])
    return width + _bar_length(issuer, bar) + _NEAR if bar else width


def _bar_length(issuer: Issuer, bar: int) -> int:
    return max(round(bar * issuer.share), 1)


_ABOUT = (
    "Market values of both IBKR logins at the mark: gross is long less short, net is their sum, in percent "
    "of net liquidation. Issuers are the roots of the symbols, by gross value."
)
