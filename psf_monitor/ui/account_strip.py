"""The money line under each card."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from psf_monitor.monitor.rows import Strip
from psf_monitor.ui import text
from psf_monitor.ui.link_card import paint_card
from psf_monitor.ui.theme import Theme, Tone

STRIP_HEIGHT = 34
_TITLE_ROOM = 50
_NOTE_ROOM = 88


@dataclass(frozen=True, slots=True)
class Money:
    """One figure of a strip; ``is_old`` stands in italics."""

    caption: str
    words: str
    tone: Tone
    is_old: bool


@dataclass(frozen=True, slots=True)
class StripWords:
    """A strip as it reads. ``as_of`` is the time of old values, ``tooltip`` explains what is left out."""

    title: str
    money: tuple[Money, ...]
    as_of: str = ""
    tooltip: str = ""


def strip_words(
    title: str,
    strip: Strip,
    now: datetime,
    *,
    is_total: bool,
    left_out: str = "",
    are_values_hidden: bool = False,
) -> StripWords:
    """The words for one moment of a strip. ``left_out`` says what a partial total does not count."""
    base = "" if strip.currency in (None, "USD") else f" {strip.currency}"
    is_past = strip.as_of is not None
    old = strip.is_frozen or is_past
    second = (
        Money("Mkt value", text.money(strip.market_value), _plain(strip.market_value), old)
        if is_total
        else Money(
            f"Excess liq{base}", text.money(strip.excess_liquidity), _plain(strip.excess_liquidity), is_past
        )
    )
    money = (
        Money(f"Net liq{base}", text.money(strip.net_liquidation), _plain(strip.net_liquidation), is_past),
        second,
        Money("Day P&L", text.signed_money(strip.day_pnl), _signed(strip.day_pnl), old),
        Money("Unrlzd P&L", text.signed_money(strip.unrealized_pnl), _signed(strip.unrealized_pnl), old),
    )
    return StripWords(
        title=f"{title}¹" if strip.is_partial and left_out else title,
        money=tuple(map(_covered, money)) if are_values_hidden else money,
        as_of=text.moment(strip.as_of, now) if strip.as_of else "",
        tooltip=left_out if strip.is_partial else "",
    )


def _covered(money: Money) -> Money:
    return money if money.words == text.DASH else replace(money, words=text.HIDDEN, tone=Tone.TEXT)


def _plain(value: float | None) -> Tone:
    return Tone.TEXT2 if value is None else Tone.TEXT


def _signed(value: float | None) -> Tone:
    if value is None:
        return Tone.TEXT2
    return Tone.TEXT if abs(value) < 0.5 else Tone.GAIN if value > 0 else Tone.LOSS


class AccountStrip(QWidget):
    """Title and four figures, right-aligned in equal parts."""

    def __init__(self, theme: Theme, scale: Callable[[], int]) -> None:
        super().__init__()
        self._theme = theme
        self._value_pixels = scale
        self.words: StripWords | None = None
        self.setFixedHeight(STRIP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, words: StripWords) -> None:
        if words == self.words:
            return
        self.words = words
        said = ", ".join(f"{money.caption} {money.words}" for money in words.money)
        self.setAccessibleName(f"{words.title}: {said}")
        past = f"As of {words.as_of} ET" if words.as_of else ""
        self.setToolTip("\n".join(filter(None, [past, words.tooltip])))
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, STRIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, words = self._theme, self.words
        painter = QPainter(self)
        paint_card(painter, theme, QRectF(self.rect()))
        if words is None:
            return
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(12, bold=True))
        painter.setPen(theme.colour("text2"))
        title_height = 17 if words.as_of else STRIP_HEIGHT
        painter.drawText(QRect(9, 1, 120, title_height), left, words.title)
        pixels = self._value_pixels()
        edge = self.width() - 10
        room = _TITLE_ROOM
        if words.as_of:
            note = words.as_of
            metrics = theme.metrics(pixels, bold=True)
            widest = max(metrics.horizontalAdvance(money.words) for money in words.money)
            if (edge - _NOTE_ROOM) / len(words.money) > widest + 4:
                room, note = _NOTE_ROOM, f"as of {note}"
            painter.setFont(theme.font(10))
            painter.setPen(theme.colour("warn"))
            painter.drawText(QRect(9, 17, 120, 14), left, note)
        part = (edge - room) / len(words.money)
        for i, money in enumerate(words.money):
            box_right = int(room + part * (i + 1))
            painter.setFont(theme.font(10))
            painter.setPen(theme.colour("text2"))
            painter.drawText(QRect(0, 2, box_right, 12), right, money.caption)
            painter.setFont(theme.font(pixels, bold=True, italic=money.is_old))
            painter.setPen(theme.colour(Tone.STALE if money.is_old else money.tone))
            painter.drawText(QRect(0, 14, box_right, 18), right, money.words)
