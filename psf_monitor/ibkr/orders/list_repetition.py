"""Spares reading a list of orders that repeats the previous one byte for byte."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import is_
from typing import Any, NamedTuple

_STATUS, _ORDER, _END = b"3", b"5", b"53"
"""Incoming message ids of the TWS API: status of an order, open order, end of the list of open orders."""
_OF_ORDERS = frozenset({_STATUS, _ORDER, _END})
_LENGTH = 4


class _List(NamedTuple):
    """The messages of a list, and the parts of its orders as they were read.

    ``ends`` are, in bytes of ``data``, the ends of the messages, beginning with that of none; ``rows`` is how
    many orders are before each.
    """

    messages: list[bytes]
    parts: list[Any]
    data: bytes
    ends: list[int]
    rows: list[int]


class ListRepetition:
    """Receives TWS's bytes and passes on to ``read``, in whole messages, what has to be read.

    TWS is asked for its orders every few seconds (message 16), and while nothing happens it repeats them. A
    list may be repeated once it was read twice and had the same result twice, and as long as no order was
    sent by itself. The messages of the next one are then held, and ``repeat`` ends it with the parts of the
    last one; with the first message that differs, those that were held are read after all.

    ``on_rows`` is called with the number of orders that are held. ``is_awaited`` says whether somebody waits
    for the list; one that comes too late is read.
    """

    def __init__(
        self,
        read: Callable[[bytes], None],
        repeat: Callable[[list[Any]], None],
        on_rows: Callable[[int], None],
        is_awaited: Callable[[], bool],
    ) -> None:
        self._read = read
        self._repeat = repeat
        self._on_rows = on_rows
        self._is_awaited = is_awaited
        self._incomplete = b""
        self._is_listing = self._is_certain = False
        self._messages: list[bytes] = []
        self._held = 0
        self._last: _List | None = None
        self._is_settled = False

    def on_request(self, *, is_only: bool) -> None:
        """Record that the list is requested. ``is_only``: no other one is on its way."""
        self._read_held()
        self._is_listing, self._is_certain = True, is_only
        self._messages = []

    def on_end(self, parts: Sequence[Any], read: int | None) -> None:
        """Record that a list was read to its end, with these parts.

        ``read``: how many of its messages were clear; ``None`` if one was in doubt.
        """
        is_clear = self._is_certain and read == len(self._messages) - 1
        of_list, last = _list_of(self._messages, list(parts)) if is_clear else None, self._last
        self._is_settled = (
            of_list is not None
            and last is not None
            and of_list.messages == last.messages
            and len(of_list.parts) == len(last.parts)
            and all(map(is_, of_list.parts, last.parts))
        )
        self._last, self._messages, self._is_listing = of_list, [], False

    def receive(self, data: bytes) -> None:
        """Receive bytes as they arrive: any number of messages, and parts of them."""
        data = self._incomplete + data
        passed_on = at = self._hold(data)
        while (begin := at + _LENGTH) <= len(data):
            end = begin + int.from_bytes(data[at:begin], "big")
            if end > len(data):
                break
            kind = data[begin : begin + 3].split(b"\0", 1)[0]
            if kind in _OF_ORDERS and self._is_held(kind, data[at:end]):
                self._pass_on(data[passed_on:at])
                passed_on = end
                if kind == _END and self._last is not None:
                    self._end_repeated(self._last.parts)
            elif kind == _END:
                # What follows is of no list.
                self._pass_on(data[passed_on:end])
                passed_on = end
            at = end
        self._incomplete = data[at:]
        self._pass_on(data[passed_on:at])

    def _hold(self, data: bytes) -> int:
        """Hold at once all messages at the beginning of ``data`` that repeat the list; return their bytes."""
        last, held = self._last_to_repeat(), self._held
        if last is None or not self._is_awaited():
            return 0
        begin = last.ends[held]
        if not data.startswith(last.data[begin : begin + len(data)]):
            return 0
        count = bisect_right(last.ends, begin + len(data)) - 1
        self._messages += last.messages[held:count]
        self._held = count
        self._on_rows(last.rows[count] - last.rows[held])
        if count == len(last.messages):
            self._end_repeated(last.parts)
        return last.ends[count] - begin

    def _last_to_repeat(self) -> _List | None:
        """Return the last list if what has come of this one, and was requested alone, repeats it."""
        repeats = self._is_listing and self._is_settled and self._held == len(self._messages)
        return self._last if repeats and self._is_certain else None

    def _pass_on(self, messages: bytes) -> None:
        if messages:
            self._read(messages)

    def _is_held(self, kind: bytes, message: bytes) -> bool:
        """Return whether a message of the list repeats the one in its place and is not read for now."""
        if not self._is_listing:
            # An order that is sent by itself may differ from the list.
            self._last = None
            return False
        last = self._last_to_repeat()
        is_held = last is not None and last.messages[self._held] == message and self._is_awaited()
        if is_held:
            self._held += 1
            if kind == _ORDER:
                self._on_rows(1)
        else:
            self._read_held()
        self._messages.append(message)
        return is_held

    def _read_held(self) -> None:
        held, self._held = self._messages[: self._held], 0
        self._pass_on(b"".join(held))

    def _end_repeated(self, parts: list[Any]) -> None:
        self._messages, self._held, self._is_listing = [], 0, False
        self._repeat(parts)


def _list_of(messages: list[bytes], parts: list[Any]) -> _List:
    are_orders = (message[_LENGTH:].startswith(_ORDER + b"\0") for message in messages)
    ends, rows = accumulate(map(len, messages), initial=0), accumulate(are_orders, initial=0)
    return _List(messages, parts, b"".join(messages), list(ends), list(rows))
