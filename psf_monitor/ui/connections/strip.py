"""The line of account values under each card."""

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from psf_monitor import formatting
from psf_monitor.book.sums.account_strip import Strip
from psf_monitor.ui.connections.strip_fields import STRIP_FIELDS, StripField
from psf_monitor.ui.style import shapes
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.sign_tone import HALF_USD, signed_tone
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.table.header_tooltips import STRIP_TOOLTIPS

STRIP_HEIGHT = 34
_TITLE_ROOM = 50
_MORE_ROOM = 66
_RIGHT_MARGIN = 10
_BETWEEN = 6
_LEAST_PIXELS = 11
_TITLE_RIGHT = 129
_BORDER = 2
PARTIAL = "¹"
"""The mark of a figure of which the tooltip says what is missing in it."""


class StripHeading(Struct, frozen=True):
    """``whose`` stands under the title; ``left_out`` says what a partial total does not count."""

    title: str
    whose: str = ""
    left_out: str = ""


class StripFigure(Struct, frozen=True):
    """One figure of a strip; ``is_old`` is drawn in italics. ``about`` says what it is and whose.

    ``is_partial``: something is missing in it, or it is in review; its title is marked for it. An amount is
    covered when values are hidden.
    """

    caption: str
    text: str
    tone: Tone
    is_old: bool
    about: str = ""
    is_partial: bool = False
    is_amount: bool = True

    @property
    def title(self) -> str:
        """The caption, with the mark of a partial figure."""
        return f"{self.caption}{PARTIAL}" if self.is_partial else self.caption


class StripText(Struct, frozen=True):
    """The text of a strip. ``as_of`` is the time of old values, ``tooltip`` explains what is left out.

    ``whose`` is shown under the title while nothing is old.
    """

    title: str
    money: tuple[StripFigure, ...]
    as_of: str = ""
    tooltip: str = ""
    whose: str = ""


def strip_text(
    heading: StripHeading,
    strip: Strip,
    now: datetime,
    *,
    fields: Collection[str],
    are_values_hidden: bool = False,
) -> StripText:
    """Return the text of a strip at one moment, with the figures of ``fields`` by key."""
    base = "" if strip.currency in (None, "USD") else f" {strip.currency}"
    is_past = strip.as_of is not None
    partly = (heading.left_out,) if strip.is_partial and heading.left_out else ()
    # The total row says what is not valued, whether amounts are hidden or not.
    remarks = () if are_values_hidden else strip.remarks
    money = []
    for field in STRIP_FIELDS:
        if field.key in fields:
            value = field.get(strip)
            has_base = not field.is_calculated and not field.is_percent
            money.append(
                StripFigure(
                    f"{field.caption}{base}" if has_base else field.caption,
                    _written(field, value),
                    _tone(field, value),
                    is_past or (field.is_calculated and strip.is_frozen),
                    f"{field.name}: {STRIP_TOOLTIPS[field.key]}",
                    field.key in strip.partial or (field.key == "net_liquidation" and bool(strip.in_review)),
                    not field.is_percent,
                )
            )
    return StripText(
        title=f"{heading.title}{PARTIAL}" if partly or strip.not_added else heading.title,
        money=tuple(map(_hidden, money)) if are_values_hidden else tuple(money),
        as_of=formatting.moment(strip.as_of, now) if strip.as_of else "",
        whose=heading.whose,
        tooltip="\n".join((*partly, *strip.in_review, *strip.not_added, *remarks)),
    )


def _written(field: StripField, value: float | None) -> str:
    if field.is_percent:
        return formatting.short_share(value)
    return formatting.signed_money(value) if field.is_gain else formatting.money(value)


def _tone(field: StripField, value: float | None) -> Tone:
    if field.is_gain:
        return signed_tone(value, HALF_USD)
    if field.is_percent and value is not None and value < 0:
        return Tone.LOSS
    return Tone.TEXT2 if value is None else Tone.TEXT


def _hidden(money: StripFigure) -> StripFigure:
    text = formatting.hidden(money.text)
    is_kept = text == formatting.DASH or not money.is_amount
    return money if is_kept else replace(money, text=text, tone=Tone.TEXT)


class StripPlan(Struct, frozen=True):
    """What of a strip is drawn at some width: every figure ends at its edge, in ``pixels``.

    Figures without an edge do not fit; the tooltip has them.
    """

    pixels: int
    edges: tuple[int, ...]


class AccountStrip(QWidget):
    """Title and figures, right-aligned. Figures are drawn smaller before one is dropped.

    A right click, the menu key or Enter requests its menu.
    """

    def __init__(self, theme: Theme, scale: Callable[[], int]) -> None:
        super().__init__()
        self._theme = theme
        self._value_pixels = scale
        self.content: StripText | None = None
        self._plan: StripPlan | None = None
        self._planned: tuple[StripText | None, int, int] = (None, 0, 0)
        self.setFixedHeight(STRIP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_text(self, text: StripText) -> None:
        before, plan = self.content, self.plan()
        if text == before:
            return
        self.content = text
        amounts = ", ".join(f"{money.title} {money.text}" for money in text.money)
        self.setAccessibleName(f"{text.title}: {amounts}")
        self._explain()
        if before is None or replace(before, money=()) != replace(text, money=()) or self.plan() != plan:
            self.update()
            return
        for number, (was, now) in enumerate(zip(before.money, text.money, strict=True)):
            if was != now and number < len(plan.edges):
                self.update(self._place(number))

    def _place(self, number: int) -> QRect:
        """Return a figure's rectangle within the border."""
        edges = self.plan().edges
        left = edges[number - 1] if number else 0
        return QRect(left + 1, _BORDER, edges[number] - left, STRIP_HEIGHT - 2 * _BORDER)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.customContextMenuRequested.emit(self.rect().center())
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, STRIP_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._explain()

    def plan(self) -> StripPlan:
        """Return how the figures fit the width: in equal parts, closer together, smaller, fewer."""
        made_of = (self.content, self.width(), self._value_pixels())
        if self._plan is None or self._planned != made_of:
            self._plan, self._planned = self._planned_anew(), made_of
        return self._plan

    def _planned_anew(self) -> StripPlan:
        if self.content is None:
            return StripPlan(self._value_pixels(), ())
        most = len(self.content.money)
        for count in range(most, 0, -1):
            room = max(_MORE_ROOM if count < most else _TITLE_ROOM, self._note_room()) + 1
            left = self.width() - _RIGHT_MARGIN - room
            for pixels in range(self._value_pixels(), _LEAST_PIXELS - 1, -1):
                widths = self._widths(pixels)[:count]
                if max(widths) + _BETWEEN <= left / count:
                    parts = [left / count] * count
                elif sum(widths) + _BETWEEN * count <= left:
                    spare = (left - sum(widths)) / count
                    parts = [width + spare for width in widths]
                else:
                    continue
                return StripPlan(pixels, tuple(int(room + each) for each in accumulate(parts)))
        return StripPlan(_LEAST_PIXELS, ())

    def _note_room(self) -> int:
        """Return the room for the time of old figures, which has the same wording in every strip."""
        if self.content is None or not _note(self.content):
            return 0
        return 9 + self._theme.text_width(_note(self.content), 10) + _BETWEEN

    def _widths(self, pixels: int) -> list[int]:
        width, money = self._theme.text_width, () if self.content is None else self.content.money
        return [max(width(m.text, pixels, bold=True), width(m.title, 10)) for m in money]

    def _explain(self) -> None:
        text = self.content
        if text is None:
            return
        missing = text.money[len(self.plan().edges) :]
        past = f"As of {text.as_of} ET" if text.as_of else ""
        more = [f"{money.title} {money.text}" for money in missing]
        self.setToolTip("\n".join(filter(None, [past, text.tooltip, *more])))

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.explained(event.pos().x()), self)
            return True
        return super().event(event)

    def explained(self, x: int) -> str:
        """Return the tooltip at ``x``: of the figure there, and of the strip as a whole."""
        plan = self.plan()
        about = ""
        if self.content is not None and plan.edges and x > plan.edges[0] - self._widths(plan.pixels)[0]:
            there = next((n for n, edge in enumerate(plan.edges) if x <= edge), None)
            about = "" if there is None else self.content.money[there].about
        return "\n".join(filter(None, (about, self.toolTip())))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        theme, text, drawn = self._theme, self.content, event.region()
        painter = QPainter(self)
        inside = self.rect().adjusted(_BORDER, _BORDER, -_BORDER, -_BORDER)
        if text is not None and inside.contains(drawn.boundingRect()) and not self.hasFocus():
            painter.fillRect(inside, theme.colour("card"))
        else:
            painter.fillRect(self.rect(), theme.colour("window"))
            shapes.paint_card(painter, theme, QRectF(self.rect()))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        if text is None:
            return
        plan = self.plan()
        if drawn.intersects(QRect(0, 0, _TITLE_RIGHT, STRIP_HEIGHT)):
            self._paint_title(painter, text, len(text.money) - len(plan.edges))
        second = theme.colour("text2")
        for number, (money, edge) in enumerate(zip(text.money, plan.edges, strict=False)):
            if drawn.intersects(self._place(number)):
                theme.face(10).write(painter, (0, 2, edge, 12), money.title, RIGHT, second)
                face = theme.face(plan.pixels, bold=True, italic=money.is_old)
                tone = theme.colour(Tone.STALE if money.is_old else money.tone)
                face.write(painter, (0, 14, edge, 18), money.text, RIGHT, tone)

    def _paint_title(self, painter: QPainter, text: StripText, missing: int) -> None:
        theme = self._theme
        title_height = 17 if text.as_of or text.whose else STRIP_HEIGHT
        title = f"{text.title} +{missing}" if missing else text.title
        box = (9, 1, _TITLE_RIGHT - 9, title_height)
        theme.face(12, bold=True).write(painter, box, title, LEFT, theme.colour("text2"))
        if text.as_of or text.whose:
            colour = theme.colour("warn" if text.as_of else "text2")
            theme.face(10).write(painter, (9, 17, self._note_room(), 14), _note(text), LEFT, colour)


def _note(text: StripText) -> str:
    return f"as of {text.as_of}" if text.as_of else text.whose
