"""What is kept of the days: executions, what was held, and how long each day was watched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.fill import Fill
from psf_monitor.domain.market_hours import clock_text, new_york, session_of


@dataclass(frozen=True, slots=True)
class RecordedFill:
    """An execution in the file. ``first_seen_at`` is UTC.

    ``day`` is New York's, of the broker's time, or of first sight where the broker told none.
    """

    fill: Fill
    first_seen_at: datetime

    @property
    def day(self) -> date:
        return new_york(self.moment).date()

    @property
    def moment(self) -> datetime:
        """When it happened as far as is known, UTC."""
        return self.fill.at or self.first_seen_at


@dataclass(frozen=True, slots=True)
class Coverage:
    """On this New York day the broker's list of the account's executions was whole at these times, UTC.

    The list is of the whole day so far: what was traded up to ``last_at`` is kept, whenever we began.
    """

    day: date
    mode: AccountMode
    account: str
    first_at: datetime
    last_at: datetime


class SnapshotKind(StrEnum):
    """Why what is held was written down."""

    OPEN = "open"
    CLOSE = "close"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """One position in a snapshot.

    ``quantity`` in shares or contracts, short below 0. ``average_price`` and ``mark`` in ``currency`` of the
    contract, cost with commission and without the multiplier (IBKR); the mark is from HAMMER's quote and
    ``mark_state`` says what that was worth (LIVE, FROZEN, ..). ``stale_since`` is when the position itself
    stopped being current. ``None`` is what was not known.
    """

    account: str
    con_id: int
    symbol: str
    currency: str
    multiplier: float | None
    quantity: float
    average_price: float | None
    mark: float | None
    mark_state: str
    market_value: float | None
    unrealized_pnl: float | None
    stale_since: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one profile held at one moment, ``at`` in UTC.

    ``is_current``: the connection was up and everything loaded; else it is what was last known.
    ``values_as_of`` is set when the account values are older than the rest.
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
        """New York's."""
        return new_york(self.at).date()


@dataclass(frozen=True, slots=True)
class DayCount:
    """A New York day of which something is kept, and how much."""

    day: date
    fills: int
    snapshots: int


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """Everything that is kept of one New York day, oldest first."""

    day: date
    fills: tuple[Fill, ...]
    watched: tuple[Coverage, ...]
    snapshots: tuple[Snapshot, ...]


def gaps(watched: Iterable[Coverage], first: date, last: date, now: datetime) -> list[str]:
    """What may be missing of one account from ``first`` to ``last``, in sentences; days to come are none.

    A trading day counts as whole when the list was whole at or after the close of the regular session.
    """
    known = {each.day: each.last_at for each in watched}
    sentences: list[str] = []
    unwatched: list[date] = []
    day, today = first, new_york(now).date()
    while day <= min(last, today):
        session = session_of(day)
        # Today is not missing before it has begun.
        if session is not None and now >= session[0]:
            seen = known.get(day)
            if seen is None:
                unwatched.append(day)
            else:
                sentences += _nothing(unwatched)
                unwatched = []
                if seen < session[1]:
                    sentences.append(_partly(day, seen, session[1]))
        day += timedelta(days=1)
    return sentences + _nothing(unwatched)


def _nothing(days: Sequence[date]) -> list[str]:
    if not days:
        return []
    if len(days) == 1:
        return [f"Nothing was watched on {days[0]}."]
    return [f"Nothing was watched on {len(days)} trading days, {days[0]} to {days[-1]}."]


def _partly(day: date, seen: datetime, close: datetime) -> str:
    return f"{day} was watched until {clock_text(seen)} New York; the session ends at {clock_text(close)}."
