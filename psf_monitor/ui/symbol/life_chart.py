"""A chart of the shares each login held at every recorded close, and of their total value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import fsum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPolygonF

from psf_monitor import formatting
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.life import RecordedClose
from psf_monitor.domain.market_hours import session_of
from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.style import chart
from psf_monitor.ui.style.theme import Theme, Tone

_LEFT_ROOM, _BELOW, _TITLE = 56, 14, 15
_SHARES = 92
"""The height of the upper chart with its title; the lower one gets the rest."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NO_LINE = "Shares at each close: two recorded closes make a line"
_STROKES: dict[AccountMode, tuple[str | Tone, Qt.PenStyle]] = {
    AccountMode.HAMMER_PRO: (Tone.TEXT2, Qt.PenStyle.DotLine),
    AccountMode.IBKR_PED: (Tone.TEXT, Qt.PenStyle.DashLine),
    AccountMode.IBKR_GUN: ("accent", Qt.PenStyle.SolidLine),
}


def unrecorded(days: Sequence[date]) -> list[tuple[date, date]]:
    """Return the periods between the first and the last of ``days`` with unrecorded sessions. Pure."""
    found: list[tuple[date, date]] = []
    for before, after in pairwise(days):
        between = (before + timedelta(days=n) for n in range(1, (after - before).days))
        missed = [day for day in between if session_of(day) is not None]
        if missed:
            found.append((missed[0], missed[-1]))
    return found


def values_of(closes: Sequence[RecordedClose]) -> list[tuple[date, float]]:
    """Return the total value of all logins at each close, oldest first, without days on which one is
    unknown.
    """
    by_day: dict[date, list[float | None]] = {}
    for each in closes:
        by_day.setdefault(each.day, []).append(each.market_value if each.quantity else 0.0)
    return [
        (day, fsum(value for value in values if value is not None))
        for day, values in sorted(by_day.items())
        if None not in values
    ]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Maps days and figures to points of ``box``."""

    box: QRectF
    first: date
    last: date
    low: float
    high: float

    def point(self, day: date, figure: float) -> QPointF:
        x = self.box.left() + (day - self.first).days / (self.last - self.first).days * self.box.width()
        return QPointF(
            x, self.box.bottom() - (figure - self.low) / (self.high - self.low) * self.box.height()
        )


class LifeChart(PaintedWidget):
    """Draws steps from close to close; unrecorded periods are hatched, and no line crosses them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[tuple[RecordedClose, ...], bool] = ((), False)
        self.setFixedHeight(156)
        self.setAccessibleName("Shares and value at each close")

    def show_closes(self, closes: tuple[RecordedClose, ...], *, hides: bool) -> None:
        """Draw these from now on; ``hides`` hides the scales."""
        if (closes, hides) != self._shown:
            self._shown = (closes, hides)
            self.update()

    @property
    def accessible_text(self) -> str:
        closes, hides = self._shown
        days = sorted({each.day for each in closes})
        if len(days) < 2:
            return NO_LINE
        parts = [f"{days[0]} to {days[-1]}"]
        for each in (each for each in closes if each.day == days[-1]):
            held = formatting.covered(formatting.quantity(each.quantity), hides)
            parts.append(f"{each.mode.abbreviation} {held} at the last")
        parts += [f"not watched {first} to {last}" for first, last in unrecorded(days)]
        return ", ".join(parts)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter, theme = QPainter(self), self._theme
        closes, _hides = self._shown
        rect = QRectF(self.rect())
        painter.fillRect(rect, theme.colour("base"))
        days = sorted({each.day for each in closes})
        if len(days) < 2:
            painter.setFont(theme.font(11))
            painter.setPen(theme.colour("text2"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, NO_LINE)
            painter.end()
            return
        gaps = unrecorded(days)
        self._shares(painter, QRectF(0, 0, rect.width(), _SHARES), closes, days, gaps)
        self._value(painter, rect.adjusted(0, _SHARES, 0, 0), closes, days, gaps)
        painter.end()

    def _shares(
        self,
        painter: QPainter,
        rect: QRectF,
        closes: Sequence[RecordedClose],
        days: Sequence[date],
        gaps: Sequence[tuple[date, date]],
    ) -> None:
        known = [each.quantity for each in closes if each.quantity is not None]
        axes = _axes(rect.adjusted(0, _TITLE, 0, -6), days, known)
        title = "Shares at each close" + ("   ╱ not watched" if gaps else "")
        self._frame(painter, axes, rect, title, gaps)
        for mode, (colour, style) in _STROKES.items():
            of_mode = [
                (each.day, each.quantity)
                for each in closes
                if each.mode is mode and each.quantity is not None
            ]
            if not of_mode:
                continue
            pen = QPen(self._theme.colour(colour), 1.6, style)
            self._steps(painter, axes, of_mode, pen, gaps)
            end = axes.point(*of_mode[-1])
            painter.setFont(self._theme.font(10))
            name = QRectF(end.x() - 44, max(end.y() - 13, rect.top()), 40, 12)
            painter.drawText(name, _RIGHT, mode.abbreviation)

    def _value(
        self,
        painter: QPainter,
        rect: QRectF,
        closes: Sequence[RecordedClose],
        days: Sequence[date],
        gaps: Sequence[tuple[date, date]],
    ) -> None:
        values = values_of(closes)
        axes = _axes(rect.adjusted(0, _TITLE, 0, -_BELOW), days, [value for _, value in values])
        self._frame(painter, axes, rect, "Value at each close, all logins", gaps)
        self._steps(painter, axes, values, QPen(self._theme.colour("text2"), 1.4), gaps)
        painter.setFont(self._theme.font(10))
        painter.setPen(self._theme.colour("text2"))
        below = QRectF(axes.box.left(), axes.box.bottom() + 1, axes.box.width(), 12)
        for day, align in ((days[0], _LEFT), (days[-1], _RIGHT)):
            painter.drawText(below, align, day.isoformat())

    def _frame(
        self, painter: QPainter, axes: _Axes, rect: QRectF, title: str, gaps: Sequence[tuple[date, date]]
    ) -> None:
        theme, hides = self._theme, self._shown[1]
        painter.setFont(theme.font(10, bold=True))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(rect.left() + 5, rect.top(), rect.width() - 10, _TITLE), _LEFT, title)
        painter.setFont(theme.font(10))
        for figure in chart.ticks_of(axes.low, axes.high, 3):
            y = axes.point(axes.first, figure).y()
            painter.setPen(theme.colour("grid"))
            painter.drawLine(QPointF(axes.box.left(), y), QPointF(axes.box.right(), y))
            painter.setPen(theme.colour("text2"))
            text = formatting.covered(formatting.quantity(figure), hides)
            painter.drawText(QRectF(0, y - 7, _LEFT_ROOM - 5, 14), _RIGHT, text)
        for first, last in gaps:
            left, right = axes.point(first, axes.low).x(), axes.point(last, axes.low).x()
            hatch = QBrush(theme.colour("warn"), Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(left, axes.box.top(), max(right - left, 3), axes.box.height()), hatch)

    def _steps(
        self,
        painter: QPainter,
        axes: _Axes,
        figures: Sequence[tuple[date, float]],
        pen: QPen,
        gaps: Sequence[tuple[date, date]],
    ) -> None:
        painter.setPen(pen)
        run: list[QPointF] = []
        before: date | None = None
        for day, figure in figures:
            if before is not None and any(before < first < day for first, _ in gaps):
                _draw(painter, run)
                run = []
            at = axes.point(day, figure)
            if run:
                run.append(QPointF(at.x(), run[-1].y()))
            run.append(at)
            before = day
        _draw(painter, run)


def _axes(box: QRectF, days: Sequence[date], figures: Sequence[float]) -> _Axes:
    low, high = min(0.0, *figures, 0.0), max(1.0, *figures, 0.0)
    return _Axes(box.adjusted(_LEFT_ROOM, 2, -6, 0), days[0], days[-1], low, high)


def _draw(painter: QPainter, run: list[QPointF]) -> None:
    if len(run) > 1:
        painter.drawPolyline(QPolygonF(run))
    elif run:
        painter.drawPoint(run[0])
