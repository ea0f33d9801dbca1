"""The columns of what stands before an order in HAMMER's depth; pure."""

from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import OrderRow
from psf_monitor.domain.depth import Place
from psf_monitor.ui.table.columns import Band, Column, Head, figure, hidden, private, secondary, text_column

_NOT_REQUESTED = "Open the share's window to see this (Enter)"
_WHY = {
    Place.UNKNOWN: "Its place is not known: no depth, another market's, or the list of orders is old",
    Place.CROSSES: "It stands at or beyond the other side of the market",
    Place.NOT_IN_DEPTH: "HAMMER's depth shows nothing at this price",
}

_HIDDEN = {
    Place.HIDDEN: "Yours is hidden: it stands behind all that is displayed at its price",
    Place.MAY_BE_HIDDEN: "TWS tells a display size of 0: yours may be hidden, and is not taken for displayed",
    Place.PART_HIDDEN: "A part of yours is displayed: the rest queues anew each time that part has filled",
}


def _shares(row: OrderRow) -> float | None:
    return None if row.ahead is None else row.ahead.shares


def _place(row: OrderRow) -> str:
    return "" if row.ahead is None else row.ahead.place.value


def _sum(row: OrderRow, _now: datetime) -> str:
    ahead = row.ahead
    if ahead is None:
        return _NOT_REQUESTED
    if ahead.shares is None:
        return _WHY.get(ahead.place, ahead.place.value)
    mine = f", {formatting.quantity(ahead.own_here)} of it mine" if ahead.own_here else ""
    text = (
        f"At most {formatting.quantity(ahead.shares)} ahead = {formatting.quantity(ahead.better)} at better "
        f"prices + {formatting.quantity(ahead.others_here)} here{mine}"
    )
    return "\n".join(filter(None, [text, _HIDDEN.get(ahead.place, "")]))


AHEAD_COLUMNS: tuple[Column[OrderRow], ...] = (
    hidden(
        private(
            figure(
                Head("ahead", "Ahead ≤", Band.CALCULATED, 64, least=56),
                _shares,
                formatting.quantity,
                tooltip=_sum,
            )
        )
    ),
    hidden(
        text_column(Head("ahead_place", "In depth", Band.CALCULATED, 72), _place, secondary, tooltip=_sum)
    ),
)
