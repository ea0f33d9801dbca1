"""A connection's card: its light, its two lines and its one button."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from psf_monitor.ui.base.held_keys import LinkButton
from psf_monitor.ui.connections.card_text import CardText
from psf_monitor.ui.style import shapes
from psf_monitor.ui.style.label import paint_chip
from psf_monitor.ui.style.menu import Menu
from psf_monitor.ui.style.stylesheet import change_look
from psf_monitor.ui.style.theme import Theme, Tone

CARD_HEIGHT = 42
_LIGHT_SIZE = 13
_LIGHT_ROOM = 28
_SECOND_TOP = 21
_GAP = 7
_CHIP_PADDING, _CHIP_PADDING_LEAST = 14, 6
"""Around a chip's text on both sides together, and where room is short."""
_TIGHT_WIDTH = 340
_LEAST_TEXT = 90
"""Room for the longest short state in pixels, on a line of its own."""
_STACKED_BELOW = _LIGHT_ROOM + 150


def _state_pixels(is_stacked: bool) -> int:
    return 11 if is_stacked else 12


class FaceLines(Struct, frozen=True):
    """What of a card's text is drawn at some width: the state is always complete.

    If ``is_stacked``, the state begins the second line, because the first has no room beside the name.
    """

    is_stacked: bool
    chip: str
    chip_width: int
    state: str
    details: tuple[str, ...]


class CardFace(QWidget):
    """Light, name, chip and state over the detail. The detail is shortened first, then the chip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.content: CardText | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_text(self, text: CardText) -> None:
        if text == self.content:
            return
        ages_only = self.content is not None and replace(text, details=self.content.details) == self.content
        self.content = text
        self.setAccessibleName(f"{text.name} {text.state}")
        self.setAccessibleDescription(text.accessible_text)
        self.setToolTip(f"{text.state}\n{text.detail}" if text.detail else text.state)
        if ages_only:
            # Most of a card is the same for hours.
            self.update(self._second_line())
        else:
            self.update()

    def lines(self) -> FaceLines:
        """Return the text that fits the width."""
        text = self.content
        if text is None:
            return FaceLines(False, "", 0, "", ())
        is_stacked = self.width() < _STACKED_BELOW
        beside_name = self.width() - _LIGHT_ROOM - self._width(text.name, 13) - _GAP
        room = self.width() - _LIGHT_ROOM if is_stacked else beside_name
        pixels = _state_pixels(is_stacked)
        state, rest = text.state, ""
        if self._width(state, pixels) > room:
            state, rest = text.short_state, text.rest
        left = beside_name if is_stacked else room - self._width(state, pixels) - _GAP
        chip, moved = text.chip, ""
        needed = self._width(chip, 10)
        if chip and needed + _CHIP_PADDING_LEAST > left:
            chip, moved = "", chip
        width = min(needed + _CHIP_PADDING, left) if chip else 0
        return FaceLines(is_stacked, chip, width, state, (*filter(None, (rest, moved)), *text.details))

    def cut(self, details: Sequence[str], room: int) -> str:
        """Return the details without the last parts that do not fit, which the tooltip has.

        A cut number would read as another one, and an ellipsis as one more word.
        """
        whole = self._whole_parts(details, room)
        if whole or not details:
            return whole
        return self._theme.metrics(11).elidedText(details[0], Qt.TextElideMode.ElideRight, room)

    def _whole_parts(self, details: Sequence[str], room: int) -> str:
        metrics = self._theme.metrics(11)
        for count in range(len(details), 0, -1):
            sentence = " · ".join(details[:count])
            if metrics.horizontalAdvance(sentence) <= room:
                return sentence
        return ""

    def _width(self, text: str, pixels: int) -> int:
        return self._theme.text_width(text, pixels, bold=True)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(_LIGHT_ROOM + _LEAST_TEXT, CARD_HEIGHT - 2)

    def _second_line(self) -> QRect:
        return QRect(_LIGHT_ROOM, _SECOND_TOP, self.width() - _LIGHT_ROOM, 16)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        text = self.content
        if text is None:
            return
        lines = self.lines()
        painter = QPainter(self)
        if not self._second_line().contains(event.rect()):
            self._paint_first_line(painter, text, lines)
        self._paint_second_line(painter, text, lines)

    def _paint_first_line(self, painter: QPainter, text: CardText, lines: FaceLines) -> None:
        theme = self._theme
        light = QPointF(_LIGHT_ROOM / 2 + 0.5, self.height() / 2)
        shapes.draw(painter, text.light, light, _LIGHT_SIZE, theme.colour(text.light_tone))
        middle = Qt.AlignmentFlag.AlignVCenter
        x, top = _LIGHT_ROOM, 3
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(x, top, self.width(), 18), middle, text.name)
        x += self._width(text.name, 13) + _GAP
        if lines.chip:
            box = QRectF(x, top + 1, lines.chip_width, 16)
            paint_chip(
                painter, theme, box, lines.chip, text.chip_tone, is_outline=text.chip_tone is not Tone.PAPER
            )
            x += lines.chip_width + _GAP
        if not lines.is_stacked:
            self._set_state_pen(painter, text, lines)
            painter.drawText(QRect(x, top, self.width() - x, 18), middle, lines.state)

    def _set_state_pen(self, painter: QPainter, text: CardText, lines: FaceLines) -> None:
        painter.setFont(self._theme.font(_state_pixels(lines.is_stacked), bold=True))
        painter.setPen(self._theme.colour(text.state_tone))

    def _paint_second_line(self, painter: QPainter, text: CardText, lines: FaceLines) -> None:
        middle, at = Qt.AlignmentFlag.AlignVCenter, self._second_line()
        if lines.is_stacked:
            self._set_state_pen(painter, text, lines)
            painter.drawText(at, middle, lines.state)
            at.setLeft(at.left() + self._width(lines.state, _state_pixels(lines.is_stacked)) + _GAP)
        painter.setFont(self._theme.font(11))
        painter.setPen(self._theme.colour(text.detail_tone))
        at.setRight(at.right() - 4)
        # Beside the state an ellipsis would say nothing.
        detail = (self._whole_parts if lines.is_stacked else self.cut)(lines.details, at.width())
        painter.drawText(at, middle, detail)


class ConnectionCard(QWidget):
    """One link. ``toggled`` is a click on its button, or ``keys``: connect, or end what is under way."""

    toggled = Signal()
    copy_requested = Signal()

    def __init__(self, theme: Theme, keys: str) -> None:
        super().__init__()
        self._theme = theme
        self._keys = keys
        self.face = CardFace(theme)
        self.button = LinkButton()
        self.button.clicked.connect(self.toggled)
        self.more = QPushButton("⋯")
        self.more.setProperty("look", "more")
        menu = Menu(self.more)
        self.edit = menu.addAction("&Edit…")
        self.test = menu.addAction("&Test")
        self.at_start = menu.addAction("Connect at &start")
        self.at_start.setCheckable(True)
        self.account = menu.addAction("Show account &number")
        self.account.setCheckable(True)
        self.log = menu.addAction("&Log for this connection")
        menu.addSeparator()
        menu.addAction("&Copy details", self.copy_requested.emit)
        self.more.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 6, 1)
        layout.addWidget(self.face)
        layout.addWidget(self.button)
        layout.addWidget(self.more)
        self.setFixedHeight(CARD_HEIGHT)
        self._set_tight(is_tight=True)

    def _set_tight(self, *, is_tight: bool) -> None:
        """Narrow the buttons on half a screen in favour of the state."""
        self.button.setFixedSize(76 if is_tight else 80, 22)
        self.more.setFixedSize(22 if is_tight else 24, 22)
        layout = self.layout()
        if layout is not None:
            layout.setSpacing(3 if is_tight else 7)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        # Without this a wide card would not become as narrow as a tight one may be.
        return QSize(1 + self.face.minimumSizeHint().width() + 3 + 76 + 3 + 22 + 6, CARD_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._set_tight(is_tight=event.size().width() < _TIGHT_WIDTH)
        super().resizeEvent(event)

    def show_text(self, text: CardText) -> None:
        """Show the link as it is now."""
        before = self.face.content
        self.face.show_text(text)
        if before is not None and (before.button, before.border, before.is_wanted) == (
            text.button,
            text.border,
            text.is_wanted,
        ):
            return
        self.button.setText(text.button)
        self.button.setAccessibleName(f"{text.button} {text.name}")
        self.button.setToolTip(f"{text.button} {text.name} ({self._keys})")
        self.more.setAccessibleName(f"More for {text.name}")
        self.more.setToolTip(f"Edit {text.name}, test it, see its account number and its log")
        change_look(self.button, "" if text.is_wanted else "filled")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        text = self.face.content
        border = text.border if text is not None else None
        shapes.paint_card(QPainter(self), self._theme, QRectF(self.rect()), border)
