"""The orders of Hammer Pro's own account, each by itself, also where HAMMER gives several one id, or none.

What is reported of an order that its id does not name is not guessed: the whole list reports it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from psf_monitor.hammer.account import messages
from psf_monitor.hammer.account.messages import Entry, Listing
from psf_monitor.hammer.account.parts import LOT, AccountPart

_Terms = tuple[object, ...]


class ListedOrder(NamedTuple):
    """An order by HAMMER's id, empty for none; ``twin`` tells apart those that have no id of their own."""

    order_id: str
    twin: int
    entry: Entry


class OrderList(AccountPart):
    """The transactions of an account, done ones included; ``entries`` by id and, where it is shared, twin."""

    def __init__(self, name: str, command: str) -> None:
        super().__init__(name, command, messages.order_id_of)
        # By id, those that several orders were reported under, or none: what tells its orders apart.
        self._shared: dict[str, list[tuple[_Terms, int]]] = {}

    def orders(self) -> Iterator[ListedOrder]:
        """Yield every order that is known."""
        for name, entry in self.entries.items():
            order_id, _, twin = name.partition(LOT)
            yield ListedOrder(order_id, int(twin or 0), entry)

    def _replace(self, read: Listing) -> None:
        self.entries = {}
        self.unreadable = read.unreadable
        listed: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in read.entries:
            listed[self._name_of(entry)].append(entry)
        for order_id, entries in listed.items():
            orders = _distinct(entries) if order_id else entries
            if order_id in self._shared or not order_id or len(orders) > 1:
                self.entries.update(self._twins(order_id, orders))
            else:
                self.entries[order_id] = orders[0]
        for order_id in self._shared:
            self._updated_since.pop(order_id, None)

    def _twins(self, order_id: str, entries: list[Entry]) -> Iterator[tuple[str, Entry]]:
        """The orders of one id by names that stay as long as their terms do."""
        known = self._shared.setdefault(order_id, [])
        counts: defaultdict[_Terms, int] = defaultdict(int)
        for entry in entries:
            terms = _terms(entry)
            place = terms, counts[terms]
            counts[terms] += 1
            if place not in known:
                known.append(place)
            yield f"{order_id}{LOT}{known.index(place)}", entry

    def _merge(self, known: dict[str, Entry], read: Listing) -> None:
        plain = [entry for entry in read.entries if self._is_named(entry)]
        super()._merge(known, Listing(tuple(plain), read.is_all))

    def _is_named(self, entry: Entry) -> bool:
        """Whether the id says which of the known orders is meant, or that it is a new one."""
        order_id = self._name_of(entry)
        if not order_id or order_id in self._shared:
            return False
        known = self.entries.get(order_id)
        return known is None or not _is_another(known, entry)


def _distinct(entries: list[Entry]) -> list[Entry]:
    """Return the orders of one id: equal terms reported twice are one order, as far as it has come."""
    found: dict[_Terms, Entry] = {}
    for entry in entries:
        terms = _terms(entry)
        before = found.get(terms)
        if before is None:
            found[terms] = entry
        else:
            found[terms] = before | entry if _is_further(entry, before) else entry | before
    return list(found.values())


def _terms(entry: Entry) -> _Terms:
    """What an order keeps as long as nobody changes it."""
    read = messages.transaction_of(entry)
    return (
        messages.symbol_of(entry),
        read.side,
        read.quantity,
        read.order_type,
        read.limit_price,
        read.stop_price,
        str(entry.get("orderdt", "")),
    )


def _is_further(entry: Entry, before: Entry) -> bool:
    """Whether an entry does not report an earlier state of an order than the one before it in the list."""
    read, known = messages.transaction_of(entry), messages.transaction_of(before)
    return (not read.is_open, read.filled or 0.0) >= (not known.is_open, known.filled or 0.0)


def _is_another(known: Entry, received: Entry) -> bool:
    """Whether what is reported under the id of a known order names another share or the other side."""
    symbols = messages.symbol_of(known), messages.symbol_of(received)
    sides = messages.transaction_of(known).side, messages.transaction_of(received).side
    return any(all(pair) and pair[0] != pair[1] for pair in (symbols, sides))
