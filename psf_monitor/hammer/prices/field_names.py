"""Fields of HAMMER's messages, however HAMMER or the broker behind it writes their names. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from psf_monitor.hammer.prices.figures import finite

_NOT_SET = (None, "")


@lru_cache(1024)
def letters_of(value: str) -> str:
    """Return a word or the name of a field in the form in which they are compared."""
    return "".join(filter(str.isalnum, value)).lower()


@lru_cache(1024)
def plain_name_of(name: str) -> str:
    """Return the name of a field in the form in which names are compared: ``PnL%`` is another than
    ``PnL``.
    """
    return f"{letters_of(name)}%" if "%" in name else letters_of(name)


def put(fields: dict[str, Any], name: str, value: object) -> None:
    """Set a field that may be set under another spelling.

    One that is set stays if the other is empty or says the same; of two values it is unknown which one is
    meant, and the field becomes the list of both, which is neither a number nor a text.
    """
    known = fields.get(name)
    if known in _NOT_SET:
        fields[name] = value
    elif value not in _NOT_SET and not _is_same(known, value):
        fields[name] = [known, value]


def read_fields(raw: Mapping[str, Any], names: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of a record under the names that ``names`` gives to their plain ones, and all others
    that are set under theirs.
    """
    known: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for written, value in raw.items():
        name = names.get(plain_name_of(written))
        if name is not None:
            put(known, name, value)
        elif value not in _NOT_SET:
            others[written] = value
    return known, others


def _is_same(one: object, other: object) -> bool:
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str) and one.strip() == other.strip():
        return True
    number = finite(one)
    return number is not None and number == finite(other)
