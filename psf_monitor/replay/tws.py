"""One recorded line of TWS, played to a client that asks at its own times. Pure: messages in and out.

Messages are sent in the recorded order and no earlier than recorded. An answer waits for its request; if the
client numbers its requests differently, the answer gets its numbers.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from psf_monitor.recording.message_text import request_name
from psf_monitor.recording.messages import fields_of, framed

WAITS_S = 15.0
"""How long an answer waits for its request before it is sent anyway, and a request for its answer."""

_START, _ORDERS, _EXECUTIONS, _DETAILS, _TIME = "71", "16", "7", "9", "49"
_ID_PLACES_SENT = {"7": 2, "9": 2, "62": 2, "74": 2, "76": 2, "92": 1, "94": 1}
_ID_PLACES_RECEIVED = {
    **dict.fromkeys(("10", "11", "18", "94", "95"), 1),
    **dict.fromkeys(("4", "52", "55", "63", "64", "71", "72", "73", "74"), 2),
}
_ANSWERED_BY = {"71": ("15", "9"), "61": ("61", "62"), "6": ("6", "7", "8", "54"), "17": ("15",)}
"""Requests without an id, and the messages that answer them."""
_UNANSWERED_BY_NATURE = frozenset({"63", "64", "75", "77", "93", "95", _ORDERS})
"""Ends of lists, and the list of orders: the next one that arrives is the answer."""
_SILENT_AFTER_S = 5.0


class _Waiting(NamedTuple):
    at_s: float
    fields: list[str]
    needs: str


class TwsLine:
    """``send`` sends bytes. ``miss`` is called with a request that the recording does not answer."""

    def __init__(self, send: Callable[[bytes], None], miss: Callable[[str], None]) -> None:
        self._send = send
        self._miss = miss
        self._queue: deque[_Waiting] = deque()
        self._recorded: dict[str, deque[list[str]]] = defaultdict(deque)
        self._requests: dict[str, deque[tuple[float, list[str]]]] = defaultdict(deque)
        self._ids: dict[str, str] = {}
        self._owners: dict[str, list[str]] = {}
        self._request_ids: dict[str, str] = {}
        self._received_ids: set[str] = {"version"}
        self._number = 0
        self._has_greeted = self._has_version = False
        self._details: dict[str, list[list[str]]] = defaultdict(list)
        self._executions: list[list[str]] = []
        self._listing: list[list[str]] = []
        self._lists_open = 0
        self._clock_ahead_s = 0.0
        self._time_asked_s: float | None = None

    # -- the recording ----------------------------------------------------------------------------------

    def recorded_request(self, payload: bytes, at_s: float) -> None:
        """Receive a request of the recorded client."""
        fields = fields_of(payload)
        name = fields[0]
        if name.startswith("v") or name in _UNANSWERED_BY_NATURE:
            return
        if name == _TIME:
            self._time_asked_s = at_s
            return
        key = _key(fields)
        self._number += 1
        request_id = f"{key}#{self._number}"
        if name in _ANSWERED_BY:
            self._request_ids.update(dict.fromkeys(_ANSWERED_BY[name], request_id))
        place = _ID_PLACES_SENT.get(name)
        if place is not None and place < len(fields):
            self._owners[fields[place]] = fields
            self._request_ids[f"id {fields[place]}"] = request_id
        if name == _EXECUTIONS:
            self._lists_open += 1
        if self._requests[key]:
            self._meet([*fields, request_id], self._requests[key].popleft()[1])
        else:
            self._recorded[key].append([*fields, request_id])

    def recorded_message(self, payload: bytes, at_s: float, at: datetime) -> None:
        """Receive a message of the recorded TWS."""
        fields = fields_of(payload)
        if not self._has_version:
            self._has_version = True
            self._put(_Waiting(at_s, fields, "greeting"))
            return
        if fields[0] == _TIME:
            self._time_asked_s = None
            if len(fields) > 2 and fields[2].isdecimal():
                self._clock_ahead_s = int(fields[2]) + 0.5 - at.timestamp()
            return
        owner = self._owner(fields)
        if owner is not None and owner[0] == _DETAILS:
            self._take_details(owner, fields)
        elif owner is not None and owner[0] == _EXECUTIONS:
            self._take_execution(fields, at_s)
        else:
            self._put(_Waiting(at_s, fields, self._needs(fields)))

    @property
    def has_more(self) -> bool:
        """Return whether something still waits for a request."""
        return bool(self._queue)

    def play(self, now_s: float) -> None:
        """Send what is due by now."""
        out: list[bytes] = []
        while self._queue and self._may_send(self._queue[0], now_s):
            out.append(self._encoded(self._queue.popleft().fields))
        if out:
            self._send(b"".join(out))
        for request in self._requests.values():
            while request and now_s - request[0][0] > WAITS_S:
                self._miss(request_name(request.popleft()[1]))

    # -- the client -------------------------------------------------------------------------------------

    def on_request(self, payload: bytes, now_s: float, now: datetime) -> None:
        """Receive a request of the current client."""
        fields = fields_of(payload)
        name = fields[0]
        if name.startswith("v"):
            self._has_greeted = True
        elif name == _TIME:
            self._send_time(now_s, now)
        elif name == _DETAILS and self._has_details(_key(fields)):
            self._send_to(fields, self._details[_key(fields)])
        elif name == _EXECUTIONS and self._executions and not self._lists_open:
            self._send_to(fields, self._executions)
        elif name not in _UNANSWERED_BY_NATURE:
            recorded = self._recorded[_key(fields)]
            if recorded:
                self._meet(recorded.popleft(), fields)
            else:
                self._requests[_key(fields)].append((now_s, fields))
        self.play(now_s)

    def _meet(self, recorded: list[str], fields: list[str]) -> None:
        """Match a recorded request with the client's request of the same kind."""
        *_, request_id = recorded
        self._received_ids.add(request_id)
        place = _ID_PLACES_SENT.get(fields[0])
        if place is not None:
            self._ids[recorded[place]] = fields[place]

    # -- what is sent -----------------------------------------------------------------------------------

    def _put(self, waiting: _Waiting) -> None:
        self._queue.append(waiting)

    def _needs(self, fields: list[str]) -> str:
        place = _ID_PLACES_RECEIVED.get(fields[0])
        by_id = ""
        if place is not None and place < len(fields):
            by_id = self._request_ids.pop(f"id {fields[place]}", "")
        return by_id or self._request_ids.pop(fields[0], "")

    def _may_send(self, waiting: _Waiting, now_s: float) -> bool:
        if waiting.at_s > now_s:
            return False
        if waiting.needs == "greeting":
            return self._has_greeted
        is_met = not waiting.needs or waiting.needs in self._received_ids
        return self._has_greeted and (is_met or now_s - waiting.at_s > WAITS_S)

    def _encoded(self, fields: list[str]) -> bytes:
        place = _ID_PLACES_RECEIVED.get(fields[0])
        if place is not None and place < len(fields):
            fields = [*fields[:place], self._ids.get(fields[place], fields[place]), *fields[place + 1 :]]
        return _bytes_of(fields)

    def _owner(self, fields: list[str]) -> list[str] | None:
        place = _ID_PLACES_RECEIVED.get(fields[0])
        return self._owners.get(fields[place]) if place is not None and place < len(fields) else None

    def _send_time(self, now_s: float, now: datetime) -> None:
        if self._time_asked_s is None or now_s - self._time_asked_s < _SILENT_AFTER_S:
            at_s = int(now.timestamp() + self._clock_ahead_s)
            self._send(self._encoded(["49", "1", str(at_s)]))

    def _has_details(self, key: str) -> bool:
        """Return whether everything that TWS sent about a contract is there."""
        return bool(self._details[key]) and self._details[key][-1][0] in ("52", "4")

    def _take_details(self, owner: list[str], fields: list[str]) -> None:
        key = _key(owner)
        self._details[key].append(fields)
        client_id = self._ids.get(owner[_ID_PLACES_SENT[_DETAILS]])
        if client_id is not None:
            self._send(self._encoded(fields))

    def _take_execution(self, fields: list[str], at_s: float) -> None:
        """Keep a list of executions for later requests, too; it is news whether or not it was requested."""
        self._listing.append(fields)
        if fields[0] in ("55", "4"):
            self._lists_open -= 1
            self._executions, self._listing = self._listing, []
        self._put(_Waiting(at_s, fields, ""))

    def _send_to(self, asker: list[str], sent: list[list[str]]) -> None:
        """Send the same messages with the id of this request."""
        number = asker[_ID_PLACES_SENT[asker[0]]]
        for fields in sent:
            place = _ID_PLACES_RECEIVED[fields[0]]
            self._send(_bytes_of([*fields[:place], number, *fields[place + 1 :]]))


def _bytes_of(fields: list[str]) -> bytes:
    # Non-ASCII characters arrived as TWS's own escapes.
    return framed("".join(f"{field}\0" for field in fields).encode())


def _key(fields: list[str]) -> str:
    """Return the kind of a request; of one for contract details all of its fields but the id."""
    if fields[0] != _DETAILS:
        return fields[0]
    return "|".join(field for place, field in enumerate(fields) if place != _ID_PLACES_SENT[_DETAILS])


def key_of(payload: bytes) -> str:
    """Return the same of a request's bytes."""
    return _key(fields_of(payload))
