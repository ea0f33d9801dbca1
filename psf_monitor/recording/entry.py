"""One thing that was recorded: bytes of a line, its begin and end, or what the trader did."""

from enum import IntEnum
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode


class Kind(IntEnum):
    """What an entry is. The numbers stand in the files."""

    RECEIVED = 1
    """From TWS: bytes as the socket gave them, cut anywhere. From HAMMER: one WebSocket text."""
    SENT = 2
    """One whole request of ours."""
    CONTROL_RECEIVED = 3
    """A WebSocket control frame (RFC 6455): its opcode in one byte, then its payload."""
    CONTROL_SENT = 4
    OPENED = 5
    """A line is open; JSON: ``endpoint``, and ``client_id`` for TWS."""
    CLOSED = 6
    """It has ended; JSON: ``by`` is ``us`` or ``far side``, ``why`` the system's text."""
    FAILED = 7
    """An attempt, or a connection that was up, ended unasked; JSON: ``why``, as psf_monitor's text."""
    ACT = 8
    """What the trader or the reconnect loop did; JSON: ``act`` and its facts."""
    GAP = 9
    """Something is missing here; JSON: ``why``, and ``entries`` where their number is known."""
    END = 10
    """The recording was ended in good order."""


LINKS: dict[AccountMode, int] = {
    AccountMode.IBKR_GUN: 1,
    AccountMode.IBKR_PED: 2,
    AccountMode.HAMMER_PRO: 3,
}
"""The numbers of the connections in the files; 0 is none of them."""
CHECKS: dict[AccountMode, int] = {mode: number + len(LINKS) for mode, number in LINKS.items()}
"""The numbers of the lines that a connection test makes beside them."""
MODES = {number: mode for mode, number in LINKS.items()}
CHECK_MODES = {number: mode for mode, number in CHECKS.items()}
TWS_LINKS = frozenset(
    number for number, mode in (*MODES.items(), *CHECK_MODES.items()) if mode is not AccountMode.HAMMER_PRO
)
"""Those at whose other end a TWS is, of a connection or of a connection test."""


class Entry(NamedTuple):
    """One entry; ``at_ns`` is monotonic. Lines are counted over a recording from 1, 0 is none of them."""

    at_ns: int
    kind: int
    link: int
    line: int
    data: bytes
