"""What can be wrong with a simulated TWS; each fault is set by a test."""

from dataclasses import dataclass, field
from enum import Enum, auto

from psf_monitor.sim.tws.framing import Field

Message = list[Field]
READ_ONLY_TEXT = "Error validating request.-'bD' : cause - The API interface is currently in Read-Only mode."


class HangUp(Enum):
    """Where in the handshake a connection is ended by TWS."""

    ON_ACCEPT = auto()
    AFTER_GREETING = auto()
    AFTER_VERSION = auto()
    AFTER_START = auto()
    BEFORE_NEXT_ID = auto()
    AFTER_NEXT_ID = auto()
    """In the same segment as the handshake's last message."""


class Cut(Enum):
    """How the stream of messages is split into TCP segments."""

    MESSAGES = auto()
    BYTES = auto()
    CHUNKS = auto()
    GLUED = auto()


@dataclass(slots=True)
class Faults:
    """How a TWS misbehaves; all of it may change at any time, for every connection.

    ``silent``: a connection is accepted and never answered. ``muted``: nothing leaves any more, the line
    stays open. ``hangs_up``: every handshake ends there. ``read_only``: the requests of
    ``read_only_refuses`` get error 321 and no end marker. ``unanswered``: ids of requests that get no answer.
    ``withheld``: ids of messages that are never sent, an end marker or 9 or 15. ``lists_closed``: the list of
    positions has a row of quantity 0 for each that was closed today. ``cut``: one segment for each message,
    for each byte, for chunks of any size, or for all that one turn of the loop brought.

    ``greetings``: code and sentence of notices that come first after the handshake. ``farms_ok``: the notices
    of healthy data farms follow them. ``parting``: code and sentence said before a ``hangs_up``.
    ``read_only_text``: how the refusal of ``read_only`` reads. ``clock_ahead_s``: what its clock is ahead.
    ``not_ready``: accounts whose values are called not ready, and are 0. ``models``: for an account, its
    model portfolios and the part of its values and positions in each.

    ``quantity_text``: how the quantity of a position is sent, by local symbol: empty for one that is not
    set, or in another of TWS's spellings of that. ``also_listed``: messages that every list of orders holds
    beside its orders, such as one that no client can read.
    """

    silent: bool = False
    muted: bool = False
    hangs_up: HangUp | None = None
    read_only: bool = False
    read_only_refuses: set[int] = field(default_factory=lambda: {5, 99})
    unanswered: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)
    lists_closed: bool = False
    cut: Cut = Cut.MESSAGES
    greetings: list[tuple[int, str]] = field(default_factory=list)
    farms_ok: bool = True
    parting: tuple[int, str] | None = None
    read_only_text: str = READ_ONLY_TEXT
    clock_ahead_s: float = 0.0
    not_ready: set[str] = field(default_factory=set)
    models: dict[str, dict[str, float]] = field(default_factory=dict)
    quantity_text: dict[str, str] = field(default_factory=dict)
    also_listed: list[Message] = field(default_factory=list)
