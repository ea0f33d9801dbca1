"""Today's P&L as a curve: one point a minute for every login, for all together, and for every position."""

import math
from array import array
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from psf_monitor.book.row_cache import RowTables
from psf_monitor.book.rows import PositionRow, QuoteState
from psf_monitor.book.sums.account_strip import Strip
from psf_monitor.connection.pacing import ROWS_A_TURN
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import day_begin
from psf_monitor.domain.fills.journal_records import DayLine, DayPoint, PositionPoint
from psf_monitor.domain.market_hours import SessionPhase, new_york, session_phase
from psf_monitor.domain.position import PositionKey

MINUTE = timedelta(minutes=1)
PATIENCE = timedelta(minutes=2)
"""How long to wait for the first prices and previous closes."""


_UNKNOWN = array("f", [math.nan])
"""A minute without a value; repeating an array is cheap even for thousands of lines."""


class HasDay(Protocol):
    """What is sampled: the book."""

    tables: RowTables

    def strip(self, mode: AccountMode | None) -> Strip: ...
    def position_rows(self) -> list[PositionRow]: ...
    def settle(self, looked_at: Collection[Hashable] | None = ..., most: int | None = ...) -> None: ...


class PnlCurve:
    """Today's points, oldest first. There is no point for a minute in which the P&L was unknown or old.

    ``None`` stands for all IBKR logins together.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._day: date | None = None
        self._points: dict[AccountMode | None, dict[datetime, DayPoint]] = {}
        self._lines: dict[PositionKey, array[float]] = {}
        self._modes: dict[PositionKey, AccountMode] = {}
        self._sampled_at: datetime | None = None
        self._waits_since: datetime | None = None
        self._unwritten: list[DayPoint] = []
        self._unwritten_minutes: set[int] = set()

    @property
    def unwritten(self) -> tuple[DayPoint, ...]:
        """The points that no journal has yet."""
        return tuple(self._unwritten)

    @property
    def unwritten_lines(self) -> tuple[PositionPoint, ...]:
        """The same for positions, of today alone."""
        if self._day is None:
            return ()
        return tuple(
            PositionPoint(self._day, minute, self._modes[key], key, line[minute])
            for minute in sorted(self._unwritten_minutes)
            for key, line in self._lines.items()
            if key in self._modes and minute < len(line) and not math.isnan(line[minute])
        )

    def written(self, points: Collection[DayPoint], of_positions: Collection[PositionPoint] = ()) -> None:
        """Record that these points are in the journal."""
        done = set(points)
        self._unwritten = [each for each in self._unwritten if each not in done]
        self._unwritten_minutes -= {each.minute for each in of_positions if each.day == self._day}

    def restore(self, points: Iterable[DayPoint], lines: Iterable[DayLine] = ()) -> None:
        """Restore the journal's points of today; minutes that are already known here are not replaced."""
        self._begin(new_york(self._clock()).date())
        for point in points:
            if new_york(point.at).date() == self._day:
                self._points.setdefault(point.mode, {}).setdefault(point.at, point)
        for day, key, kept in lines:
            if day != self._day:
                continue
            line = self._lines.setdefault(key, array("f"))
            line.extend(_UNKNOWN * (len(kept) - len(line)))
            for minute, day_pnl in enumerate(kept):
                if math.isnan(line[minute]):
                    line[minute] = day_pnl

    def points(self, mode: AccountMode | None) -> Sequence[DayPoint]:
        """Return the points of one login, or of all."""
        found = self._points.get(mode, {})
        return [found[at] for at in sorted(found)]

    def line(self, key: PositionKey) -> Sequence[float]:
        """Return a position's P&L for each minute since New York's midnight; ``nan`` where it was not
        known.
        """
        return self._lines.get(key, ())

    async def sample_in_turns(self, book: HasDay, rest: Callable[[], Awaitable[None]]) -> bool:
        """Do as ``sample`` does, and await ``rest`` after each batch of rows that is calculated for it."""
        if self._is_due:
            book.tables.schedule_moved()
            while book.tables.is_behind:
                book.settle((), ROWS_A_TURN)
                await rest()
                if book.tables.waiting > ROWS_A_TURN:
                    # A complete list may have arrived in the meantime.
                    book.tables.schedule_moved()
        return self.sample(book)

    @property
    def _is_due(self) -> bool:
        now = self._clock()
        is_sampled = now.replace(second=0, microsecond=0) == self._sampled_at
        return not is_sampled and session_phase(now) is not SessionPhase.CLOSED

    def sample(self, book: HasDay) -> bool:
        """Record the points of this minute, once, while US shares trade; return whether any was recorded."""
        now = self._clock()
        at = now.replace(second=0, microsecond=0)
        if not self._is_due or book.tables.is_behind:
            return False
        rows = book.position_rows()
        if self._waits(rows, now):
            return False
        self._sampled_at = at
        self._begin(new_york(now).date())
        taken = [point for mode in (None, *AccountMode) if (point := _point(book.strip(mode), mode, at))]
        for point in taken:
            self._points.setdefault(point.mode, {})[at] = point
        self._unwritten += taken
        minute = int((at - day_begin(new_york(now).date())) / MINUTE)
        for row in rows:
            if row.day_pnl is not None and row.quote_state is QuoteState.LIVE and row.stale_since is None:
                line = self._lines.setdefault(row.key, array("f"))
                # The clock may be set back, and the journal may have points of minutes to come.
                line.extend(_UNKNOWN * (minute + 1 - len(line)))
                line[minute] = row.day_pnl
                self._modes[row.key] = row.mode
                self._unwritten_minutes.add(minute)
        return bool(taken)

    def _waits(self, rows: Iterable[PositionRow], now: datetime) -> bool:
        """Return whether prices are still arriving: the sum of those that are there would look complete.

        What has not arrived within ``PATIENCE`` is left out, as the strip leaves it out with a remark.
        """
        if not any(map(_is_coming, rows)):
            self._waits_since = None
            return False
        # The clock may be set back.
        self._waits_since = min(self._waits_since or now, now)
        return now - self._waits_since < PATIENCE

    def _begin(self, today: date) -> None:
        if today != self._day:
            self._day = today
            self._points.clear()
            self._lines.clear()
            self._modes.clear()
            self._unwritten_minutes.clear()


def _is_coming(row: PositionRow) -> bool:
    if row.quote_state is QuoteState.LIVE:
        return row.day_pnl is None and row.quantity is not None and not row.day_why
    return row.quote_state is QuoteState.WAITING


def _point(strip: Strip, mode: AccountMode | None, at: datetime) -> DayPoint | None:
    if strip.day_pnl is None or strip.is_frozen or strip.as_of is not None or strip.is_partial:
        return None
    return DayPoint(at, mode, strip.day_pnl)
