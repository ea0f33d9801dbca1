"""Count the messages of TWS that could not be read and are therefore missing in what is shown."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from ib_insync.util import UNSET_DOUBLE

from psf_monitor.ibkr import errors, parsing
from psf_monitor.ibkr.orders.record_fields import whole_number
from psf_monitor.problem import Problem

_log = logging.getLogger(__name__)

_NOTHING = str(UNSET_DOUBLE)
UNREAD = "nan"
"""Stands for a price that is no number in an order of ib_insync."""

OPEN_ORDERS = ("open order",)
EXECUTIONS = ("execution", "commission")
POSITIONS = ("position",)
"""The kinds that TWS sends again with every requested list."""


_KINDS = {
    3: "order status",
    4: "notice of TWS",
    5: "open order",
    6: "account value",
    9: "request id",
    11: "execution",
    15: "list of accounts",
    53: "end of a list",
    55: "end of a list",
    59: "commission",
    61: "position",
    62: "end of a list",
    63: "account value",
    64: "end of a list",
    71: "position",
    72: "end of a list",
    73: "account value",
    74: "end of a list",
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
    or headlines, are not reported.
    """

    def __init__(self, known_ids: Collection[int], report: Callable[[str], None]) -> None:
        super().__init__(_log)
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
            self._report(kind)

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
        self._counts: Counter[str] = Counter()
        self._in_list: dict[str, int] = {}

    def list_begins(self, kinds: Collection[str]) -> None:
        """Note that a list of these was requested."""
        self._in_list.update(dict.fromkeys(kinds, 0))

    def list_ends(self, kinds: Collection[str], *, is_whole: bool) -> None:
        """Note that the list has arrived, or will not arrive."""
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

    def add(self, kind: str) -> None:
        """Count one message of this kind that could not be read."""
        if kind in self._in_list:
            self._in_list[kind] += 1
        else:
            self._set(kind, self._counts[kind] + 1)

    def _set(self, kind: str, count: int) -> None:
        if count == self._counts[kind]:
            return
        self._counts[kind] = count
        counts = ", ".join(_counted(count, kind) for kind, count in self._counts.items() if count)
        self._report(errors.unreadable(counts) if counts else None)


_SEVERAL = {
    "order status": "order statuses",
    "notice of TWS": "notices of TWS",
    "list of accounts": "lists of accounts",
    "end of a list": "ends of lists",
}


def _counted(count: int, kind: str) -> str:
    return f"{count} {kind if count == 1 else _SEVERAL.get(kind, f'{kind}s')}"


def make_readable(fields: list[str], *places: int) -> None:
    """Replace unset or non-numeric fields so that ib_insync reads them as unset.

    It turns an empty figure into 0, and loses the whole message with one that it cannot read.
    """
    for place in places:
        if parsing.number(fields[place]) is None:
            fields[place] = _NOTHING


def mark_unread(fields: list[str], *places: int) -> None:
    """Replace unset prices as ``make_readable`` does, and by ``UNREAD`` what is written and is no number."""
    for place in places:
        is_written = bool(fields[place].strip())
        try:
            float(fields[place])
        except ValueError:
            fields[place] = UNREAD if is_written else _NOTHING
        else:
            make_readable(fields, place)


def unescaping(interpret: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
    """Return an interpreter of messages that first decodes TWS's escaped letters (\\u00e9)."""

    def interpret_letters(fields: list[str]) -> None:
        is_escaped = "\\u" in "\0".join(fields)
        interpret([errors.letters(each) for each in fields] if is_escaped else fields)

    return interpret_letters


def notice_reader(read: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
    """Return a reader of message 4 that loses no sentence of TWS because of the numbers beside it.

    An id that is none is of no order; a missing last field (advancedOrderRejectJson) is empty.
    """

    def read_notice(fields: list[str]) -> None:
        if len(fields) >= _NOTICE_FIELDS - 1:
            fields[_NOTICE_ID] = _id_or_none(fields[_NOTICE_ID])
            fields[_NOTICE_CODE] = str(whole_number(fields[_NOTICE_CODE]))
            fields[_NOTICE_TEXT] = errors.letters(fields[_NOTICE_TEXT])
            fields += [""] * (_NOTICE_FIELDS - len(fields))
        read(fields)

    return read_notice


_NOTICE_ID, _NOTICE_CODE, _NOTICE_TEXT, _NOTICE_FIELDS = 2, 3, 4, 6
"""Where message 4 has id, code and text, and how many fields it has from version 166 on."""


def _id_or_none(text: str) -> str:
    try:
        return str(whole_number(text))
    except ValueError:
        return "-1"
