"""What is known of a contract's day, as records."""

from typing import NamedTuple

from msgspec import Struct, field

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.day_pnl import NOTHING_TRADED, DayTraded, OpenQuantity
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
