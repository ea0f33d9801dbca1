"""The subject of each code of TWS's message 4, and the action taken. Pure.

The table is complete for the codes that IBKR publishes. An unpublished code is classified by its range and
shown to the trader, because it may be harmful.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from psf_monitor.ibkr.codes import message_code_list


class Subject(Enum):
    """The subject of a message of TWS."""

    HARMLESS = auto()
    """Something that is neither requested nor shown here."""
    DATA_FARM = auto()
    """IBKR's market data farms: their prices are not shown, but a farm that reconnects is a useful sign."""
    ACCOUNT = auto()
    """The trader's own account: urgent."""
    CONNECTION = auto()
    """This connection: client id, port, version, permissions, pacing, or TWS's own link to IBKR."""
    ORDER = auto()
    """An order or a contract."""
    UNKNOWN = auto()
    """Not published by IBKR."""


class CodeAction(Enum):
    """What is done about a code, besides logging it."""

    NONE = auto()
    REPORT = auto()
    """Shown to the trader until seen."""
    NOTICE = auto()
    """A line of the status line, each time."""
    CUT_OFF = auto()
    RESTORED = auto()
    FARM_BACK = auto()
    FARM_LOST = auto()
    CLIENT_ID_IN_USE = auto()
    REQUEST_REFUSED = auto()
    PORT_CHANGED = auto()


@dataclass(frozen=True, slots=True)
class MessageCode:
    """A code, what it is about in a few words of ours, and what follows."""

    code: int
    subject: Subject
    meaning: str
    action: CodeAction


_ACTIONS = {
    1100: CodeAction.CUT_OFF,
    2110: CodeAction.CUT_OFF,
    1101: CodeAction.RESTORED,
    1102: CodeAction.RESTORED,
    1300: CodeAction.PORT_CHANGED,
    321: CodeAction.REQUEST_REFUSED,
    326: CodeAction.CLIENT_ID_IN_USE,
    # It answers our own request for the details of a contract.
    200: CodeAction.NONE,
    **dict.fromkeys((2104, 2106, 2158), CodeAction.FARM_BACK),
    **dict.fromkeys((2103, 2105, 2157), CodeAction.FARM_LOST),
}
_DEFAULT_ACTIONS = {Subject.ACCOUNT: CodeAction.REPORT, Subject.ORDER: CodeAction.NOTICE}
_LISTS = {
    Subject.HARMLESS: message_code_list.HARMLESS,
    Subject.DATA_FARM: message_code_list.DATA_FARM,
    Subject.ACCOUNT: message_code_list.ACCOUNT,
    Subject.CONNECTION: message_code_list.CONNECTION,
    Subject.ORDER: message_code_list.ORDER,
}
_RANGES = (
    (range(2100, 2200), "a notice of TWS that IBKR does not publish"),
    (range(10000, 10401), "a message on an order or a request that IBKR does not publish"),
    (range(100, 600), "an error that IBKR does not publish"),
)

HOPELESS = frozenset({357, 503, 505, 506, 10283, 10285})
"""Refusals of the connection that last until a program is updated: trying again cannot help."""

PASSING = frozenset({504, 507, 10141})
"""Refusals of the connection that end when TWS has started, or when somebody clicks in it."""


NO_CODE = -(2**31)
"""Stands for the code of a message 4 whose code is no number, where ib_insync requires one."""


def code_or_none(code: int) -> int | None:
    """Return TWS's code, ``None`` if it is no number."""
    return None if code == NO_CODE else code


def message_code(code: int) -> MessageCode:
    """Return the subject and action of a code: as published, else by its range."""
    known = _TABLE.get(code)
    if known is not None:
        return known
    meaning = next((text for codes, text in _RANGES if code in codes), "a message that IBKR does not publish")
    return MessageCode(code, Subject.UNKNOWN, meaning, CodeAction.REPORT)


def _rows() -> Iterator[MessageCode]:
    for subject, lines in _LISTS.items():
        default = _DEFAULT_ACTIONS.get(subject, CodeAction.NONE)
        for line in lines.split("\n"):
            codes, _, meaning = line.partition("  ")
            for code in map(int, codes.split()):
                yield MessageCode(code, subject, meaning, _ACTIONS.get(code, default))


def _table() -> dict[int, MessageCode]:
    table: dict[int, MessageCode] = {}
    for row in _rows():
        if row.code in table:
            raise ValueError(f"message code {row.code} has two places")
        table[row.code] = row
    return table


_TABLE = _table()
