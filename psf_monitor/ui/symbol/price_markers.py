"""Markers in the ladder for prices between its lines, at their exact height: RWVAP and average prices."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from psf_monitor import formatting
from psf_monitor.domain.orders.order import Side
from psf_monitor.ui.style.painted_text import LEFT, TextStyle
from psf_monitor.ui.style.styled_text import StyledText, advance, draw_text
from psf_monitor.ui.style.theme import Theme, Tone
from psf_monitor.ui.symbol.ladder_lines import Average, LadderLine
from psf_monitor.ui.symbol.small_table import ROW

AHEAD = 82
"""Room for the shares ahead of an own order and their text, in device-independent pixels."""
_FIGURE = 44
_PIXELS = 10
_WEDGE = 4
_PRICES = 60
"""Where the prices begin, right of the own orders, in device-independent pixels."""


def height_of(price: float, shown: Sequence[LadderLine], top: float) -> float | None:
    """Return the vertical place of a price between these lines, the first of which begins at ``top``, in
    pixels; ``None`` if it is beyond them.
    """
    for place, (upper, lower) in enumerate(pairwise(shown)):
        if lower.price <= price <= upper.price and upper.price > lower.price:
            return top + (place + 0.5 + (upper.price - price) / (upper.price - lower.price)) * ROW
    return None


def draw_rwvap(
    painter: QPainter,
    theme: Theme,
    rwvap: float | None,
    shown: Sequence[LadderLine],
    top: int,
    across: tuple[int, int],
) -> None:
    """Draw the line of RWVAP from left to right, if it is between these lines."""
    y = None if rwvap is None else height_of(rwvap, shown, top)
    if y is not None:
        painter.setPen(QPen(theme.colour("warn"), 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(across[0], y), QPointF(across[1], y))


def draw_averages(
    painter: QPainter,
    theme: Theme,
    averages: Sequence[Average],
    shown: Sequence[LadderLine],
    top: int,
    mine: int,
) -> None:
    """Draw a wedge before the prices for each average, and its name where no own order or other name is.

    ``mine`` is the width of the own orders, in device-independent pixels.
    """
    taken = {place for place, line in enumerate(shown) if line.mine}
    for average in averages:
        y = height_of(average.price, shown, top)
        if y is None:
            continue
        tone = Tone.STALE if average.is_stale else Tone.TEXT
        tip = QPointF(mine + _PRICES, y)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(tone))
        painter.drawPolygon(QPolygonF([tip, tip - QPointF(_WEDGE, _WEDGE), tip - QPointF(_WEDGE, -_WEDGE)]))
        painter.restore()
        place = int((y - top) // ROW)
        if place in taken:
            continue
        taken.add(place)
        text = named(average)
        style = TextStyle(Tone.STALE if average.is_stale else Tone.TEXT2, _PIXELS, italic=average.is_stale)
        draw_text(theme, painter, (5, top + place * ROW, mine - 8, ROW - 1), text, LEFT, style)
        end = 5 + advance(theme, StyledText(text, is_old=average.is_stale), _PIXELS) + 4
        painter.setPen(QPen(theme.colour("text2"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(end, y), QPointF(mine - 3, y))


def named(average: Average) -> str:
    """Return an average as text: ``GUN average 23.4186``."""
    return f"{average.login} average {formatting.average_price(average.price)}"


def averages_beyond(averages: Sequence[Average], shown: Sequence[LadderLine], side: Side) -> str:
    """Return the nearest average above (SELL) or below these lines, and how many more there are."""
    if not shown:
        return ""
    if side is Side.SELL:
        beyond = sorted((a for a in averages if a.price > shown[0].price), key=lambda a: a.price)
    else:
        beyond = sorted((a for a in averages if a.price < shown[-1].price), key=lambda a: -a.price)
    more = f" +{len(beyond) - 1}" if len(beyond) > 1 else ""
    return f"{named(beyond[0])}{more}" if beyond else ""


def figure_room(theme: Theme, figure: str, text: str) -> int:
    """Return how much of ``AHEAD`` the figure gets: what it needs, and what the text beside it leaves."""
    needed = advance(theme, StyledText(figure, is_bold=True), 12)
    return min(max(needed, AHEAD - advance(theme, StyledText(text), 9)), _FIGURE)
