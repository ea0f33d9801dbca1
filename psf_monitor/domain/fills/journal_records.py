"""The journal's records: executions, snapshots of positions, and points of the day's P&L."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.fills.coverage import Coverage
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.market_hours import new_york
from psf_monitor.domain.position import PositionKey


@dataclass(frozen=True, slots=True)
class RecordedFill:
    """An execution in the journal's file; ``first_seen_at`` is UTC.

    ``day`` is the trade date, ``None`` if the broker sent no time: such an execution belongs to no day.
    """

    fill: Fill
    first_seen_at: datetime

    @property
    def day(self) -> date | None:
        return self.fill.trade_date

    @property
    def moment(self) -> datetime:
        """When it happened, or was first seen if that is unknown; UTC."""
        return self.fill.at or self.first_seen_at


@dataclass(frozen=True, slots=True)
class AccountRemark:
    """What an export lacks of one account; ``account`` is its id, empty if the journal has no account."""

    account: str
    text: str

    def sentence(self, written: Callable[[str], str] = str) -> str:
        """Return the text behind the account; ``written`` makes the text of its id."""
        return f"{written(self.account) if self.account else 'No account is in the journal'}: {self.text}"


class SnapshotKind(StrEnum):
    """Why a snapshot was taken."""

    OPEN = "open"
    CLOSE = "close"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """One position in a snapshot.

    ``quantity`` is in shares or contracts, negative for short. ``average_price`` and ``mark`` are in the
    ``currency`` of the contract; the cost includes commission and excludes the multiplier (IBKR). The mark
    comes from HAMMER's quote, and ``mark_state`` is that quote's state (LIVE, FROZEN, ..). ``stale_since`` is
    when the position itself stopped being current. ``None`` was not known. Without ``con_id``, ``symbol`` is
    all that identifies it.
    """

    account: str
    con_id: int
    symbol: str
    currency: str
    multiplier: float | None
    quantity: float | None
    average_price: float | None
    mark: float | None
    mark_state: str
    market_value: float | None
    unrealized_pnl: float | None
    stale_since: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one profile held at one moment, ``at`` in UTC.

    ``is_current``: the connection was up and everything had loaded; otherwise this is what was last known.
    ``values_as_of`` is set if the account values are older than the rest.
    """

    at: datetime
    kind: SnapshotKind
    mode: AccountMode
    is_current: bool
    positions: tuple[HeldPosition, ...]
    values: tuple[AccountSummary, ...]
    values_as_of: datetime | None = None

    @property
    def day(self) -> date:
        """The date in New York."""
        return new_york(self.at).date()


class DayPoint(NamedTuple):
    """A login's day P&L at this minute, UTC; a ``mode`` of ``None`` means all IBKR logins together."""

    at: datetime
    mode: AccountMode | None
    day_pnl: float


class PositionPoint(NamedTuple):
    """The day P&L of a position of profile ``mode`` at a minute of ``day``, counted from New York's
    midnight.
    """

    day: date
    minute: int
    mode: AccountMode
    key: PositionKey
    day_pnl: float


class DayLine(NamedTuple):
    """A position's day P&L for each minute since New York's midnight; ``nan`` where it was not known."""

    day: date
    key: PositionKey
    day_pnl: Sequence[float]


class DayCount(NamedTuple):
    """A New York day on which something was recorded, and how much."""

    day: date
    fills: int
    snapshots: int


class RecordedDay(NamedTuple):
    """Everything recorded for one New York day, oldest first."""

    day: date
    fills: tuple[Fill, ...]
    coverage: tuple[Coverage, ...]
    snapshots: tuple[Snapshot, ...]
    points: tuple[DayPoint, ...] = ()
    lines: tuple[DayLine, ...] = ()


class DayPage(NamedTuple):
    """A page of the ``fill_count`` executions of one New York day, newest first, and the day's coverage."""

    day: date
    fill_count: int
    coverage: tuple[Coverage, ...]
    fills: tuple[Fill, ...]
