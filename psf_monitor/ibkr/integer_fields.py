"""The integer fields of TWS's messages that say what a message is about, such as ids. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from ib_insync.util import UNSET_INTEGER

from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.orders.record_fields import NotSetError, whole_number

_LONGEST_PLAIN = 9
"""A number of at most this many digits is none of TWS's markers."""


class IntegerField(NamedTuple):
    """The name of an integer field, and how ib_insync has it if it is not set."""

    name: str
    unset: str = "0"


ORDER_ID, PERM_ID, PARENT_ID = IntegerField("order id"), IntegerField("perm id"), IntegerField("parent id")
CONTRACT_ID = IntegerField("con id")
CLIENT_ID = IntegerField("client id", str(UNSET_INTEGER))


def normalize_integers(fields: list[str], places: Mapping[int, IntegerField]) -> list[str]:
    """Write the numbers in these places as ib_insync expects them; return the names of those that are written
    and are no whole numbers.

    Such a number, an empty one and TWS's markers for a number that is not set are read as unset.
    """
    no_numbers = []
    for place, (name, unset) in places.items():
        text = fields[place]
        if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_PLAIN:
            continue
        try:
            number = parsing.known_id(whole_number(text)) if text.strip() else None
        except NotSetError:
            number = None
        except ValueError:
            number = None
            no_numbers.append(name)
        fields[place] = unset if number is None else str(number)
    return no_numbers
