"""Count the messages of TWS that could not be read and are therefore missing in what is shown."""

import logging
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ib_insync.util import UNSET_DOUBLE

from psf_monitor.domain.account import is_account_id
from psf_monitor.ibkr import errors, integer_fields, parsing
from psf_monitor.ibkr.orders.record_fields import UNREAD, NotSetError, whole_number
from psf_monitor.problem import Problem

_log = logging.getLogger(__name__)

_NOTHING = str(UNSET_DOUBLE)

EXECUTION_FIGURE, POSITION_FIGURE = "figure of an execution", "figure of a position"
STATUS_FIGURE, COMMISSION_FIGURE = "figure of an order status", "figure of a commission"
"""The kinds of figures that are written and are no numbers, in messages that are read otherwise."""

ORDER_PART = "part of an open order"
"""The kind of an order whose message is read up to a count that is none."""
OPEN_ORDERS = ("open order", ORDER_PART, "order status", STATUS_FIGURE)
EXECUTIONS = ("execution", "commission", EXECUTION_FIGURE, COMMISSION_FIGURE)
POSITIONS = ("position", POSITION_FIGURE)
"""The kinds that TWS sends again with every requested list."""
TWS_TIME = "time of TWS"
LISTING = "listing of a contract"

_KINDS = {
    3: "order status",
    4: "notice of TWS",
    5: "open order",
    6: "account value",
    9: "request id",
    11: "execution",
    15: "list of accounts",
    59: "commission",
    61: "position",
    63: "account value",
    71: "position",
    73: "account value",
    **dict.fromkeys((53, 55, 62, 64, 72, 74), "end of a list"),
}
"""Incoming message ids of the TWS API whose loss leaves a gap in what is shown."""

_KINDS_BY_METHOD = {
    "orderStatus": _KINDS[3],
    "updateAccountValue": _KINDS[6],
    "nextValidId": _KINDS[9],
    "managedAccounts": _KINDS[15],
    "accountSummary": _KINDS[63],
    "accountUpdateMulti": _KINDS[73],
    **dict.fromkeys(
        (
            "openOrderEnd",
            "execDetailsEnd",
            "positionEnd",
            "accountSummaryEnd",
            "positionMultiEnd",
            "accountUpdateMultiEnd",
        ),
        "end of a list",
    ),
}
"""ib_insync names some messages by the method that handles them."""

_UNKNOWN = "unknown message"


class UnreadableLog(logging.LoggerAdapter[logging.Logger]):
    """Replaces ib_insync's logger of messages that it could not decode and then ignores.

    The first message of each kind is logged with its trace. Messages without relevant content, such as prices
    or headlines, are not reported. The notes of an exception name what is lost.
    """

    def __init__(self, known_ids: Collection[int], report: Callable[..., None], link_name: str = "") -> None:
        super().__init__(_log, {"link": link_name})
        self._known_ids = known_ids
        self._report = report
        self._traced: set[str] = set()

    def exception(self, msg: object, *_args: object, **_kwargs: Any) -> None:
        kind, which = self._kind(str(msg))
        if which not in self._traced:
            self._traced.add(which)
            level = logging.ERROR if kind else logging.INFO
            super().log(
                level,
                "a TWS message (%s, %s) could not be read",
                kind or "not ours",
                which,
                exc_info=bool(kind),
            )
        if kind:
            self._report(kind, *getattr(sys.exception(), "__notes__", ()))

    def _kind(self, msg: str) -> tuple[str, str]:
        """Return what is missing with the message, empty if nothing, and its id or ib_insync's name for it.

        The text holds all fields of the message, account numbers too; nothing else of it is passed on.
        """
        method = msg.removeprefix("Error for ").removesuffix(":")
        if method != msg:
            return _KINDS_BY_METHOD.get(method, ""), method
        head = msg.partition("['")[2].partition("'")[0]
        number = int(head) if re.fullmatch("[0-9]{1,9}", head) else 0
        if number in self._known_ids:
            return _KINDS.get(number, ""), f"id {number}"
        return _UNKNOWN, f"id {head[:8]}" if head.isascii() and head.isalnum() else "no id"


class UnreadableMessages:
    """Counts them by kind and reports the problem about them, ``None`` if there is none.

    A kind that is repeated with every list is counted in the last complete list and since.
    """

    def __init__(self, report: Callable[[Problem | None], None]) -> None:
        self._report = report
        # By kind: how often, by the name of what is unreadable, empty for a whole message.
        self._counts: dict[str, Counter[str]] = {}
        self._in_list: dict[str, Counter[str]] = {}

    def list_begins(self, kinds: Collection[str]) -> None:
        """Record that a list of these was requested."""
        self._in_list.update({kind: Counter() for kind in kinds})

    def list_ends(self, kinds: Collection[str], *, is_whole: bool) -> None:
        """Record that the list has arrived, or will not arrive."""
        for kind in kinds:
            count = self._in_list.pop(kind, None)
            if is_whole and count is not None:
                self._set(kind, count)

    @contextmanager
    def list_of(self, kinds: Collection[str]) -> Iterator[None]:
        """Await a list of these in this context; an exception means that it did not arrive."""
        self.list_begins(kinds)
        try:
            yield
        except BaseException:
            self.list_ends(kinds, is_whole=False)
            raise
        self.list_ends(kinds, is_whole=True)

    def add(self, kind: str, *names: str) -> None:
        """Count one message of this kind that could not be read, or the figures of it with these names."""
        found = Counter(names or ("",))
        if kind in self._in_list:
            self._in_list[kind] += found
        else:
            self._set(kind, self._counts.get(kind, Counter()) + found)

    def add_figures(self, kind: str, names: Collection[str]) -> None:
        """Count the figures with these names, if there are any."""
        if names:
            self.add(kind, *names)

    def _set(self, kind: str, found: Counter[str]) -> None:
        if found == self._counts.get(kind, Counter()):
            return
        self._counts[kind] = found
        counts = ", ".join(_counted(found, kind) for kind, found in self._counts.items() if found)
        self._report(errors.unreadable(counts) if counts else None)


_SEVERAL = {
    "order status": "order statuses",
    "notice of TWS": "notices of TWS",
    "list of accounts": "lists of accounts",
    "end of a list": "ends of lists",
    LISTING: "listings of contracts",
    TWS_TIME: "times of TWS",
    ORDER_PART: "parts of open orders",
    EXECUTION_FIGURE: "figures of executions",
    POSITION_FIGURE: "figures of positions",
    STATUS_FIGURE: "figures of order statuses",
    COMMISSION_FIGURE: "figures of commissions",
}
_MOST_NAMED = 5


def _counted(found: Counter[str], kind: str) -> str:
    count, names = found.total(), sorted(filter(None, found))
    named = f" ({', '.join(names)})" if 0 < len(names) <= _MOST_NAMED else ""
    return f"{count:,} {kind if count == 1 else _SEVERAL.get(kind, f'{kind}s')}{named}"


def make_readable(fields: list[str], places: Mapping[int, str], of: str = "") -> list[str]:
    """Replace unset or non-numeric fields so that ib_insync reads them as unset; return the names of those
    that are written and are no numbers, each with what it is a figure ``of``.

    ib_insync turns an empty figure into 0, loses the whole message with one that it cannot read, and reads
    ``nan`` and ``1_000``.
    """
    unreadable = []
    for place, name in places.items():
        if parsing.number(fields[place]) is None:
            if parsing.is_no_number(fields[place]):
                unreadable.append(f"{name} of {of}")
            fields[place] = _NOTHING
    return unreadable


_EXECUTION_ID, _EXECUTION_ACCOUNT = 14, 16
_EXECUTION_FIGURES = {19: "shares", 20: "price", 24: "filled", 25: "average price"}
"""The figures of an execution, and of everything that its order filled."""
_EXECUTION_TERMS = {9: "multiplier"}
_EXECUTION_IDS = {
    1: integer_fields.IntegerField("request id"),
    2: integer_fields.ORDER_ID,
    3: integer_fields.CONTRACT_ID,
    21: integer_fields.PERM_ID,
    22: integer_fields.CLIENT_ID,
    23: integer_fields.IntegerField("liquidation"),
    30: integer_fields.IntegerField("liquidity"),
}
_EXECUTION_NOT_SHOWN = {7: "strike", 28: "multiplier of the economic value"}
_COMMISSION_FIGURES = {3: "commission", 5: "realized P&L"}
_COMMISSION_OF, _REALIZED, _COMMISSION_FIELDS = 2, 5, 8
_CONTRACT_ID, _NAME, _KIND, _STRIKE, _MULTIPLIER, _LOCAL_NAME, _QUANTITY, _COST = 1, 2, 3, 5, 7, 10, 12, 13
"""Where a position's message has them, counted from its account."""


def execution_figures(fields: list[str]) -> list[str]:
    """Make the ids and figures of message 11 readable as ``normalize_integers`` and ``make_readable`` do.

    Raises ``ValueError`` if an id is no number, and the other fields are not in their places.
    """
    of = fields[_EXECUTION_ID]
    no_ids = integer_fields.normalize_integers(fields, _EXECUTION_IDS)
    if no_ids and not is_account_id(fields[_EXECUTION_ACCOUNT]):
        raise ValueError("the fields of an execution are not in their places")
    make_readable(fields, _EXECUTION_NOT_SHOWN)
    no_terms = _no_numbers(fields, _EXECUTION_TERMS, of)
    return [
        *(f"{name} of {of}" for name in no_ids),
        *no_terms,
        *make_readable(fields, _EXECUTION_FIGURES, of),
    ]


def commission_figures(fields: list[str]) -> list[str]:
    """Return which figures of message 59 are no numbers or cut off, and make it whole.

    Raises ``ValueError`` if it names no execution.
    """
    if len(fields) <= _COMMISSION_OF or not fields[_COMMISSION_OF].strip():
        raise ValueError("the commission names no execution")
    of, length = f"execution {fields[_COMMISSION_OF]}", len(fields)
    fields += [""] * (_COMMISSION_FIELDS - length)
    # Empty would say that nothing was closed.
    fields[_REALIZED] = fields[_REALIZED] if length > _REALIZED else UNREAD
    cut_off = [f"{name} of {of}" for place, name in _COMMISSION_FIGURES.items() if place >= length]
    return [*dict.fromkeys([*_no_numbers(fields, _COMMISSION_FIGURES, of), *cut_off])]


def position_figures(fields: list[str], account: int) -> list[str]:
    """Make the figures of message 61 or 71, and the id of its contract, readable as ``make_readable`` does;
    ``account`` is the field of its account.

    Raises ``ValueError`` if the id is no number, and the other fields are not in their places.
    """
    name = fields[account + _LOCAL_NAME] or fields[account + _NAME]
    no_ids = integer_fields.normalize_integers(fields, {account + _CONTRACT_ID: integer_fields.CONTRACT_ID})
    if no_ids and not (is_account_id(fields[account]) and parsing.is_no_number(fields[account + _KIND])):
        raise ValueError("the fields of a position are not in their places")
    # It is not shown.
    make_readable(fields, {account + _STRIKE: ""})
    figures = {account + _QUANTITY: "quantity", account + _COST: "average cost"}
    no_terms = _no_numbers(fields, {account + _MULTIPLIER: "multiplier"}, name)
    return [*(f"{each} of {name}" for each in no_ids), *no_terms, *make_readable(fields, figures, name)]


def _no_numbers(fields: list[str], places: Mapping[int, str], of: str) -> list[str]:
    return [f"{name} of {of}" for place, name in places.items() if parsing.is_no_number(fields[place])]


def mark_unread(fields: list[str], *places: int) -> None:
    """Replace unset figures as ``make_readable`` does, and by ``UNREAD`` what is written and is no number."""
    for place in places:
        if parsing.number(fields[place]) is None:
            fields[place] = UNREAD if parsing.is_no_number(fields[place]) else _NOTHING


def unescaping(interpret: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
    """Return an interpreter of messages that first decodes TWS's escaped letters (\\u00e9)."""

    def interpret_letters(fields: list[str]) -> None:
        is_escaped = "\\u" in "\0".join(fields)
        interpret([errors.letters(each) for each in fields] if is_escaped else fields)

    return interpret_letters


def time_reader(
    read: Callable[[list[str]], None], report: Callable[[str], None]
) -> Callable[[list[str]], None]:
    """Return a reader of message 49 that takes each for an answer, whatever stands in it.

    A time that is none is read as 1970, which moves no clock; the first of them is reported.
    """
    has_reported = False

    def read_time(fields: list[str]) -> None:
        nonlocal has_reported
        text = fields[_TIME] if len(fields) > _TIME else "cut off"
        seconds = parsing.number(text)
        is_time = seconds is not None and 0 <= seconds <= _LAST_TIME
        if not is_time and not parsing.is_unset(text) and not has_reported:
            has_reported = True
            report(TWS_TIME)
        read([*_TIME_HEAD, str(int(seconds or 0)) if is_time else "0"])

    return read_time


def message_reader(ib: Any) -> Callable[[bytes], None]:
    """Return a reader of TWS's whole messages that finishes the handshake whatever stands in it.

    Until then ib_insync reads the first request id (message 9) and the accounts (message 15) by itself, and
    never gets past one in another form. An id that is none is read as 1: no order is given one.
    """

    def report(kind: str) -> None:
        _log.warning("a TWS message of the handshake (%s) could not be read", kind)
        ib.unreadableEvent.emit(kind)

    def read(messages: bytes) -> None:
        client = ib.client
        if client.isReady() or not client.serverVersion():
            client._onSocketHasData(messages)
            return
        at = 0
        while at < len(messages):
            begin = at + _LENGTH
            at = begin + int.from_bytes(messages[at:begin], "big")
            if fields := _of_handshake(messages[begin:at].split(b"\0")[:-1], report):
                message = b"".join(field + b"\0" for field in fields)
                client._onSocketHasData(len(message).to_bytes(_LENGTH, "big") + message)

    return read


def _of_handshake(fields: list[bytes], report: Callable[[str], None]) -> list[bytes]:
    """Return a message as ib_insync reads it, empty if that is impossible."""
    kind, _, text, *_ = *fields, *[b""] * 3
    if kind == _FIRST_ID:
        try:
            return [kind, b"1", b"%d" % whole_number(text.decode("latin-1"))]
        except ValueError as error:
            if not isinstance(error, NotSetError):
                report(_KINDS[9])
            return [kind, b"1", b"1"]
    if kind == _ACCOUNTS:
        return [kind, b"1", b",".join(name.strip() for name in text.split(b","))]
    if not kind.isdigit():
        report(_UNKNOWN)
    return fields if kind.isdigit() else []


_LENGTH, _FIRST_ID, _ACCOUNTS = 4, b"9", b"15"
_TIME, _TIME_HEAD, _LAST_TIME = 2, ("49", "1"), 2**32
"""Where message 49 has the seconds since 1970, what stands before them, and the most that is a time."""
