"""A recording as text: one line per message, with its time in New York and masked account numbers."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psf_monitor.formatting import mask_accounts, masked
from psf_monitor.recording.entry import Kind
from psf_monitor.recording.messages import Message, messages_of
from psf_monitor.recording.reader import Reader

_NEW_YORK = ZoneInfo("America/New_York")
_NUMBER = re.compile("[0-9]{1,9}")
_ARROWS = {
    Kind.RECEIVED: "<",
    Kind.SENT: ">",
    Kind.CONTROL_RECEIVED: "<",
    Kind.CONTROL_SENT: ">",
}
_OPCODES = {8: "close", 9: "ping", 10: "pong"}
"""RFC 6455."""
_ACCOUNT_KEYS = frozenset({"accountkey", "accountid", "account", "accountname", "acctid"})

RECEIVED_NAMES = {
    1: "tickPrice",
    2: "tickSize",
    3: "orderStatus",
    4: "error",
    5: "openOrder",
    6: "updateAccountValue",
    7: "updatePortfolio",
    8: "updateAccountTime",
    9: "nextValidId",
    10: "contractDetails",
    11: "execDetails",
    14: "updateNewsBulletin",
    15: "managedAccounts",
    18: "bondContractDetails",
    49: "currentTime",
    52: "contractDetailsEnd",
    53: "openOrderEnd",
    54: "accountDownloadEnd",
    55: "execDetailsEnd",
    59: "commissionReport",
    61: "position",
    62: "positionEnd",
    63: "accountSummary",
    64: "accountSummaryEnd",
    71: "positionMulti",
    72: "positionMultiEnd",
    73: "accountUpdateMulti",
    74: "accountUpdateMultiEnd",
    94: "pnl",
    95: "pnlSingle",
    101: "completedOrder",
    102: "completedOrdersEnd",
}
"""The messages that TWS sends, by number (TWS API)."""
SENT_NAMES = {
    6: "reqAccountUpdates",
    7: "reqExecutions",
    9: "reqContractDetails",
    16: "reqAllOpenOrders",
    17: "reqManagedAccts",
    49: "reqCurrentTime",
    61: "reqPositions",
    62: "reqAccountSummary",
    63: "cancelAccountSummary",
    64: "cancelPositions",
    71: "startApi",
    74: "reqPositionsMulti",
    75: "cancelPositionsMulti",
    76: "reqAccountUpdatesMulti",
    77: "cancelAccountUpdatesMulti",
    92: "reqPnL",
    93: "cancelPnL",
    94: "reqPnLSingle",
    95: "cancelPnLSingle",
}
"""The requests that this product may send, by number (TWS API)."""


def lines_of(reader: Reader, pattern: re.Pattern[str] | None = None) -> Iterator[str]:
    """Yield every message as a line; with ``pattern`` only matching lines."""
    for message in messages_of(reader):
        line = line_of(message)
        if pattern is None or pattern.search(line):
            yield line


def line_of(message: Message) -> str:
    """Return ``2026-09-18 14:26:00.123 GUN    < position 3|U••••821|..``, printable on a terminal."""
    link = _link(message)
    arrow = _ARROWS.get(Kind(message.kind), "*") if message.kind in list(Kind) else "?"
    what = _printable(mask_accounts(_what(message)))
    return f"{_moment(message.recorded.at)} {link:<6} {arrow} {what}"


def _link(message: Message) -> str:
    if message.checked is not None:
        return f"check {message.checked.short}"
    return "-" if message.mode is None else message.mode.short


def request_name(fields: list[str]) -> str:
    """Return the name of a request to TWS."""
    return _tws_name(fields, SENT_NAMES)


def _moment(at: datetime) -> str:
    there = at.astimezone(_NEW_YORK)
    return f"{there:%Y-%m-%d %H:%M:%S}.{there.microsecond // 1000:03}"


def _what(message: Message) -> str:
    match message.kind:
        case Kind.RECEIVED | Kind.SENT if not message.is_whole:
            return f"{len(message.payload)} bytes that make no whole message"
        case Kind.RECEIVED | Kind.SENT if message.is_tws:
            return _tws(message)
        case Kind.RECEIVED | Kind.SENT:
            return _hammer(message.payload)
        case Kind.CONTROL_RECEIVED | Kind.CONTROL_SENT:
            opcode = message.payload[0] if message.payload else 0
            return _OPCODES.get(opcode, f"control {opcode}")
        case Kind.END:
            return "end of the recording"
        case Kind.ACT:
            content = message.content
            act = content.pop("act", "?")
            return f"{act} {_facts(content)}".rstrip()
    name = Kind(message.kind).name.lower() if message.kind in list(Kind) else f"kind {message.kind}"
    return f"{name} {_facts(message.content)}".rstrip()


def _tws(message: Message) -> str:
    fields = message.fields
    if message.kind == Kind.SENT:
        is_greeting = re.fullmatch(r"v[0-9]+\.\.[0-9]+.*", fields[0])
        return f"versions {fields[0]}" if is_greeting else _named(fields, SENT_NAMES)
    if len(fields) == 2 and _NUMBER.fullmatch(fields[0]) and int(fields[0]) > 102:
        return f"version {'|'.join(fields)}"
    return _named(fields, RECEIVED_NAMES)


def _named(fields: list[str], names: dict[int, str]) -> str:
    return f"{_tws_name(fields, names)} {'|'.join(fields[1:])}".rstrip()


def _tws_name(fields: list[str], names: dict[int, str]) -> str:
    number = fields[0]
    is_known = _NUMBER.fullmatch(number) and int(number) in names
    return names[int(number)] if is_known else f"message {number}"


def _hammer(payload: bytes) -> str:
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return payload.decode("utf-8", "backslashreplace")
    if not isinstance(content, dict):
        return payload.decode("utf-8", "backslashreplace")
    command = content.pop("cmd", "?")
    return f"{command} {json.dumps(without_accounts(content), ensure_ascii=False)}"


def without_accounts(content: Any) -> Any:
    """Return the content with account numbers masked."""
    if isinstance(content, dict):
        return {
            key: masked(str(value))
            if str(key).lower() in _ACCOUNT_KEYS and isinstance(value, str | int)
            else without_accounts(value)
            for key, value in content.items()
        }
    return [without_accounts(each) for each in content] if isinstance(content, list) else content


def _facts(content: dict[str, Any]) -> str:
    return ", ".join(
        f"{key} {json.dumps(without_accounts(value)) if isinstance(value, dict | list) else value}"
        for key, value in content.items()
        if value not in ("", {}, [])
    )


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
