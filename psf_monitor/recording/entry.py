"""One recorded entry: data of a line, its beginning and end, or an action of the trader."""

from enum import IntEnum
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode


class Kind(IntEnum):
    """The kind of an entry; the files contain these numbers."""

    RECEIVED = 1
    """From TWS: bytes as the socket delivered them, split anywhere. From HAMMER: one WebSocket text."""
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
    """An attempt failed, or a connection was lost; JSON: ``why``, with psf_monitor's text."""
    ACT = 8
    """An action of the trader or the reconnect loop; JSON: ``act`` and its details."""
    GAP = 9
    """Something is missing here; JSON: ``why``, and ``entries`` if their number is known."""
    END = 10
    """The recording was ended regularly."""


LINKS: dict[AccountMode, int] = {
    AccountMode.IBKR_GUN: 1,
    AccountMode.IBKR_PED: 2,
    AccountMode.HAMMER_PRO: 3,
}
"""The numbers of the connections in the files; 0 stands for none."""
CHECKS: dict[AccountMode, int] = {mode: number + len(LINKS) for mode, number in LINKS.items()}
"""The numbers of the lines that a connection test opens beside them."""
MODES = {number: mode for mode, number in LINKS.items()}
CHECK_MODES = {number: mode for mode, number in CHECKS.items()}
TWS_LINKS = frozenset(
    number for number, mode in (*MODES.items(), *CHECK_MODES.items()) if mode is not AccountMode.HAMMER_PRO
)
"""The numbers of lines to a TWS, of connections and connection tests."""


class Entry(NamedTuple):
    """One entry; ``at_ns`` is monotonic. Lines are numbered over a recording from 1; 0 stands for none."""

    at_ns: int
    kind: int
    link: int
    line: int
    data: bytes
