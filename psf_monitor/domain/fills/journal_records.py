"""What is kept of the days: executions, what was held, and how long each day was watched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.trade_date import DAY_ENDS
from psf_monitor.domain.market_hours import NEW_YORK, clock_text, new_york, session_of
from psf_monitor.domain.position import PositionKey


@dataclass(frozen=True, slots=True)
class RecordedFill:
    """An execution in the file. ``first_seen_at`` is UTC.

    ``day`` is the trade date, ``None`` where the broker sent no time: that is no day's, least of all today's.
    """

    fill: Fill
    first_seen_at: datetime

    @property
    def day(self) -> date | None:
        return self.fill.trade_date

    @property
    def moment(self) -> datetime:
        """When it happened as far as is known, UTC."""
        return self.fill.at or self.first_seen_at


class Span(NamedTuple):
    """From one moment to another, UTC."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """On this New York day the broker's list of the account's executions was whole at these times, UTC.

    ``spans`` are the times of which everything is kept that was traded; none: the whole day up to
    ``last_at``, whenever we began.
    """

    day: date
    mode: AccountMode
    account: str
    first_at: datetime
    last_at: datetime
    spans: tuple[Span, ...] = ()


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time in as few spans as it takes, earliest first."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1].end:
            found[-1] = Span(found[-1].begin, max(found[-1].end, end))
        elif begin < end:
            found.append(Span(begin, end))
    return tuple(found)


def gaps_in(spans: Iterable[Span], whole: Span) -> tuple[Span, ...]:
    """Return the time of ``whole`` that none of these covers."""
    found: list[Span] = []
    at = whole.begin
    for begin, end in merged(spans):
        if begin > at:
            found.append(Span(at, min(begin, whole.end)))
        at = max(at, end)
        if at >= whole.end:
            return tuple(found)
    return (*found, Span(at, whole.end))


def day_begin(day: date) -> datetime:
    """New York's midnight, in UTC."""
    return datetime.combine(day, time(), NEW_YORK).astimezone(UTC)


def evening_before(day: date) -> Span | None:
    """Return the time of the evening before whose executions IBKR books on ``day``; ``None`` where none are.

    It is the begin of the overnight session of US shares, from 20:00 New York to midnight.
    """
    eve = datetime.combine(day - timedelta(days=1), DAY_ENDS, NEW_YORK).astimezone(UTC)
    return Span(eve, day_begin(day)) if session_of(day) is not None else None


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


class DayPoint(NamedTuple):
    """What a login had earned today at this minute, UTC; ``mode`` of ``None``: all IBKR logins together."""

    at: datetime
    mode: AccountMode | None
    day_pnl: float


class PositionPoint(NamedTuple):
    """What a position of profile ``mode`` had earned at a minute of ``day``, since New York's midnight."""

    day: date
    minute: int
    mode: AccountMode
    key: PositionKey
    day_pnl: float


class DayLine(NamedTuple):
    """A position's P&L of a day by minutes since New York's midnight; ``nan`` where it was not known."""

    day: date
    key: PositionKey
    day_pnl: Sequence[float]


class DayCount(NamedTuple):
    """A New York day of which something is kept, and how much."""

    day: date
    fills: int
    snapshots: int


class RecordedDay(NamedTuple):
    """Everything that is kept of one New York day, oldest first."""

    day: date
    fills: tuple[Fill, ...]
    watched: tuple[Coverage, ...]
    snapshots: tuple[Snapshot, ...]
    points: tuple[DayPoint, ...] = ()
    lines: tuple[DayLine, ...] = ()


class DayPage(NamedTuple):
    """Some of the ``fill_count`` executions of one New York day, newest first, and how it was watched."""

    day: date
    fill_count: int
    watched: tuple[Coverage, ...]
    fills: tuple[Fill, ...]


def gaps(watched: Iterable[Coverage], first: date, last: date, now: datetime) -> list[str]:
    """What may be missing of one account from ``first`` to ``last``, in sentences; days to come are none.

    A trading day counts as whole when the list was whole at or after the close of the regular session.
    """
    known = {each.day: each for each in watched}
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
                sentences += _holes(seen)
                if seen.last_at < session[1]:
                    sentences.append(_partly(day, seen.last_at, session[1]))
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


def _holes(seen: Coverage) -> list[str]:
    """What the lists of a day did not reach back to."""
    if not seen.spans:
        return []
    known = gaps_in(seen.spans, Span(day_begin(seen.day), seen.last_at))
    return [f"{seen.day}: {not_listed(hole)}" for hole in known]


def not_listed(hole: Span, *, is_evening_before: bool = False) -> str:
    """Return a time of which the broker's list reports nothing, as a sentence."""
    begin, end = clock_text(hole.begin), clock_text(hole.end)
    of_evening = " of the evening before, which counts for today," if is_evening_before else ""
    span = f"from {begin} to {end} New York{of_evening}"
    return f"what was traded {span} is not known; the broker's list began after it."


def untraded(hole: Span) -> str:
    """Return what a figure of the day rests on where this time of the evening before is not known."""
    begin, end = clock_text(hole.begin), clock_text(hole.end)
    return f"as if nothing was traded on the evening before, {begin} to {end} New York: that is not known."
