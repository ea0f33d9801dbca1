"""Load today's executions from the file and show them at the start."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from psf_monitor.book.book import Book
from psf_monitor.connection.pacing import FILLS_A_TURN
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage, Span, day_begin
from psf_monitor.domain.fills.fill import Fill, FillKey, ListReach
from psf_monitor.domain.market_hours import new_york
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.problem import Problem


class TodaySink(Protocol):
    """Receives executions once they are stored."""

    def set_first_seen(self, seen: Mapping[FillKey, datetime]) -> None: ...
    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None: ...
    def fills_listed(
        self, mode: AccountMode, accounts: Sequence[str], reach: ListReach, at: datetime | None
    ) -> None: ...
    def set_recorded_spans(self, mode: AccountMode, spans: Sequence[Span]) -> None: ...
    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None: ...
    def fills(self) -> list[Fill]: ...


class Today:
    """What the file has for the day of ``now``, and for later days."""

    def __init__(self, journal: Journal, shown: TodaySink, book: Book, now: datetime) -> None:
        self._journal = journal
        self._shown = shown
        self._book = book
        self._now = now
        self._day = new_york(now).date()
        self._coverage: list[Coverage] = []

    async def show(self) -> JournalError | None:
        """Show it, reading each part separately; return the first error.

        Only if every part could be read is it known that no execution is missing in the covered times.
        """
        failed: JournalError | None = None
        for reading in (self._of_the_day, self._undated, self._of_later_days, self._of_the_eve):
            try:
                fills = await reading()
            except JournalError as error:
                failed = failed or error
                continue
            for start in range(0, len(fills), FILLS_A_TURN):
                show(self._shown, fills[start : start + FILLS_A_TURN])
                await asyncio.sleep(0)
        if failed is None:
            for each in self._coverage:
                spans = each.spans or (Span(day_begin(each.day), each.last_at),)
                self._shown.set_recorded_spans(each.mode, spans)
        return failed

    async def _of_the_day(self) -> Sequence[Fill]:
        recorded = await self._journal.day(self._day)
        for snapshot in recorded.snapshots:
            self._book.day.opened(snapshot)
        self._book.day.curve.restore(recorded.points, recorded.lines)
        self._coverage += recorded.coverage
        return recorded.fills

    async def _undated(self) -> Sequence[Fill]:
        recorded = await self._journal.undated(())
        of_today = [each for each in recorded if new_york(each.moment).date() == self._day]
        self._shown.set_first_seen({each.fill.key: each.first_seen_at for each in of_today})
        return [each.fill for each in of_today]

    async def _of_later_days(self) -> Sequence[Fill]:
        """Read what is booked on the next trading day, such as this evening, or ahead of its time."""
        later = await self._journal.fills((), self._day + timedelta(days=1), date.max)
        return [each.fill for each in later]

    async def _of_the_eve(self) -> Sequence[Fill]:
        """Read the coverage of the day before: trades of its evening are booked on this day."""
        eve = self._day - timedelta(days=1)
        self._coverage += await self._journal.coverage((), eve, eve)
        return ()


def show(shown: TodaySink, fills: Sequence[Fill]) -> None:
    """Report executions of any profiles, each to its own."""
    for mode in dict.fromkeys(fill.mode for fill in fills):
        shown.fills_reported(mode, [fill for fill in fills if fill.mode is mode])
