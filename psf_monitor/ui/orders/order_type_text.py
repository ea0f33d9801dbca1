"""The type of an order and its attributes as text. Pure."""

from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.rows import OrderRow
from psf_monitor.ui.orders import attribute_text


def type_text(row: OrderRow) -> str:
    """Return the type as TWS or HAMMER names it, with short marks of what else holds."""
    known = row.order_type or formatting.DASH
    if row.algorithm:
        known = f"{known} · {row.algorithm}"
    if row.is_hidden:
        known = f"{known} · hidden"
    elif row.display_size and row.display_size < (row.quantity or 0):
        known = f"{known} · iceberg"
    if row.capped_at is not None:
        known = f"{known} · capped"
    if row.attributes:
        known = " · ".join([known, *attribute_text.marks(row.attributes)])
    if attribute_text.unread(row.unread, row.mode.source):
        known = f"{known} · ?"
    if row.oca_group:
        return f"{known} · OCA"
    return f"{known} · child" if row.parent_id else known


def offsets(row: OrderRow) -> list[str]:
    """Return by how much the order trails the market or stays away from it."""
    trails = row.order_type.startswith("TRAIL")
    amount = "" if row.offset is None else formatting.price_level(row.offset)
    lines = (
        [f"Trails the market by {amount}" if trails else f"Offset to the market {amount}"] if amount else []
    )
    if row.trailing_percent is not None:
        lines.append(f"Trails the market by {formatting.quantity(row.trailing_percent)}%")
    return lines


def tooltip(row: OrderRow, _now: datetime) -> str:
    """Return everything that its type and attributes say of it, quantities among it."""
    lines = [row.order_type or f"{row.mode.source} does not name the type", *offsets(row)]
    if row.algorithm:
        lines.append(f"IBKR works it off by its algorithm {row.algorithm}, inside the limit")
    if row.is_hidden:
        lines.append("Hidden: nothing of it is displayed in the market")
    elif row.display_size is not None:
        lines.append(
            f"Display size {formatting.quantity(row.display_size)}: so much of it is displayed at a time"
        )
    if row.discretion:
        lines.append(f"Discretionary: may trade {formatting.price(row.discretion)} beyond its limit")
    if row.oca_group:
        lines.append(f"OCA group {row.oca_group}: its orders cancel or reduce each other")
    if row.parent_id:
        lines.append(f"Child of order {row.parent_id}: of its children, one cancels the others")
    return "\n".join([*lines, *attributes(row)])


def attributes(row: OrderRow) -> list[str]:
    """Return its attributes as sentences, and the names of those that cannot be read."""
    return [*attribute_text.sentences(row.attributes), *attribute_text.unread(row.unread, row.mode.source)]
