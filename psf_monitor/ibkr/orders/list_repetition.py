"""Spares reading a list of orders that repeats the previous one byte for byte."""

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any, NamedTuple

_STATUS, _ORDER, _END = b"3", b"5", b"53"
"""Incoming message ids of the TWS API: status of an order, open order, end of the list of open orders."""
_OF_ORDERS = frozenset({_STATUS, _ORDER, _END})
_LENGTH = 4


class _List(NamedTuple):
    """The messages of a list, and the parts of its orders as they were read."""

    messages: list[bytes]
    parts: list[Any]


class ListRepetition:
    """Receives TWS's bytes and passes on to ``read``, in whole messages, what has to be read.

    TWS is asked for its orders every few seconds (message 16), and while nothing happens it repeats them. A
    list may be repeated once it was read twice and had the same result twice, and as long as no order was
    sent by itself. The messages of the next one are then held, and ``repeat`` ends it with the parts of the
    last one; with the first message that differs, those that were held are read after all.

    ``on_row`` is called for every order that is held. ``is_awaited`` says whether somebody waits for the
    list; one that comes too late is read.
    """

    def __init__(
        self,
        read: Callable[[bytes], None],
        repeat: Callable[[list[Any]], None],
        on_row: Callable[[], None],
        is_awaited: Callable[[], bool],
    ) -> None:
        self._read = read
        self._repeat = repeat
        self._on_row = on_row
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
        of_list, last = _List(self._messages, list(parts)) if is_clear else None, self._last
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
        passed_on = at = 0
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

    def _pass_on(self, messages: bytes) -> None:
        if messages:
            self._read(messages)

    def _is_held(self, kind: bytes, message: bytes) -> bool:
        """Return whether a message of the list repeats the one in its place and is not read for now."""
        if not self._is_listing:
            # An order that is sent by itself may differ from the list.
            self._last = None
            return False
        last = self._last if self._is_settled and self._held == len(self._messages) else None
        is_same = last is not None and last.messages[self._held] == message
        is_held = is_same and self._is_certain and self._is_awaited()
        if is_held:
            self._held += 1
            if kind == _ORDER:
                self._on_row()
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
