"""A window with a chart of every login's P&L over the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from psf_monitor import formatting
from psf_monitor.book.book import Book
from psf_monitor.connection.pacing import CURVE_MS
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.market_hours import new_york, session_of
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.style import chart
from psf_monitor.ui.style.label import Label
from psf_monitor.ui.style.theme import Tone

GAP = timedelta(minutes=3)
"""The line is broken over a longer time without a point, of which nothing is known."""
_NAMES: dict[AccountMode | None, str] = {None: "All", **{mode: mode.short for mode in AccountMode}}
_STROKES: dict[AccountMode | None, tuple[Tone | str, float, Qt.PenStyle]] = {
    None: (Tone.TEXT, 2.0, Qt.PenStyle.SolidLine),
    AccountMode.IBKR_GUN: ("accent", 1.4, Qt.PenStyle.SolidLine),
    AccountMode.IBKR_PED: ("accent", 1.4, Qt.PenStyle.DashLine),
    AccountMode.HAMMER_PRO: (Tone.TEXT2, 1.2, Qt.PenStyle.DotLine),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """One login's points, or with a ``mode`` of ``None`` those of all; ``now`` is what its strip shows.

    ``rests_on`` is what its figures take for granted, in sentences.
    """

    mode: AccountMode | None
    points: tuple[tuple[datetime, float], ...]
    now: float | None
    is_old: bool
    rests_on: tuple[str, ...] = ()


def curves_of(book: Book, modes: Sequence[AccountMode]) -> list[Curve]:
    """Return the curves of these logins that have a point or a current figure, the one of all first."""
    found = []
    for mode in (None, *modes):
        strip = book.strip(mode)
        points = tuple((point.at, point.day_pnl) for point in book.day.curve.points(mode))
        if points or strip.day_pnl is not None:
            is_old = strip.is_frozen or strip.as_of is not None
            found.append(Curve(mode, points, strip.day_pnl, is_old, strip.day_basis))
    return found


def legend_of(curves: Sequence[Curve], *, hides: bool) -> str:
    """Return each curve's name with its current figure, and from when on it is known."""
    parts = []
    for curve in curves:
        text = formatting.hidden(formatting.signed_money(curve.now), hides)
        old = " (old)" if curve.is_old else ""
        parts.append(f"{_NAMES[curve.mode]} {text}{old}")
    first = min((curve.points[0][0] for curve in curves if curve.points), default=None)
    if first is not None:
        parts.append(f"a point a minute since {new_york(first):%H:%M} ET")
    if any(curve.rests_on for curve in curves):
        parts.append("the evening before is not known")
    return "  ·  ".join(parts) or "Nothing is known of today yet"


class PnlCurveWindow(QWidget):
    """Follows the book until it is closed; drawn at most once a second, and only if a figure changed."""

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(context.title("Day P&L"))
        self.setMinimumSize(320, 180)
        self._context = context
        self.curves: list[Curve] = []
        self.legend = Label(context.theme, pixels=12)
        self.picture = _Picture(context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.legend)
        layout.addWidget(self.picture, 1)
        context.theme.changed.connect(self._on_theme)
        context.menus.hide_values.toggled.connect(self._on_theme)
        add_shortcut("Esc", self, self.close)
        for action in (context.menus.screenshot, context.menus.hide_values):
            self.addAction(action)
        timer = QTimer(self)
        timer.setInterval(CURVE_MS)
        timer.timeout.connect(self._on_timer)
        self._on_theme()
        self.resize(640, 320)
        timer.start()

    def refresh(self) -> None:
        """Show the current state."""
        sources = self._context.sources
        curves = curves_of(sources.book, tuple(sources.links))
        if curves != self.curves:
            self.curves = curves
            self.picture.show_curves(curves)
        self.legend.set_text(legend_of(curves, hides=self._context.are_values_hidden))
        sentences = dict.fromkeys(sentence for curve in curves for sentence in curve.rests_on)
        self.picture.setToolTip("\n".join(sentences))

    def _on_timer(self) -> None:
        if self.isVisible() and not self.isMinimized():
            self.refresh()

    def _on_theme(self) -> None:
        self.setPalette(self._context.theme.qt_palette)
        self.setAutoFillBackground(True)
        self.refresh()
        self.picture.update()


def moved_apart(heights: Sequence[float], least: float = 11.0) -> list[float]:
    """Return the heights, in order, each at least ``least`` pixels below the next higher one."""
    moved = list(heights)
    lowest = float("-inf")
    for place in sorted(range(len(moved)), key=moved.__getitem__):
        moved[place] = lowest = max(moved[place], lowest + least)
    return moved


class _Picture(QWidget):
    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._curves: Sequence[Curve] = ()
        self.setAccessibleName("Day P&L over the day")

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(600, 260)

    def show_curves(self, curves: Sequence[Curve]) -> None:
        self._curves = curves
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter, rect = QPainter(self), QRectF(self.rect())
        painter.fillRect(rect, self._context.theme.colour("base"))
        points = [point for curve in self._curves for point in curve.points]
        session = session_of(new_york(self._context.clock()).date())
        if session is None:
            self._paint_text(painter, rect, "New York has no session today")
        elif not points:
            self._paint_text(painter, rect, "The first point comes with the minute")
        else:
            begin = min(session[0], min(at for at, _ in points))
            end = max(session[1], max(at for at, _ in points))
            figures = [0.0, *(figure for _, figure in points)]
            self._paint_curves(painter, rect, chart.scale_of(rect, begin, end, figures, least=10.0))
        painter.end()

    def _paint_text(self, painter: QPainter, rect: QRectF, text: str) -> None:
        painter.setFont(self._context.theme.font(12))
        painter.setPen(self._context.theme.colour("text2"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_curves(self, painter: QPainter, rect: QRectF, scale: chart.Scale) -> None:
        """Paint axes, the line at 0, and each curve with its name at its end, the most important last."""
        theme = self._context.theme
        hides = self._context.are_values_hidden
        write = (lambda _figure: formatting.HIDDEN) if hides else formatting.signed_money
        chart.draw_axes(painter, theme, scale, write)
        zero = chart.ReferenceLine(0.0, "", QPen(theme.colour("text2"), 1))
        chart.draw_reference_lines(painter, theme, scale, [zero])
        ends = {curve.mode: scale.y(curve.points[-1][1]) for curve in self._curves if curve.points}
        places = dict(zip(ends, moved_apart(list(ends.values())), strict=True))
        for curve in reversed(self._curves):
            colour, width, style = _STROKES[curve.mode]
            pen = QPen(theme.colour(Tone.STALE if curve.is_old else colour), width, style)
            chart.draw_line(painter, scale, curve.points, pen, GAP)
            if curve.points:
                at, _ = curve.points[-1]
                painter.setPen(theme.colour("text"))
                painter.setFont(theme.font(10, bold=curve.mode is None))
                painter.drawText(
                    QRectF(min(scale.x(at) + 3, rect.right() - 34), places[curve.mode] - 7, 34, 14),
                    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                    _NAMES[curve.mode],
                )
