"""Tooltips of an order's cells."""

from datetime import datetime

from psf_monitor.book.orders.working_quantity import is_idle, why_uncounted
from psf_monitor.book.rows import OrderRow


def remaining(row: OrderRow, _now: datetime) -> str:
    """Return why what remains of a working order is in no sum; empty if it is in one."""
    why = None if is_idle(row) else why_uncounted(row)
    return f"In no sum: {why}" if why else ""
