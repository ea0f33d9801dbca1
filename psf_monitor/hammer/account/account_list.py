"""One part of Hammer Pro's own account, assembled from answers and updates. Pure.

Later frames win. An answer may be older than an update that arrived while it was under way: fields that
updates reported since the request take precedence over the answer.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from enum import Enum, auto

import msgspec

from psf_monitor.hammer.account import messages
from psf_monitor.hammer.account.fields import Entry
from psf_monitor.hammer.account.messages import EntryList, ListPendingError
from psf_monitor.hammer.messages import ProtocolError

LOT = "\0"
"""Separates the name of an entry from its place among entries with the same name."""

_EMPTY = (None, "")
_PRICES_OF_TYPE = ("limitprice", "stopprice")

EMPTY_ANSWERS = 2
"""How often an empty first list must be reported before it is accepted: HAMMER may still be asking the
broker.
"""


class AnswerOutcome(Enum):
    """The result of an answer."""

    TAKEN = auto()
    NOT_YET = auto()
    UNREADABLE = auto()


class AccountList:
    """The positions, transactions or balances of one account, as reported so far.

    ``command`` requests all of it, without forcing HAMMER to ask the broker first, which would be answered
    without the list. ``entries`` are by name, and must not be reported before ``is_loaded``. ``unreadable``
    counts the items of the latest complete list that are no entry. With ``has_lots``, several entries of one
    name in a complete list all count: the first is stored under its name, the others under name and place;
    one that is listed again with the same figures counts once, and its name is in ``repeated``. Entries with
    a name of ``other_accounts`` are left out. ``reported_at`` is when anything of it was last reported (UTC).
    """

    def __init__(
        self, name: str, command: str, name_of: Callable[[Entry], str], *, has_lots: bool = False
    ) -> None:
        self.name = name
        self.command = command
        self.entries: dict[str, Entry] = {}
        self.is_loaded = False
        self.unreadable = 0
        self.repeated: set[str] = set()
        self.other_accounts: Collection[str] = ()
        self.reported_at: datetime | None = None
        self._name_of = name_of
        self._has_lots = has_lots
        self._is_promised = False
        self._empty_answers = 0
        self._updated_since: dict[str, Entry] = {}
        self._is_replaced = False

    def on_request(self) -> None:
        """Record that a request is being sent: later updates may be newer than its answer."""
        self._updated_since = {}
        self._is_replaced = False

    def apply_answer(self, result: msgspec.Raw, key: str) -> AnswerOutcome:
        """Apply the answer to the latest request for the account ``key``."""
        try:
            read = self._listing(result, key)
        except ListPendingError:
            self._is_promised = True
            return AnswerOutcome.NOT_YET
        except ProtocolError:
            return AnswerOutcome.UNREADABLE
        if self._is_replaced:
            return AnswerOutcome.TAKEN
        if read.is_of_another:
            return AnswerOutcome.NOT_YET
        if not read.entries and not self._believes_empty():
            return AnswerOutcome.NOT_YET
        known = dict(self.entries)
        if read.is_all is not False:
            self._replace(read)
        else:
            self._merge(self.entries, read)
        for name, entry in self._updated_since.items():
            self.entries[name] = changed(self.entries.get(name, known.get(name, {})), entry)
        self.is_loaded = True
        return AnswerOutcome.TAKEN

    def apply_update(self, result: msgspec.Raw, key: str) -> bool:
        """Apply an update that HAMMER sent by itself; return whether it was complete.

        Raises ``ProtocolError`` if it cannot be read.
        """
        read = self._listing(result, key)
        is_all = read.is_all
        if is_all is None and not self.is_loaded and self._is_promised:
            # The list that was promised by an answer without one.
            is_all = bool(read.entries)
        if not is_all:
            self._merge(self._updated_since, read)
            self._merge(self.entries, read)
            return False
        self._replace(read)
        self._updated_since = {}
        self._is_replaced = self.is_loaded = True
        return True

    def _believes_empty(self) -> bool:
        self._empty_answers += 1
        return self.is_loaded or self._empty_answers >= EMPTY_ANSWERS

    def _listing(self, result: msgspec.Raw, key: str) -> EntryList:
        return messages.listing_of(result, self.name, key, self.other_accounts)

    def _replace(self, read: EntryList) -> None:
        """Replace everything by a complete list."""
        self.entries = {}
        self.unreadable = read.unreadable
        self.repeated = set()
        if not self._has_lots:
            self._merge(self.entries, read)
            return
        for entry in read.entries:
            name = self._name_of(entry)
            lots = [lot for lot in self.entries if lot.partition(LOT)[0] == name]
            if any(self.entries[lot] == entry for lot in lots):
                self.repeated.add(name)
            else:
                self.entries[f"{name}{LOT}{len(lots)}" if lots else name] = entry

    def _merge(self, known: dict[str, Entry], read: EntryList) -> None:
        for entry in read.entries:
            name = self._name_of(entry)
            known[name] = changed(known.get(name, {}), entry)


def changed(known: Entry, received: Entry) -> Entry:
    """Return an entry with what a report of a change adds; a field that it leaves empty has not changed.

    The prices of an order that becomes one of another type are those of the report alone.
    """
    of_type = received.get("ordertype")
    if of_type not in (*_EMPTY, known.get("ordertype")):
        known = {name: value for name, value in known.items() if name not in _PRICES_OF_TYPE}
    return known | {
        name: value for name, value in received.items() if value not in _EMPTY or name not in known
    }


class BalancesList(AccountList):
    """The balances: a single entry, whose fields are reported all at once or in part."""

    def __init__(self, name: str, command: str) -> None:
        super().__init__(name, command, lambda _balances: "")

    @property
    def balances(self) -> Entry:
        """The fields known, under normalized names."""
        return self.entries.get("", {})

    def _listing(self, result: msgspec.Raw, key: str) -> EntryList:
        read = messages.balances_of(result, key, self.other_accounts)
        return EntryList((read,) if read else (), is_all=None, is_of_another=not read)
