"""The status of an order as TWS sends it in message 3, and which of two is the newer. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from ib_insync.order import Order, OrderStatus
from ib_insync.util import UNSET_DOUBLE

from psf_monitor.domain.orders.order import DONE_STATUSES
from psf_monitor.domain.orders.order import OrderStatus as Status
from psf_monitor.ibkr import integer_fields, parsing

_ORDER_ID, _STATUS, _PERM_ID, _CLIENT_ID, _LENGTH = 1, 2, 6, 9, 12
"""Where message 3 has them, and how many fields it has; its last two came with later versions."""
_FIGURES = {3: "filled", 4: "remaining", 5: "average price"}
_IDS = {
    _ORDER_ID: integer_fields.ORDER_ID,
    _PERM_ID: integer_fields.PERM_ID,
    7: integer_fields.PARENT_ID,
    _CLIENT_ID: integer_fields.CLIENT_ID,
}


def is_whole(fields: list[str]) -> bool:
    """Return whether a message 3 has all its ids."""
    return len(fields) > _CLIENT_ID


def read_order_status(fields: list[str], listed: Order | None) -> tuple[OrderStatus, list[str]]:
    """Return the status in message 3, and which of its ids and figures are no numbers or are cut off.

    One that ends before its ids is about ``listed``, the order before it in a list, or about the only order
    with its order id: its client is then unset. Raises ``ValueError`` if it names no order.
    """
    cut_off = [name for place, name in {_STATUS: "status", **_FIGURES}.items() if place >= len(fields)]
    whole = [*fields, *[""] * (_LENGTH - len(fields))]
    if not is_whole(fields) and listed is not None and _may_be_about(fields, listed):
        ids = {_ORDER_ID: listed.orderId, _PERM_ID: listed.permId, _CLIENT_ID: listed.clientId}
        for place, number in ids.items():
            whole[place] = str(number)
    no_ids = integer_fields.normalize_integers(whole, _IDS)
    order_id, perm_id = int(whole[_ORDER_ID]), int(whole[_PERM_ID])
    if not (perm_id or order_id) and (no_ids or not is_whole(fields)):
        raise ValueError("the status names no order")
    of = f"order {perm_id or order_id}"
    return _status(whole), [f"{name} of {of}" for name in (*no_ids, *_no_numbers(whole, _FIGURES), *cut_off)]


def _may_be_about(fields: list[str], order: Order) -> bool:
    """Return whether a message that is cut off has the ids of an order, as far as it has any."""
    ids = {_ORDER_ID: order.orderId, _PERM_ID: order.permId}
    found = {place: fields[place].strip() for place in ids if place < len(fields)}
    return all(text in (str(ids[place]), "") for place, text in found.items())


def _no_numbers(fields: list[str], places: Mapping[int, str]) -> list[str]:
    return [name for place, name in places.items() if parsing.is_no_number(fields[place])]


def _status(fields: list[str]) -> OrderStatus:
    _, order_id, status, filled, remaining, average, perm_id, parent_id, last, client_id, *more = fields
    why_held, cap, *_ = more
    return OrderStatus(
        int(order_id),
        status,
        _figure(filled),
        _figure(remaining),
        _figure(average),
        int(perm_id),
        int(parent_id),
        _figure(last),
        int(client_id),
        why_held,
        _figure(cap),
    )


def _figure(text: str) -> float:
    """Return a number as ib_insync holds it, unset if TWS sends nothing, or no number."""
    received = parsing.number(text)
    return UNSET_DOUBLE if received is None else received


def unknown_status(order_id: int, status: str = "") -> OrderStatus:
    """Return the status of an order of which nothing else is known."""
    return OrderStatus(
        orderId=order_id,
        status=status,
        filled=UNSET_DOUBLE,
        remaining=UNSET_DOUBLE,
        avgFillPrice=UNSET_DOUBLE,
    )


def revives(before: str, status: str) -> bool:
    """Return whether an order that had ended would be open again by this status."""
    return before in DONE_STATUSES and status not in DONE_STATUSES


def unless_older(before: OrderStatus, received: OrderStatus) -> OrderStatus:
    """Return what a status leaves of the one before it.

    No order that had ended is open again and what has filled grows, unless an execution is busted, which the
    next lists show: anything else is older than what is known, or a repetition without figures. TWS API:
    statuses are repeated, and none is sent for every change.
    """
    filled, filled_before = parsing.number(received.filled), parsing.number(before.filled)
    is_less = filled is not None and filled_before is not None and filled < filled_before
    if revives(before.status, received.status) or (
        is_less and before.status == Status.FILLED != received.status
    ):
        return before
    if not is_less:
        return received
    return replace(
        received,
        filled=before.filled,
        remaining=before.remaining,
        avgFillPrice=before.avgFillPrice,
        lastFillPrice=before.lastFillPrice,
    )
