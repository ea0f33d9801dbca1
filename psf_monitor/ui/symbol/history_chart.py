"""A chart of the shares each login held at every recorded close, and of their total value."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import fsum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPolygonF

from psf_monitor import formatting
from psf_monitor.book.sums.totals import counted_modes
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.position_history import HistoryEvent, HistoryRow, RecordedClose
from psf_monitor.domain.market_hours import session_of
from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.style import chart
from psf_monitor.ui.style.theme import Theme, Tone

_LEFT_ROOM, _BELOW, _TITLE = 56, 14, 15
_SHARES = 92
"""The height of the upper chart with its title; the lower one gets the rest."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MONTH = 34
"""The least room for the name of a month."""
MARKS = {
    HistoryEvent.OPENED: "●",
    HistoryEvent.ADDED: "▲",
    HistoryEvent.REDUCED: "▼",
    HistoryEvent.CLOSED: "✕",
    HistoryEvent.TURNED: "⇅",
}
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


def held_of(closes: Sequence[RecordedClose], mode: AccountMode) -> list[tuple[date, float]]:
    """Return what a login held at each close, in all its accounts; oldest first, without days on which that
    of one is unknown. Pure.
    """
    return _sums([each for each in closes if each.mode is mode], lambda each: each.quantity)


def values_of(closes: Sequence[RecordedClose]) -> list[tuple[date, float]]:
    """Return the total value at each close of IBKR's logins, or of HAMMER's own account alone; oldest first,
    without days on which that of one is unknown. Pure.
    """
    modes = counted_modes(each.mode for each in closes)
    return _sums([each for each in closes if each.mode in modes], lambda each: each.market_value)


def whose_value(modes: Collection[AccountMode]) -> str:
    """Return in words whose closes ``values_of`` adds up. Pure."""
    counted = counted_modes(modes)
    if len(counted) == 1:
        return next(iter(counted)).abbreviation
    return "all logins" if set(counted) == set(modes) else "IBKR's logins"


def _sums(
    closes: Sequence[RecordedClose], figure: Callable[[RecordedClose], float | None]
) -> list[tuple[date, float]]:
    accounts: dict[tuple[AccountMode, str], list[RecordedClose]] = {}
    for each in sorted(closes, key=lambda each: each.day):
        accounts.setdefault((each.mode, each.account), []).append(each)
    found = []
    for day in sorted({each.day for each in closes}):
        figures = [_figure_on(day, of_one, figure) for of_one in accounts.values()]
        known = [each for each in figures if each is not None]
        if len(known) == len(figures):
            found.append((day, fsum(known)))
    return found


def _figure_on(
    day: date, closes: Sequence[RecordedClose], figure: Callable[[RecordedClose], float | None]
) -> float | None:
    """Return a figure of one account; where it was not recorded it is known only between closes with
    nothing.
    """
    place = bisect_left(closes, day, key=lambda each: each.day)
    if place < len(closes) and closes[place].day == day:
        return figure(closes[place]) if closes[place].quantity else closes[place].quantity
    return None if any(each.quantity != 0 for each in closes[max(place - 1, 0) : place + 1]) else 0.0


def runs_of(figures: Sequence[tuple[date, float]]) -> list[list[tuple[date, float]]]:
    """Return the figures in parts between which there are sessions without one. Pure."""
    runs: list[list[tuple[date, float]]] = []
    for day, figure in figures:
        if runs and not unrecorded([runs[-1][-1][0], day]):
            runs[-1].append((day, figure))
        else:
            runs.append([(day, figure)])
    return runs


def months_of(first: date, last: date, most: int) -> list[tuple[date, str]]:
    """Return the beginnings of months in a period, at most ``most``, with their names; January has the year.
    Pure.
    """
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    every = next(each for each in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) <= each * max(most, 1))
    days = [date(month // 12, month % 12 + 1, 1) for month in months if month % every == 0]
    return [(day, f"{day:%Y}" if day.month == 1 else f"{day:%b}") for day in days]


@dataclass(frozen=True, slots=True)
class _Shown:
    """Everything that is drawn: ``held`` of each login, and the ``value`` of all."""

    days: Sequence[date] = ()
    gaps: Sequence[tuple[date, date]] = ()
    held: Mapping[AccountMode, Sequence[tuple[date, float]]] = field(default_factory=dict)
    value: Sequence[tuple[date, float]] = ()
    events: Sequence[tuple[AccountMode, date, HistoryEvent]] = ()


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


class HistoryChart(PaintedWidget):
    """Draws steps from close to close; unrecorded periods are hatched, and no line crosses them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._given: tuple[object, ...] = ()
        self._shown = _Shown()
        self._hides = False
        self.setFixedHeight(156)
        self.setAccessibleName("Shares and value at each close")

    def show_closes(
        self, closes: tuple[RecordedClose, ...], rows: Sequence[HistoryRow] = (), *, hides: bool
    ) -> None:
        """Draw these from now on, with the events of ``rows``; ``hides`` hides the scales."""
        events = tuple((row.mode, row.day, row.event) for row in rows if row.event in MARKS)
        if (closes, events, hides) == self._given:
            return
        self._given, self._hides = (closes, events, hides), hides
        days = sorted({each.day for each in closes})
        modes = {each.mode for each in closes}
        held = {mode: held_of(closes, mode) for mode in _STROKES if mode in modes}
        self._shown = _Shown(days, unrecorded(days), held, values_of(closes), events)
        self.update()

    @property
    def accessible_text(self) -> str:
        shown = self._shown
        if len(shown.days) < 2:
            return NO_LINE
        parts = [f"{shown.days[0]} to {shown.days[-1]}"]
        for mode in reversed(list(shown.held)):
            figures = shown.held[mode]
            if figures and figures[-1][0] == shown.days[-1]:
                held = formatting.hidden(formatting.quantity(figures[-1][1]), self._hides)
                parts.append(f"{mode.abbreviation} {held} at the last")
        parts += [f"not watched {first} to {last}" for first, last in shown.gaps]
        for mode in reversed(list(shown.held)):
            own = [
                each for each in unrecorded([day for day, _ in shown.held[mode]]) if each not in shown.gaps
            ]
            parts += [f"{mode.abbreviation} not watched {first} to {last}" for first, last in own]
        return ", ".join(parts)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter, theme = QPainter(self), self._theme
        rect = QRectF(self.rect())
        painter.fillRect(rect, theme.colour("base"))
        if len(self._shown.days) < 2:
            painter.setFont(theme.font(11))
            painter.setPen(theme.colour("text2"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, NO_LINE)
            painter.end()
            return
        self._shares(painter, QRectF(0, 0, rect.width(), _SHARES))
        self._value(painter, rect.adjusted(0, _SHARES, 0, 0))
        painter.end()

    def _shares(self, painter: QPainter, rect: QRectF) -> None:
        shown, theme = self._shown, self._theme
        known = [figure for figures in shown.held.values() for _, figure in figures]
        axes = _axes(rect.adjusted(0, _TITLE, 0, -6), shown.days, known)
        title = "Shares at each close" + ("   ╱ not watched" if shown.gaps else "")
        self._frame(painter, axes, rect, title)
        named: list[QRectF] = []
        for mode, figures in shown.held.items():
            if not figures:
                continue
            colour, style = _STROKES[mode]
            painter.setPen(QPen(theme.colour(colour), 1.6, style))
            _steps(painter, axes, figures)
            painter.setFont(theme.font(9))
            on = dict(figures)
            for of, day, event in shown.events:
                if of is mode and day in on:
                    at = axes.point(day, on[day])
                    mark = QRectF(at.x() - 8, at.y() - 7, 16, 14)
                    painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, MARKS[event])
            end = axes.point(*figures[-1])
            painter.setFont(theme.font(10))
            name = QRectF(end.x() - 44, max(end.y() - 14, rect.top()), 36, 12)
            if any(name.intersects(other) for other in named):
                name.moveTop(end.y() + 2)
            named.append(name)
            painter.drawText(name, _RIGHT, mode.abbreviation)

    def _value(self, painter: QPainter, rect: QRectF) -> None:
        shown, theme = self._shown, self._theme
        axes = _axes(rect.adjusted(0, _TITLE, 0, -_BELOW), shown.days, [value for _, value in shown.value])
        self._frame(painter, axes, rect, f"Value at each close, {whose_value(shown.held)}")
        painter.setPen(QPen(theme.colour("text2"), 1.4))
        _steps(painter, axes, shown.value)
        painter.setFont(theme.font(10))
        painter.setPen(theme.colour("text2"))
        below = QRectF(axes.box.left(), axes.box.bottom() + 1, axes.box.width(), 12)
        months = self._months(axes)
        if len(months) < 2:
            for day, align in ((shown.days[0], _LEFT), (shown.days[-1], _RIGHT)):
                painter.drawText(below, align, day.isoformat())
            return
        for day, text in months:
            middle = axes.point(day, axes.low).x()
            painter.drawText(QRectF(middle - 20, below.top(), 40, 12), Qt.AlignmentFlag.AlignCenter, text)

    def _months(self, axes: _Axes) -> list[tuple[date, str]]:
        return months_of(axes.first, axes.last, int(axes.box.width() // _MONTH))

    def _frame(self, painter: QPainter, axes: _Axes, rect: QRectF, title: str) -> None:
        theme, hides = self._theme, self._hides
        painter.setFont(theme.font(10, bold=True))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(rect.left() + 5, rect.top(), rect.width() - 10, _TITLE), _LEFT, title)
        painter.setFont(theme.font(10))
        for figure in chart.ticks_of(axes.low, axes.high, 3):
            y = axes.point(axes.first, figure).y()
            painter.setPen(theme.colour("grid"))
            painter.drawLine(QPointF(axes.box.left(), y), QPointF(axes.box.right(), y))
            painter.setPen(theme.colour("text2"))
            text = formatting.hidden(formatting.quantity(figure), hides)
            painter.drawText(QRectF(0, y - 7, _LEFT_ROOM - 5, 14), _RIGHT, text)
        painter.setPen(theme.colour("grid"))
        for day, _ in self._months(axes):
            x = axes.point(day, axes.low).x()
            painter.drawLine(QPointF(x, axes.box.top()), QPointF(x, axes.box.bottom()))
        for first, last in self._shown.gaps:
            left, right = axes.point(first, axes.low).x(), axes.point(last, axes.low).x()
            hatch = QBrush(theme.colour("warn"), Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(left, axes.box.top(), max(right - left, 3), axes.box.height()), hatch)


def _steps(painter: QPainter, axes: _Axes, figures: Sequence[tuple[date, float]]) -> None:
    """Draw each run as steps, and nothing between two runs."""
    for run in runs_of(figures):
        points: list[QPointF] = []
        for day, figure in run:
            at = axes.point(day, figure)
            if points:
                points.append(QPointF(at.x(), points[-1].y()))
            points.append(at)
        _draw(painter, points)


def _axes(box: QRectF, days: Sequence[date], figures: Sequence[float]) -> _Axes:
    low, high = min(0.0, *figures, 0.0), max(1.0, *figures, 0.0)
    return _Axes(box.adjusted(_LEFT_ROOM, 2, -6, 0), days[0], days[-1], low, high)


def _draw(painter: QPainter, run: list[QPointF]) -> None:
    if len(run) > 1:
        painter.drawPolyline(QPolygonF(run))
    elif run:
        painter.drawPoint(run[0])
