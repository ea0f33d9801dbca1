"""Convert the fields of an ib_insync record to their types. Pure."""

import dataclasses
from decimal import Decimal, InvalidOperation
from typing import Any

from ib_insync.order import Order, OrderState
from ib_insync.util import UNSET_INTEGER

_KINDS: dict[type, tuple[tuple[str, type, object], ...]] = {}
"""The non-text fields of each kind of record: their names, types, and unset values."""

_ESSENTIAL: dict[type, frozenset[str]] = {
    Order: frozenset(
        {"orderId", "clientId", "permId", "parentId", "totalQuantity", "whatIf", "conditionsCancelOrder"}
    ),
    OrderState: frozenset(),
}
"""The fields without which one does not know what an order is, or whether it is one; of any other record,
all are essential.
"""

_LARGEST_ID = 2**63 - 1
_FLAGS = {"true": True, "false": False}


def read_fields(record: object) -> None:
    """Convert the fields of a record as ib_insync does, which looks up the types for each record.

    ib_insync loses a whole message with a ``10.0`` where it expects 10, or with a price's marker for unset
    where it knows another; those are accepted here. What is no number is ``None`` in an order, unset in its
    state; raises ``ValueError`` where that is essential.
    """
    values = vars(record)
    essential = _ESSENTIAL.get(type(record))
    for name, kind, unset in _KINDS.get(type(record)) or _fields(record):
        text = values[name]
        try:
            values[name] = _read(text, kind, unset) if text else unset
        except ValueError as error:
            if essential is None or name in essential:
                raise
            is_text = type(record) is Order and not isinstance(error, NotSetError)
            values[name] = None if is_text else unset


def _read(text: object, kind: type, unset: object) -> object:
    if kind is float or not isinstance(text, str):
        return kind(text)
    return _flag(text) if kind is bool else _whole(text, unset)


def _flag(text: str) -> bool:
    known = _FLAGS.get(text.strip().lower())
    return bool(whole_number(text)) if known is None else known


def _whole(text: str, unset: object) -> object:
    try:
        return whole_number(text)
    except NotSetError:
        if unset != UNSET_INTEGER:
            raise
        return unset


class NotSetError(ValueError):
    """A number larger than any that TWS uses for counts or ids."""


def whole_number(text: str) -> int:
    """Return a whole number with all its digits. Raises ``ValueError`` for any other text."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        exact = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None
    if not exact.is_finite():
        raise ValueError(f"{text!r} is no number")
    if abs(exact) > _LARGEST_ID:
        raise NotSetError(f"{text!r} is not set")
    if exact != int(exact):
        raise ValueError(f"{text!r} is no whole number")
    return int(exact)


def _fields(record: Any) -> tuple[tuple[str, type, object], ...]:
    fields = ((each.name, type(each.default), each.default) for each in dataclasses.fields(record))
    _KINDS[type(record)] = found = tuple(each for each in fields if each[1] in (int, float, bool))
    return found
