"""Transactions of HAMMER's own account: orders and what filled of them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from psf_monitor.domain.orders.order import OrderStatus, Side
from psf_monitor.hammer.account.fields import Entry, entry_of, first_text, is_unreadable, text_of
from psf_monitor.hammer.prices.field_names import letters_of
from psf_monitor.hammer.prices.figures import finite, is_no_price, is_yes, positive_price, time_of

_ORDERED = ("qty", "quantity", "orderqty", "orderquantity", "originalqty", "originalquantity")
FILLED = ("filledqty", "filledquantity")
_REMAINING = ("remainingqty", "remainingquantity")
_SIZES = {"total_quantity": _ORDERED, "filled": FILLED, "remaining": _REMAINING}
_PRICES = {"limit": "limitprice", "stop": "stopprice", "average_fill_price": "filledprice"}
_ORDER_ID = ("orderid", "transactionid")
_STATUS = ("statusid", "status")

_SIDES = {
    **dict.fromkeys(("buy", "cover", "buytocover", "coverbuy", "buytoopen", "buytoclose"), Side.BUY),
    **dict.fromkeys(("b", "bot", "bc"), Side.BUY),
    **dict.fromkeys(("sell", "short", "sellshort", "shortsell", "selltoopen", "selltoclose"), Side.SELL),
    **dict.fromkeys(("s", "ss", "sld"), Side.SELL),
}
_OPEN_STATUSES = {
    "open": OrderStatus.SUBMITTED,
    "partial": OrderStatus.SUBMITTED,
    "partialfill": OrderStatus.SUBMITTED,
    "partiallyfilled": OrderStatus.SUBMITTED,
    "accepted": OrderStatus.SUBMITTED,
    "working": OrderStatus.SUBMITTED,
    "pending": OrderStatus.PENDING_SUBMIT,
    "pendingnew": OrderStatus.PENDING_SUBMIT,
    "pendingcancel": OrderStatus.PENDING_CANCEL,
}
_DONE_STATUSES = {
    "filled": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELLED,
    "cancelled": OrderStatus.CANCELLED,
    "rejected": OrderStatus.REJECTED,
}
_DONE_NAMES = {*_DONE_STATUSES, "expired", "executed", "completed", "deleted", "replaced", "closed"}
_ORDER_TYPES = {
    "limit": "LMT",
    "market": "MKT",
    "stop": "STP",
    "stoplimit": "STP LMT",
    "limitonclose": "LOC",
    "marketonclose": "MOC",
    "limitonopen": "LOO",
    "marketonopen": "MOO",
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """An order as HAMMER sends it, in the domain's terms; figures and ``unread`` as in ``Order``.

    ``fills`` are the executions that it lists; ``has_unreadable_fills``: one of them, or the list, cannot be
    read.
    """

    side: str
    quantity: float | None
    order_type: str
    limit_price: float | None
    stop_price: float | None
    tif: str
    status: str
    is_open: bool
    filled: float | None
    remaining: float | None
    average_fill_price: float | None
    placed_at: datetime | None = None
    unread: tuple[str, ...] = ()
    fills: tuple["ReportedFill", ...] = ()
    has_unreadable_fills: bool = False


@dataclass(frozen=True, slots=True)
class ReportedFill:
    """One execution of a transaction; ``name`` is its id, or its place in the list if it has none.

    Without a name it stands for the whole filled quantity of the transaction at the average price. ``at`` is
    UTC, ``None`` if no readable time is reported.
    """

    name: str
    quantity: float | None
    price: float | None
    at: datetime | None


def order_id_of(entry: Entry) -> str:
    """Return the id as HAMMER writes it, which need not be a number; empty for none, 0 or a negative one."""
    ids = (text_of(entry, name) for name in _ORDER_ID)
    return next((value for value in ids if value.strip("-0") and value != "-1"), "")


def transaction_of(entry: Entry) -> Transaction:
    """Return an entry as a transaction, with everything reported about one order."""
    quantity = _size(entry, *_ORDERED)
    fills, has_unreadable_fills = _fills_of(entry), _has_unreadable_fills(entry)
    is_signed = any((n := finite(entry.get(name))) is not None and n < 0 for name in _ORDERED)
    filled = _size(entry, *FILLED, is_signed=is_signed)
    if filled is None and fills and not has_unreadable_fills:
        filled = _sum(fill.quantity for fill in fills)
    remaining = _size(entry, *_REMAINING, is_signed=is_signed)
    if remaining is None and quantity is not None and filled is not None and filled <= quantity:
        remaining = quantity - filled
    average = positive_price(entry.get("filledprice"))
    if average is None and filled and filled == _sum(fill.quantity for fill in fills):
        value = _sum(f.quantity * f.price if f.quantity and f.price else None for f in fills)
        average = None if value is None else value / filled
    text = first_text(entry, _STATUS)
    is_open = _is_open(entry, text, remaining)
    status = (_OPEN_STATUSES | _DONE_STATUSES).get(letters_of(text), text)
    action, order_type = text_of(entry, "action"), text_of(entry, "ordertype")
    figures = {"filled": filled, "remaining": remaining, "average_fill_price": average}
    return Transaction(
        side=_SIDES.get(letters_of(action), action),
        quantity=quantity,
        order_type=_ORDER_TYPES.get(letters_of(order_type), order_type),
        limit_price=positive_price(entry.get("limitprice")),
        stop_price=positive_price(entry.get("stopprice")),
        tif=text_of(entry, "tif").upper(),
        status=status if status or not is_open else OrderStatus.SUBMITTED,
        is_open=is_open,
        filled=filled,
        remaining=remaining,
        average_fill_price=average,
        placed_at=_time(entry, "orderdt"),
        unread=tuple(name for name in _unreadable(entry) if figures.get(name) is None),
        fills=fills,
        has_unreadable_fills=has_unreadable_fills,
    )


def _unreadable(entry: Entry) -> Iterator[str]:
    """Yield the terms of an order that are set to something that is no figure."""
    yield from (name for name, field in _PRICES.items() if is_no_price(entry.get(field)))
    yield from (name for name, fields in _SIZES.items() if is_unreadable(entry, fields))


def _is_open(entry: Entry, value: str, remaining: float | None) -> bool:
    """Return whether an order may still fill: by its status, as PSFALGO reads it, else by ``IsOpen``.

    An order with an unknown status is shown rather than hidden.
    """
    letters = letters_of(value)
    if letters in _OPEN_STATUSES or letters in _DONE_NAMES:
        return letters in _OPEN_STATUSES
    if entry.get("isopen") not in (None, ""):
        return is_yes(entry["isopen"])
    return bool(value or remaining)


def _fills_of(entry: Entry) -> tuple[ReportedFill, ...]:
    """Return the executions that a transaction lists, with figures unknown that cannot be read; a filled
    quantity alone is not one.
    """
    found: dict[str, ReportedFill] = {}
    for place, fill in enumerate(_listed_fills(entry), 1):
        quantity, price = _size(fill, *_ORDERED) or None, positive_price(fill.get("price"))
        name = text_of(fill, "fillid") or f"#{place}"
        each = ReportedFill(name, quantity, price, _time(fill, "filldt", "filleddt"))
        if quantity is not None or price is not None or _is_unreadable_fill(fill):
            # Different executions under one id are two.
            found[name if found.get(name, each) == each else f"{name}#{place}"] = each
    return tuple(fill if fill.name == name else replace(fill, name=name) for name, fill in found.items())


def whole_fill_of(entry: Entry, read: Transaction) -> tuple[ReportedFill, ...]:
    """Return the filled quantity of a transaction that has ended without listing executions; else nothing.

    ``read`` is what ``transaction_of`` returns for the entry.

    While a transaction is open, or lists some executions, the others may still be reported. If only the
    status says that it filled, the quantity is unknown.
    """
    is_filled = read.status == OrderStatus.FILLED
    if read.is_open or not (read.filled or is_filled) or read.fills:
        return ()
    times = ("filleddt", "lasttransactiondt") if is_filled else ("filleddt",)
    return (ReportedFill("", read.filled or None, read.average_fill_price, _time(entry, *times)),)


def _has_unreadable_fills(entry: Entry) -> bool:
    """Return whether a quantity or price of an execution is no figure, or the executions are no list."""
    raw, listed = entry.get("fills"), _listed_fills(entry)
    is_list = raw in (None, "") or (isinstance(raw, list) and len(raw) == len(listed))
    return not is_list or any(map(_is_unreadable_fill, listed))


def _listed_fills(entry: Entry) -> list[Entry]:
    raw = entry.get("fills")
    return [entry_of(fill) for fill in raw if isinstance(fill, dict)] if isinstance(raw, list) else []


def _is_unreadable_fill(fill: Entry) -> bool:
    return is_unreadable(fill, _ORDERED) or (_size(fill, *_ORDERED) != 0 and is_no_price(fill.get("price")))


def _sum(figures: Iterable[float | None]) -> float | None:
    """Return the sum; ``None`` if one of them is unknown."""
    known = list(figures)
    return None if None in known else sum(filter(None, known))


def _size(entry: Entry, *names: str, is_signed: bool = True) -> float | None:
    """Return a number of shares; negative numbers count only where the broker marks sales that way."""
    known = next((n for name in names if (n := finite(entry.get(name))) is not None), None)
    return None if known is None or (known < 0 and not is_signed) else abs(known)


def _time(entry: Entry, *names: str) -> datetime | None:
    received = (entry.get(name) for name in names)
    return next((at for raw in received if (at := time_of(raw)) is not None), None)
