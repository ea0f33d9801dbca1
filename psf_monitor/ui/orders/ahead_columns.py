"""The columns of the shares ahead of an order in HAMMER's depth. Pure."""

from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import OrderRow
from psf_monitor.ui.orders import ahead_text
from psf_monitor.ui.table.columns import (
    Band,
    Column,
    Head,
    figure,
    optional,
    secondary,
    sensitive,
    text_column,
)

_NOT_REQUESTED = "Open the share's window to see this (Enter)"


def _shares(row: OrderRow) -> float | None:
    return None if row.ahead is None else row.ahead.shares


def _place(row: OrderRow) -> str:
    return "" if row.ahead is None else row.ahead.place.value


def _sum(row: OrderRow, _now: datetime) -> str:
    return _NOT_REQUESTED if row.ahead is None else ahead_text.sum_text(row.ahead)


AHEAD_COLUMNS: tuple[Column[OrderRow], ...] = (
    optional(
        sensitive(
            figure(
                Head("ahead", "Ahead ≤", Band.CALCULATED, 64, least=56),
                _shares,
                formatting.quantity,
                tooltip=_sum,
            )
        )
    ),
    optional(
        # That an order stands alone says how large it is, as the size displayed there is no secret.
        sensitive(
            text_column(Head("ahead_place", "In depth", Band.CALCULATED, 72), _place, secondary, tooltip=_sum)
        )
    ),
)
