"""A sparkline: a figure's shape over the day around a zero line, small enough for a cell."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from psf_monitor.ui.style.theme import Theme, Tone

BEGIN, END = 9 * 60 + 30, 16 * 60
"""The minutes of New York's day between which it is drawn."""


def runs_of(minutes: Sequence[float]) -> list[list[tuple[int, float]]]:
    """Return the known minutes of the session in runs without a gap. Pure."""
    runs: list[list[tuple[int, float]]] = [[]]
    for minute in range(BEGIN, min(len(minutes), END + 1)):
        if math.isnan(minutes[minute]):
            runs.append([])
        else:
            runs[-1].append((minute, minutes[minute]))
    return [run for run in runs if run]


def draw(painter: QPainter, theme: Theme, minutes: Sequence[float], box: QRectF, *, is_old: bool) -> None:
    """Draw the day in ``box``, as gain or loss by its last minute; nothing if no minute is known."""
    runs = runs_of(minutes)
    if not runs:
        return
    figures = [figure for run in runs for _minute, figure in run]
    low, high = min(0.0, *figures), max(0.0, *figures)
    span = max(high - low, 1e-9)

    def point(minute: int, figure: float) -> QPointF:
        x = box.left() + (minute - BEGIN) / (END - BEGIN) * box.width()
        return QPointF(x, box.bottom() - (figure - low) / span * box.height())

    painter.setPen(theme.colour("divider"))
    painter.drawLine(point(BEGIN, 0.0), point(END, 0.0))
    last = figures[-1]
    tone = Tone.STALE if is_old else Tone.GAIN if last > 0 else Tone.LOSS if last < 0 else Tone.TEXT2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(tone), 1.2))
    for run in runs:
        painter.drawPolyline(QPolygonF([point(*each) for each in run]))
    end = point(*runs[-1][-1])
    painter.fillRect(QRectF(end.x() - 1.5, end.y() - 1.5, 3, 3), theme.colour(tone))
    painter.restore()
