"""The line under the account strips: what is at stake, and with which issuers."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from psf_monitor import formatting
from psf_monitor.book.sums.exposure import Exposure
from psf_monitor.ui.style.painted_text import LEFT
from psf_monitor.ui.style.theme import Theme, Tone

LINE_HEIGHT = 22
_PADDING, _GAP, _NEAR = 8, 14, 5
_BAR_WIDTH, _BAR_HEIGHT = 64, 6

Word = tuple[str, Tone, bool]
"""Text, tone, and whether it is bold."""


class Piece(NamedTuple):
    """A word where it stands; without a text a bar."""

    left: int
    width: int
    text: str
    tone: str
    is_bold: bool = False
    is_old: bool = False


class ExposureLine(QWidget):
    """Long, short, gross and net with their percents, and the largest issuers.

    Without room, issuers go first, from the smallest, then their bars, then the percents; net stays.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._exposure: Exposure | None = None
        self._hides = False
        self._pieces: tuple[Piece, ...] = ()
        self._made_of: tuple[Exposure | None, bool, int] = (None, False, -1)
        self.setFixedHeight(LINE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Exposure")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self.update)

    def show_exposure(self, exposure: Exposure, *, are_values_hidden: bool) -> None:
        """Fill the line; nothing is drawn again when it is the same."""
        if (exposure, are_values_hidden) == (self._exposure, self._hides):
            return
        self._exposure, self._hides = exposure, are_values_hidden
        sentences = f"{self.text}{self._lacking()}"
        self.setAccessibleDescription(sentences)
        self.setToolTip(f"{sentences}\n{_ABOUT}")
        before = self._pieces
        for piece in {*before} ^ {*self._laid_out()}:
            self.update(self._place(piece))

    @property
    def text(self) -> str:
        """All of it, with every issuer."""
        words = [word for part in self._sums(has_percents=True) for word, _tone, _bold in part]
        issuers = [f"{name} {percent}" for name, percent, _share in self._issuers()]
        return " ".join([*words, *([self._issuers_title] if issuers else []), *issuers])

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(400, LINE_HEIGHT)

    def _lacking(self) -> str:
        exposure = self._exposure
        if exposure is None:
            return ""
        sentences = [*exposure.left_out, *(f"{mode} is not in it" for mode in exposure.excluded_modes)]
        return f" · {' · '.join(sentences)}" if sentences else ""

    def _sums(self, *, has_percents: bool) -> list[list[Word]]:
        exposure = self._exposure
        if exposure is None:
            return []
        parts: list[list[Word]] = []
        for title, value in (
            ("Long", exposure.long_value),
            ("Short", exposure.short_value),
            ("Gross", exposure.gross_value),
            ("Net", exposure.net_value),
        ):
            covers = self._hides and value is not None
            money = formatting.HIDDEN if covers else formatting.money(value)
            part: list[Word] = [(title, Tone.TEXT2, False), (money, Tone.TEXT, True)]
            percent = exposure.percent(value)
            if has_percents and percent is not None:
                part.append((_percent(percent), Tone.TEXT2, False))
            parts.append(part)
        if has_percents and exposure.percent(exposure.net_value) is not None:
            parts[-1].append(("of net liq", Tone.TEXT2, False))
        return parts

    @property
    def _issuers_title(self) -> str:
        """Without a net liquidation the parts are of the gross, and say so."""
        exposure = self._exposure
        is_of_gross = exposure is not None and exposure.percent(exposure.gross_value) is None
        return "Largest, of gross" if is_of_gross else "Largest"

    def _issuers(self) -> list[tuple[str, str, float]]:
        """Name, its part of the net liquidation or of the gross, and its bar's part of the largest one's."""
        exposure = self._exposure
        if exposure is None or not exposure.largest or not exposure.gross_value:
            return []
        first = exposure.largest[0].gross_value or 1.0
        issuers = []
        for each in exposure.largest:
            percent = exposure.percent(each.gross_value)
            part = 100 * each.gross_value / exposure.gross_value if percent is None else percent
            issuers.append((each.name, _percent(part), each.gross_value / first))
        return issuers

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        theme, drawn = self._theme, event.region()
        painter.fillRect(self.rect(), theme.colour("card"))
        painter.setPen(theme.colour("divider"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        for piece in self._laid_out():
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
        """All that it draws, within the border."""
        return QRect(piece.left - 1, 1, piece.width + 3, self.height() - 2)

    def _laid_out(self) -> tuple[Piece, ...]:
        """What stands where, in the width that there is."""
        made_of = (self._exposure, self._hides, self.width())
        if made_of != self._made_of:
            self._pieces, self._made_of = tuple(self._lay_out()), made_of
        return self._pieces

    def _lay_out(self) -> Iterator[Piece]:
        room = self.width() - _PADDING
        title: list[Word] = [("Exposure", Tone.TEXT2, True)]
        yield from self._words(title, _PADDING)
        left = _PADDING + self._width([title])
        sums = self._sums(has_percents=True)
        if left + self._width(sums) > room:
            sums = self._sums(has_percents=False)
        while len(sums) > 1 and left + self._width(sums) > room:
            # What net is made of gives way before net does.
            sums = sums[1:]
        for part in sums:
            yield from self._words(part, left)
            left += self._width([part])
        yield from self._lay_out_issuers(left, room)

    def _lay_out_issuers(self, left: int, room: int) -> Iterator[Piece]:
        issuers = self._issuers()
        title: list[Word] = [(self._issuers_title, Tone.TEXT2, False)]
        for bar in (_BAR_WIDTH, 0):
            shown = issuers
            while shown and left + self._issuer_width(title, shown, bar) > room:
                shown = shown[:-1]
            if len(shown) >= min(3, len(issuers)) or not bar:
                break
        if not shown:
            return
        yield from self._words(title, left)
        left += self._width([title])
        for name, percent, share in shown:
            name_part: list[Word] = [(name, Tone.TEXT, True)]
            percent_part: list[Word] = [(percent, Tone.TEXT2, False)]
            yield from self._words(name_part, left)
            left += self._width([name_part]) - _GAP + _NEAR
            if bar:
                length = max(round(bar * share), 1)
                yield Piece(left, length, "", "control")
                left += length + _NEAR
            yield from self._words(percent_part, left)
            left += self._width([percent_part])

    def _issuer_width(self, title: list[Word], shown: list[tuple[str, str, float]], bar: int) -> int:
        width = self._width([title])
        for name, percent, share in shown:
            width += self._width([[(name, Tone.TEXT, True)]]) + _NEAR - _GAP
            width += (max(round(bar * share), 1) + _NEAR if bar else 0) + self._width(
                [[(percent, Tone.TEXT2, False)]]
            )
        return width

    def _width(self, parts: list[list[Word]]) -> int:
        """Of these, each with the gap behind it."""
        width = 0
        for part in parts:
            for text, _tone, bold in part:
                width += self._theme.text_width(text, 11, bold=bold) + _NEAR
            width += _GAP - _NEAR
        return width

    def _words(self, part: list[Word], left: int) -> Iterator[Piece]:
        """The words of a part, one beside the other."""
        is_old = self._exposure is not None and self._exposure.is_old
        for text, tone, bold in part:
            is_figure = text[-1:].isdigit() or text.endswith("%")
            old = is_old and is_figure
            width = self._theme.text_width(text, 11, bold=bold)
            yield Piece(left, width + 2, text, Tone.STALE if old else tone, bold and not old, old)
            left += width + _NEAR


_ABOUT = (
    "Market values of both IBKR logins at the mark: gross is long less short, net is their sum, in percent "
    "of net liquidation. Issuers are the roots of the symbols, by gross value."
)


def _percent(value: float) -> str:
    sign = formatting.MINUS if value < 0 and round(value, 1) else ""
    return f"{sign}{abs(value):.1f}%"
