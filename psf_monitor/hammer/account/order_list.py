"""The orders of Hammer Pro's own account, kept apart even if HAMMER gives several the same id, or none.

A report whose order cannot be identified by its id is not guessed: the complete list reports it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from psf_monitor.hammer.account import messages
from psf_monitor.hammer.account.account_list import LOT, AccountList, changed
from psf_monitor.hammer.account.fields import Entry
from psf_monitor.hammer.account.messages import EntryList
from psf_monitor.hammer.account.transactions import Transaction, order_id_of, transaction_of

_Terms = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order by HAMMER's id, empty for none; ``twin`` distinguishes orders without an id of their own.

    ``read`` is its ``entry`` as read.
    """

    order_id: str
    twin: int
    entry: Entry
    read: Transaction


class OrderList(AccountList):
    """The transactions of an account, including finished ones; ``entries`` by id and, if that is shared,
    twin.
    """

    def __init__(self, name: str, command: str) -> None:
        super().__init__(name, command, order_id_of)
        self._listed: dict[str, ListedOrder] = {}
        # For an id that several orders share, or none has: what distinguishes its orders.
        self._shared: dict[str, list[tuple[_Terms, int]]] = {}

    def orders(self) -> list[ListedOrder]:
        """Return every known order; only what has changed since the last time is read again."""
        known, self._listed = self._listed, {}
        for name, entry in self.entries.items():
            listed = known.get(name)
            if listed is None or listed.entry is not entry:
                listed = _listed(name, entry)
            self._listed[name] = listed
        return list(self._listed.values())

    def _replace(self, read: EntryList) -> None:
        before, self.entries = self.entries, {}
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
        for name, entry in self.entries.items():
            if before.get(name) == entry:
                # It need not be read again.
                self.entries[name] = before[name]
        for order_id in self._shared:
            self._updated_since.pop(order_id, None)

    def _twins(self, order_id: str, entries: list[Entry]) -> Iterator[tuple[str, Entry]]:
        """Yield the orders with one id, under names that stay the same as long as their terms do."""
        known = self._shared.setdefault(order_id, [])
        counts: defaultdict[_Terms, int] = defaultdict(int)
        for entry in entries:
            terms = _terms(entry)
            place = terms, counts[terms]
            counts[terms] += 1
            if place not in known:
                known.append(place)
            yield f"{order_id}{LOT}{known.index(place)}", entry

    def _merge(self, known: dict[str, Entry], read: EntryList) -> None:
        plain = [entry for entry in read.entries if self._is_named(entry)]
        super()._merge(known, EntryList(tuple(plain), read.is_all))

    def _is_named(self, entry: Entry) -> bool:
        """Return whether the id identifies one of the known orders, or a new one."""
        order_id = self._name_of(entry)
        if not order_id or order_id in self._shared:
            return False
        known = self.entries.get(order_id)
        return known is None or not _is_another(known, entry)


def _distinct(entries: list[Entry]) -> list[Entry]:
    """Return the orders with one id: the same terms reported twice are one order in its latest state."""
    if len(entries) == 1:
        return entries
    found: dict[_Terms, Entry] = {}
    for entry in entries:
        terms = _terms(entry)
        before = found.get(terms)
        if before is None:
            found[terms] = entry
        else:
            found[terms] = changed(before, entry) if _is_further(entry, before) else changed(entry, before)
    return list(found.values())


def _listed(name: str, entry: Entry) -> ListedOrder:
    order_id, _, twin = name.partition(LOT)
    return ListedOrder(order_id, int(twin or 0), entry, transaction_of(entry))


def _terms(entry: Entry) -> _Terms:
    """Return the terms of an order, which stay the same unless somebody changes it."""
    read = transaction_of(entry)
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
    """Return whether an entry does not report an earlier state of an order than the one before it in the
    list.
    """
    read, known = transaction_of(entry), transaction_of(before)
    return (not read.is_open, read.filled or 0.0) >= (not known.is_open, known.filled or 0.0)


def _is_another(known: Entry, received: Entry) -> bool:
    """Return whether a report under a known order's id names another share or the other side."""
    symbols = messages.symbol_of(known), messages.symbol_of(received)
    sides = transaction_of(known).side, transaction_of(received).side
    return any(all(pair) and pair[0] != pair[1] for pair in (symbols, sides))
