"""Line charts over the hours of a day, drawn with QPainter: a chart library costs more than the whole
window.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from psf_monitor.domain.market_hours import new_york
from psf_monitor.ui.style.theme import Theme

_LEFT_ROOM, _BELOW, _NAME = 46, 14, 10
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps times and figures to points of ``box``, the inside of the axes."""

    box: QRectF
    begin: datetime
    end: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        """Return the x coordinate of a time; outside of the day it is at the edge."""
        part = (at - self.begin) / (self.end - self.begin)
        return self.box.left() + min(max(part, 0.0), 1.0) * self.box.width()

    def y(self, figure: float) -> float:
        """Return the y coordinate of a figure; outside of the scale it is at the edge."""
        part = (figure - self.low) / (self.high - self.low)
        return self.box.bottom() - min(max(part, 0.0), 1.0) * self.box.height()


def scale_of(
    rect: QRectF, begin: datetime, end: datetime, figures: Iterable[float], *, least: float
) -> Scale:
    """Return a scale in ``rect`` that has room for all ``figures`` and spans at least ``least``."""
    known = [each for each in figures if math.isfinite(each)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    room = max((least - (high - low)) / 2, (high - low) * 0.06)
    box = rect.adjusted(_LEFT_ROOM, 4, -6, -_BELOW)
    return Scale(box, begin, end, low - room, high + room)


def ticks_of(low: float, high: float, most: int) -> list[float]:
    """Return round figures between ``low`` and ``high``, at most ``most`` and about as many."""
    span = max(high - low, 1e-9) / max(most, 1)
    power = 10 ** math.floor(math.log10(span))
    step = next((part * power for part in _STEPS if part * power >= span), 10 * power)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def draw_axes(painter: QPainter, theme: Theme, scale: Scale, write: Callable[[float], str]) -> None:
    """Draw the grid with the hours of New York below and the figures at the left."""
    box = scale.box
    painter.setFont(theme.font(10))
    for figure in ticks_of(scale.low, scale.high, max(int(box.height() // 22), 2)):
        y = scale.y(figure)
        painter.setPen(theme.colour("grid"))
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(0, y - 7, _LEFT_ROOM - 5, 14), _RIGHT, write(figure))
    hour = new_york(scale.begin).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    hours = max(int((scale.end - scale.begin).total_seconds() // 3600), 1)
    every = max(math.ceil(hours / max(box.width() // 34, 1)), 1)
    while hour < scale.end:
        x = scale.x(hour)
        painter.setPen(theme.colour("grid"))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        if hour.hour % every == 0:
            painter.setPen(theme.colour("text2"))
            painter.drawText(
                QRectF(x - 14, box.bottom() + 1, 28, 12), Qt.AlignmentFlag.AlignCenter, f"{hour:%H}"
            )
        hour += timedelta(hours=1)
    painter.setPen(theme.colour("divider"))
    painter.drawRect(box)


def draw_line(
    painter: QPainter,
    scale: Scale,
    points: Sequence[tuple[datetime, float]],
    pen: QPen,
    gap: timedelta,
) -> None:
    """Connect the points, except over a time longer than ``gap``, which is unknown."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    run: list[QPointF] = []
    before: datetime | None = None
    for at, figure in points:
        if before is not None and at - before > gap:
            _run(painter, run)
            run = []
        run.append(QPointF(scale.x(at), scale.y(figure)))
        before = at
    _run(painter, run)
    painter.restore()


def _run(painter: QPainter, run: list[QPointF]) -> None:
    if len(run) == 1:
        painter.drawPoint(run[0])
    elif run:
        painter.drawPolyline(QPolygonF(run))


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A named figure that is drawn across the whole day."""

    figure: float
    text: str
    pen: QPen


def draw_reference_lines(
    painter: QPainter, theme: Theme, scale: Scale, levels: Sequence[ReferenceLine]
) -> None:
    """Draw lines across the whole day, named at the right; one beyond the scale is named there with an arrow.

    Names do not overlap.
    """
    box = scale.box
    for level in levels:
        if scale.low <= level.figure <= scale.high:
            y = scale.y(level.figure)
            painter.setPen(level.pen)
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
    bottom = box.bottom() - 1
    for level in sorted((each for each in levels if each.text), key=lambda each: each.figure):
        arrow = "▲ " if level.figure > scale.high else "▼ " if level.figure < scale.low else ""
        bottom = max(min(scale.y(level.figure) - 1, bottom), box.top() + _NAME)
        text = f"{arrow}{level.text}"
        width = theme.metrics(9).horizontalAdvance(text) + 2
        name = QRectF(box.right() - width - 3, bottom - _NAME, width, _NAME)
        painter.fillRect(name.adjusted(0, 1, 0, 0), theme.colour("base"))
        painter.setFont(theme.font(9))
        painter.setPen(theme.colour("text2"))
        painter.drawText(name, _RIGHT, text)
        bottom -= _NAME
