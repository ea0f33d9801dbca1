"""What is known of a contract's day, as records."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct, field

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.day_pnl import NOTHING_TRADED, DayTraded, OpenQuantity
from psf_monitor.domain.fills.coverage import Span
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.position import PositionKey


class DayKnown(Struct, frozen=True):
    """What is known of one contract's day in one account; ``why`` says why there is no opening quantity."""

    opening: OpenQuantity | None
    traded: DayTraded = NOTHING_TRADED
    why: str = ""


NOTHING_OF_TODAY = DayKnown(None)


class DayNews(Struct):
    """The contracts, and the profiles with all their positions, whose day has changed."""

    positions: set[PositionKey] = field(default_factory=set)
    modes: set[AccountMode] = field(default_factory=set)


class Closed(NamedTuple):
    """A contract that is no longer held, and what is known of its day."""

    mode: AccountMode
    key: PositionKey
    instrument: Instrument
    known: DayKnown


class RecordedOpen(Struct, frozen=True):
    """What a login held at the open, over all its ``accounts``."""

    at: datetime
    accounts: frozenset[str]
    quantities: dict[PositionKey, float | None]


class OpeningSource(Struct, frozen=True):
    """What the opening quantities of one profile are derived from; ``why`` says why executions are
    unknown.
    """

    why: str
    unlisted: tuple[Span, ...]
    recorded: RecordedOpen | None
    unexplained: frozenset[PositionKey]

    @property
    def at_open(self) -> tuple[object, ...]:
        """Everything that the opening quantity of every contract depends on."""
        return self.why, self.unlisted, self.recorded
