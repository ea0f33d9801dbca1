"""Convert the fields of an ib_insync record to their types. Pure."""

import dataclasses
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import nan
from typing import Any

from ib_insync.contract import ComboLeg
from ib_insync.order import Order, OrderComboLeg, OrderCondition, OrderState
from ib_insync.util import UNSET_INTEGER

from psf_monitor.ibkr import parsing

_Field = tuple[str, Callable[[Any], object], type, object]
"""The name of a field, how its text is converted if it is as expected, its type, and its unset value."""
_KINDS: dict[type, tuple[_Field, ...]] = {}
"""The non-text fields of each kind of record."""

_ESSENTIAL: dict[type, frozenset[str]] = {
    Order: frozenset({"orderId", "clientId", "permId", "totalQuantity"}),
    OrderState: frozenset(),
    ComboLeg: frozenset(),
    OrderComboLeg: frozenset(),
    **{kind: frozenset() for kind in OrderCondition.__subclasses__()},
}
"""The fields without which one does not know what an order is; of any other record, all are essential."""

UNREAD = "unread"
"""Stands for a limit, stop or quantity that is no number in an order of ib_insync, where it is NaN."""
_UP_TO_MID = "Infinity"
"""TWS API: a competing offset of up to the midpoint."""
_LARGEST_ID = 2**63 - 1
_FLAGS = {"true": True, "false": False}
_TEXTS = 4096
"""The same few texts come with every order."""
_PLAIN_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)


@lru_cache(_TEXTS)
def _real(text: object) -> float:
    """Return a number as TWS writes it. Raises ``ValueError`` for any other text, such as nan or 1_000."""
    if text == UNREAD:
        return nan
    if isinstance(text, str) and parsing.is_no_number(text) and text.strip() != _UP_TO_MID:
        raise ValueError(f"{text!r} is no number")
    return float(text)  # type: ignore[arg-type]


@lru_cache(_TEXTS)
def _plain_whole(text: object) -> int:
    if isinstance(text, str) and not _PLAIN_WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is no plain whole number")
    return int(text)  # type: ignore[call-overload, no-any-return]


_CONDITION, _LEG = {"conjunction", "triggerMethod"}, {"conId", "ratio"}
"""The fields without which a condition still says something, and those without which a leg says nothing."""

_AS_EXPECTED: dict[type, Callable[[Any], object]] = {
    float: _real,
    int: _plain_whole,
    bool: {"0": False, "1": True, True: True}.__getitem__,
}


def read_fields(record: object) -> None:
    """Convert the fields of a record as ib_insync does, which looks up the types for each record.

    ib_insync loses a whole message with a ``10.0`` where it expects 10, or with a price's marker for unset
    where it knows another; those are accepted here. What is no number is ``None`` in an order, its legs
    and conditions, and unset in its state; raises ``ValueError`` where that is essential. What a condition
    or a leg lacks is ``None``, too: ib_insync has a 0 or a direction there.
    """
    values = vars(record)
    fields = _KINDS.get(type(record)) or _fields(record)
    if isinstance(record, OrderCondition | ComboLeg):
        needed = _LEG if isinstance(record, ComboLeg) else values.keys() - _CONDITION
        lacking = [
            name for name in needed if isinstance(values[name], str) and parsing.is_unset(values[name])
        ]
        _read_each(record, fields)
        values |= dict.fromkeys(lacking)
        return
    try:
        # Nearly all messages are as expected, and orders come by the thousand.
        values |= {
            name: convert(text) if (text := values[name]) else unset for name, convert, _, unset in fields
        }
    except (ValueError, KeyError):
        _read_each(record, fields)


def _read_each(record: object, fields: Iterable[_Field]) -> None:
    values, essential = vars(record), _ESSENTIAL.get(type(record))
    for name, _, kind, unset in fields:
        text = values[name]
        try:
            is_blank = not text or (isinstance(text, str) and not text.strip())
            values[name] = unset if is_blank else _read(text, kind, unset)
        except ValueError as error:
            if essential is None or name in essential:
                raise
            is_known = type(record) is OrderState or isinstance(error, NotSetError)
            values[name] = unset if is_known and not isinstance(record, ComboLeg) else None


def _read(text: object, kind: type, unset: object) -> object:
    if kind is float:
        return _real(text)
    if not isinstance(text, str):
        return kind(text)
    return _flag(text) if kind is bool else _whole(text, unset)


def _flag(text: str) -> bool:
    known = _FLAGS.get(text.strip().lower())
    if known is not None:
        return known
    number = whole_number(text)
    if parsing.known_id(number) is None:
        raise NotSetError(f"{text!r} is not set")
    if number not in (0, 1):
        raise ValueError(f"{text!r} is no flag")
    return bool(number)


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
    if parsing.is_no_number(text):
        raise ValueError(f"{text!r} is no number")
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


def _fields(record: Any) -> tuple[_Field, ...]:
    types = ((each.name, type(each.default), each.default) for each in dataclasses.fields(record))
    _KINDS[type(record)] = found = tuple(
        (name, _AS_EXPECTED[kind], kind, unset) for name, kind, unset in types if kind in _AS_EXPECTED
    )
    return found
