"""How many shares each login held at every recorded close; a day without a record breaks the line."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from psf_monitor import formatting
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.life import RecordedClose
from psf_monitor.domain.market_hours import session_of
from psf_monitor.ui.style import chart
from psf_monitor.ui.style.theme import Theme

_LEFT_ROOM, _BELOW = 52, 14
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def unrecorded(days: Sequence[date]) -> list[tuple[date, date]]:
    """The stretches between the first and the last of ``days`` in which sessions went unrecorded. Pure."""
    found: list[tuple[date, date]] = []
    for before, after in pairwise(days):
        between = (before + timedelta(days=n) for n in range(1, (after - before).days))
        missed = [day for day in between if session_of(day) is not None]
        if missed:
            found.append((missed[0], missed[-1]))
    return found


class LifePicture(QWidget):
    """Steps of GUN as a solid, of PED as a dashed line; what nobody recorded is hatched."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[tuple[RecordedClose, ...], bool] = ((), False)
        self.setFixedHeight(112)
        self.setAccessibleName("Shares at each close")

    def show_closes(self, closes: tuple[RecordedClose, ...], *, hides: bool) -> None:
        """Draw these from now on."""
        if (closes, hides) != self._shown:
            self._shown = (closes, hides)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter, theme = QPainter(self), self._theme
        closes, hides = self._shown
        rect = QRectF(self.rect())
        painter.fillRect(rect, theme.colour("base"))
        painter.setFont(theme.font(10))
        painter.setPen(theme.colour("text2"))
        days = sorted({each.day for each in closes})
        if len(days) < 2:
            words = "Shares at each close: two recorded closes make a line"
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
            painter.end()
            return
        box = rect.adjusted(_LEFT_ROOM, 4, -6, -_BELOW)
        known = [each.quantity for each in closes if each.quantity is not None]
        low, high = min(0.0, *known), max(1.0, *known)
        span, whole = high - low, (days[-1] - days[0]).days

        def point(day: date, quantity: float) -> QPointF:
            x = box.left() + (day - days[0]).days / whole * box.width()
            return QPointF(x, box.bottom() - (quantity - low) / span * box.height())

        for quantity in chart.ticks_of(low, high, 3):
            y = point(days[0], quantity).y()
            painter.setPen(theme.colour("grid"))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme.colour("text2"))
            words = formatting.HIDDEN if hides else formatting.quantity(quantity)
            painter.drawText(QRectF(0, y - 7, _LEFT_ROOM - 5, 14), _RIGHT, words)
        gaps = unrecorded(days)
        for first, last in gaps:
            left, right = point(first, low).x(), point(last + timedelta(days=1), low).x()
            hatch = QBrush(theme.colour("warn"), Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(left, box.top(), max(right - left, 3), box.height()), hatch)
        for mode, style in ((AccountMode.IBKR_PED, Qt.PenStyle.DashLine), (AccountMode.IBKR_GUN, None)):
            pen = QPen(theme.colour("accent"), 1.6, style or Qt.PenStyle.SolidLine)
            self._steps(painter, [each for each in closes if each.mode is mode], pen, point, gaps)
        painter.setPen(theme.colour("text2"))
        ends = ((days[0], Qt.AlignmentFlag.AlignLeft), (days[-1], Qt.AlignmentFlag.AlignRight))
        for day, align in ends:
            painter.drawText(QRectF(box.left(), box.bottom() + 1, box.width(), 12), align, day.isoformat())
        painter.end()

    def _steps(
        self,
        painter: QPainter,
        closes: Sequence[RecordedClose],
        pen: QPen,
        point: Callable[[date, float], QPointF],
        gaps: Sequence[tuple[date, date]],
    ) -> None:
        run: list[QPointF] = []
        before: date | None = None
        painter.setPen(pen)
        for each in closes:
            if each.quantity is None:
                continue
            if before is not None and any(before < first < each.day for first, _ in gaps):
                painter.drawPolyline(QPolygonF(run))
                run = []
            at = point(each.day, each.quantity)
            if run:
                run.append(QPointF(at.x(), run[-1].y()))
            run.append(at)
            before = each.day
        if len(run) > 1:
            painter.drawPolyline(QPolygonF(run))
        elif run:
            painter.drawPoint(run[0])
