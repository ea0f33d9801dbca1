"""The share's day as a chart: prices traded, own executions, and the average price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF

from psf_monitor import formatting
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.indicators import begin_of, until
from psf_monitor.domain.market_hours import new_york, session_of
from psf_monitor.domain.orders.order import Side
from psf_monitor.domain.quote import Print
from psf_monitor.ui.base.painted_widget import PaintedWidget
from psf_monitor.ui.style import chart
from psf_monitor.ui.style.painted_text import LEFT, RIGHT
from psf_monitor.ui.style.shapes import paint_border
from psf_monitor.ui.style.styled_text import StyledText, write
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.symbol.share_view import ShareView

STEP = timedelta(minutes=5)
_TITLE = 17
NO_SESSION = "New York has no session today"
NO_PRINT = "HAMMER has reported no print today"


@dataclass(frozen=True, slots=True)
class ChartStep:
    """The prints of five minutes from ``begin`` on: lowest, highest and average price."""

    begin: datetime
    low: float
    high: float
    average: float


def steps_of(prints: Sequence[Print], begin: datetime) -> list[ChartStep]:
    """Return the prints since ``begin`` in steps of five minutes, without empty steps. Pure."""
    found: dict[int, list[float]] = {}
    for each in prints:
        if each.at >= begin:
            found.setdefault(int((each.at - begin) / STEP), []).append(each.price)
    return [
        ChartStep(begin + number * STEP, min(prices), max(prices), sum(prices) / len(prices))
        for number, prices in sorted(found.items())
    ]


class DayChart(PaintedWidget):
    """Shows the session of the view's day; outside of a session, the last one of the day."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: ShareView | None = None
        self._seen: object = None
        self.setMinimumHeight(90)
        self.setAccessibleName("The day")

    @property
    def accessible_text(self) -> str:
        view = self._view
        session = None if view is None else session_of(new_york(view.now).date())
        if view is None or session is None:
            return NO_SESSION
        price, prints = formatting.price, [each for each in view.prints if each.at >= session[0]]
        parts = [NO_PRINT]
        if prints:
            prices = [each.price for each in prints]
            old = " (old)" if view.is_old else ""
            parts = [f"{price(min(prices))} to {price(max(prices))}, last {price(prices[-1])}{old}"]
        if view.prev_close is not None:
            parts.append(f"close before {price(view.prev_close)}")
        for row in view.positions:
            if row.average_price is not None:
                parts.append(
                    f"average of {row.mode.abbreviation} {formatting.average_price(row.average_price)}"
                )
        return ", ".join(parts)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(324, 126)

    def set_view(self, view: ShareView) -> None:
        """Show this moment from now on; it is redrawn after a minute, a print or a fill."""
        averages = tuple((row.mode, row.average_price) for row in view.positions)
        last = view.prints[-1] if view.prints else None
        minute = view.now.replace(second=0, microsecond=0)
        seen = (minute, len(view.prints), last, view.fills, averages, view.grpan, view.is_old)
        self._view = view
        if seen != self._seen:
            self._seen = seen
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter, theme = QPainter(self), self._theme
        write(painter, theme, QRectF(2, 0, 120, _TITLE), StyledText("The day", is_bold=True), LEFT, 12)
        legend = StyledText("▲ my buy  ▼ my sell", Tone.TEXT2)
        write(painter, theme, QRectF(70, 0, self.width() - 74, _TITLE), legend, RIGHT, 10)
        if self._view is not None:
            self._paint(painter, self._view)
        painter.end()

    def _paint(self, painter: QPainter, view: ShareView) -> None:
        theme = self._theme
        rect = QRectF(0, _TITLE, self.width(), self.height() - _TITLE)
        painter.fillRect(rect, theme.colour("base"))
        paint_border(painter, rect, theme.colour("divider"))
        session = session_of(new_york(view.now).date())
        if session is None:
            self._nothing(painter, rect, NO_SESSION)
            return
        steps = steps_of(view.prints, session[0])
        fills = [fill for fill in view.fills if fill.at and fill.price is not None and fill.at >= session[0]]
        figures = [each for step in steps for each in (step.low, step.high)]
        figures += [fill.price for fill in fills if fill.price is not None]
        if view.prev_close is not None:
            figures.append(view.prev_close)
        if not figures:
            self._nothing(painter, rect, NO_PRINT)
            return
        scale = chart.scale_of(rect, *session, figures, least=0.08)
        self._window(painter, view, scale)
        chart.draw_axes(painter, theme, scale, lambda figure: formatting.price(round(figure, 4)))
        self._levels(painter, view, scale)
        self._window_line(painter, view, scale)
        pen = QPen(theme.colour("control"), 3)
        for step in steps:
            painter.setPen(pen)
            x = scale.x(step.begin + STEP / 2)
            painter.drawLine(QPointF(x, scale.y(step.low)), QPointF(x, scale.y(step.high)))
        line = [(step.begin + STEP / 2, step.average) for step in steps]
        chart.draw_line(painter, scale, line, QPen(theme.colour("accent"), 1.4), timedelta(hours=7))
        if view.prints and view.prints[-1].at >= session[0]:
            last = view.prints[-1]
            at = QRectF(scale.x(last.at) - 2.5, scale.y(last.price) - 2.5, 5, 5)
            painter.fillRect(at, theme.colour(Tone.STALE if view.is_old else "accent"))
        if view.is_old and view.frozen_since is not None and view.frozen_since >= session[0]:
            x = scale.x(view.frozen_since)
            painter.setPen(QPen(theme.colour("warn"), 1.4))
            painter.drawLine(QPointF(x, scale.box.top()), QPointF(x, scale.box.bottom()))
        for fill in fills:
            self._fill(painter, scale, fill)

    def _nothing(self, painter: QPainter, rect: QRectF, text: str) -> None:
        painter.setFont(self._theme.font(11))
        painter.setPen(self._theme.colour("text2"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _window(self, painter: QPainter, view: ShareView, scale: chart.Scale) -> None:
        begin = begin_of(view.window, until(view.prints, view.now))
        if begin is None:
            return
        left, right = scale.x(begin), scale.x(view.now)
        painter.fillRect(
            QRectF(left, scale.box.top(), right - left, scale.box.height()), self._theme.colour("alt")
        )

    def _window_line(self, painter: QPainter, view: ShareView, scale: chart.Scale) -> None:
        begin = begin_of(view.window, until(view.prints, view.now))
        if begin is not None:
            left, right = scale.x(begin), scale.x(view.now)
            painter.fillRect(QRectF(left, scale.box.top(), right - left, 2), self._theme.colour("accent"))

    def _levels(self, painter: QPainter, view: ShareView, scale: chart.Scale) -> None:
        theme, levels = self._theme, list[chart.ReferenceLine]()
        if view.prev_close is not None:
            pen = QPen(theme.colour("text2"), 1, Qt.PenStyle.DashLine)
            levels.append(
                chart.ReferenceLine(view.prev_close, f"close {formatting.price(view.prev_close)}", pen)
            )
        pen = QPen(theme.colour("text"), 1, Qt.PenStyle.DotLine)
        for row in view.positions:
            if row.average_price is not None:
                text = f"{row.mode.abbreviation} {formatting.price(round(row.average_price, 2))}"
                levels.append(chart.ReferenceLine(row.average_price, text, pen))
        chart.draw_reference_lines(painter, theme, scale, levels)

    def _fill(self, painter: QPainter, scale: chart.Scale, fill: Fill) -> None:
        assert fill.at is not None
        assert fill.price is not None
        buying = fill.side == Side.BUY
        tip = QPointF(scale.x(fill.at), scale.y(fill.price))
        down = 7 if buying else -7
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("base"), 0.8))
        painter.setBrush(self._theme.colour(Tone.BUY if buying else Tone.SELL))
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(4.5, down), tip + QPointF(-4.5, down)]))
        painter.restore()
