"""What all connections to one simulated TWS share: its login, its faults, and what it was asked."""

from dataclasses import dataclass, field
from enum import Enum, auto

from psf_monitor.sim.market.market import Market


class HangUp(Enum):
    """Where in the handshake a connection is ended by TWS."""

    ON_ACCEPT = auto()
    AFTER_GREETING = auto()
    AFTER_VERSION = auto()
    AFTER_START = auto()
    BEFORE_NEXT_ID = auto()
    AFTER_NEXT_ID = auto()
    """In the same breath as the handshake's last message."""


class Cut(Enum):
    """How the stream of messages is cut into TCP segments."""

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


@dataclass(slots=True)
class Login:
    """One TWS. ``client_ids`` are those connected now.

    ``received`` and ``refused`` are (client id, request id) in the order of arrival.
    """

    market: Market
    accounts: tuple[str, ...]
    max_version: int
    master_client_id: int | None
    refused_client_ids: frozenset[int]
    faults: Faults = field(default_factory=Faults)
    client_ids: set[int] = field(default_factory=set)
    received: list[tuple[int, int]] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
