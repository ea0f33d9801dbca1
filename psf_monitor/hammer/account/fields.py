"""Fields of an entry of HAMMER's own account, under names that vary with the broker behind it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from psf_monitor.hammer.prices.field_names import plain_name_of, put
from psf_monitor.hammer.prices.figures import finite

Entry = dict[str, Any]
"""One position, transaction or set of balances; field names are in lower case without punctuation."""


def entry_of(raw: Mapping[str, Any]) -> Entry:
    """Return the fields under normalized names; of two with the same name and different values it is unknown
    which one is meant: neither is a number or a text.
    """
    entry: Entry = {}
    for name, value in raw.items():
        plain_name = plain_name_of(name)
        if plain_name in entry:
            put(entry, plain_name, value)
        else:
            entry[plain_name] = value
    return entry


def number_of(entry: Entry, names: Sequence[str]) -> float | None:
    """Return the first of these fields that is a number."""
    return next((number for name in names if (number := finite(entry.get(name))) is not None), None)


def is_unreadable(entry: Entry, names: Sequence[str]) -> bool:
    """Return whether none of these fields is a number, and one is set to something else, or to a marker."""
    return number_of(entry, names) is None and any(entry.get(name) not in (None, "") for name in names)


def text_of(entry: Entry, name: str) -> str:
    """Return a text, or a whole number as one; empty for anything else."""
    value = entry.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def first_text(entry: Entry, names: Sequence[str]) -> str:
    """Return the first of these fields that is a text."""
    return next((value for name in names if (value := text_of(entry, name))), "")
