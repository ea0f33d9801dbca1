"""A recorder between two sources, a screen, and a disk that fails on request."""

import threading
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.fills.coverage import Span
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, ListReach
from psf_monitor.domain.fills.journal_records import RecordedDay, RecordedFill
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.journal.timing import RecorderTiming
from psf_monitor.journal.writer import Batch
from psf_monitor.problem import Problem
from tests.journal.records import TODAY
from tests.support.records import NOON, Clock
from tests.support.waiting import PATIENCE_S

SOON = Backoff(first_s=0.01, most_s=0.02)


class Disk(Journal):
    """A journal over a disk that can be made to fail or to hang."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.fails = ""
        self.unreadable: frozenset[str] = frozenset()
        self.tried = 0
        self.answers = threading.Event()
        self.answers.set()
        writing, opening = self._writer.write, self._writer.open

        def write(batch: Batch) -> list[RecordedFill]:
            self._may_fail()
            return writing(batch)

        def reopen() -> Path | None:
            self._may_fail()
            return opening()

        self._writer.write = write  # type: ignore[method-assign]
        self._writer.open = reopen  # type: ignore[method-assign]
        reading, undated = self._reader.day, self._reader.undated

        def read_day(day: date) -> RecordedDay:
            self._may_read(day.isoformat())
            return reading(day)

        def read_undated(accounts: Collection[str]) -> list[RecordedFill]:
            self._may_read("undated")
            return undated(accounts)

        self._reader.day = read_day  # type: ignore[method-assign]
        self._reader.undated = read_undated  # type: ignore[method-assign]
        fills = self._reader.fills

        def read_fills(accounts: Collection[str], first: date, last: date) -> list[RecordedFill]:
            self._may_read(first.isoformat())
            return fills(accounts, first, last)

        self._reader.fills = read_fills  # type: ignore[method-assign]

    def _may_read(self, what: str) -> None:
        if what in self.unreadable:
            raise JournalError("The journal cannot be read.", f"{what} failed.", "Mend it.", "disk error")

    def _may_fail(self) -> None:
        self.tried += 1
        assert self.answers.wait(PATIENCE_S), "the test never let the disk answer"
        if self.fails:
            self._writer.close()
            raise JournalError("The journal cannot be written.", self.fails, "Mend it.", "full")


class Screen(Fills):
    """Shows executions, and remembers what was reported in which order."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.shown: list[str] = []
        self.gains: list[float | None] = []
        self.coverage: list[Span] = []

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        self.shown += [each.broker_id for each in fills]
        self.gains += [each.realized_pnl for each in fills]
        super().fills_reported(mode, fills)

    def set_recorded_spans(self, mode: AccountMode, spans: Sequence[Span]) -> None:
        self.coverage += spans
        super().set_recorded_spans(mode, spans)

    def fills_listed(
        self,
        mode: AccountMode,
        accounts: Sequence[str],
        reach: ListReach = WHOLE_DAY,
        at: datetime | None = None,
    ) -> None:
        self.shown.append(f"listed {', '.join(accounts)}")
        super().fills_listed(mode, accounts, reach, at)

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        self.shown.append(str(why))
        super().fills_unavailable(mode, why)


class Room:
    """A recorder between two sources that are the test and a screen that it reads."""

    def __init__(
        self, path: Path, *, patience_s: float = 10.0, look_every_s: float = 5.0, at: datetime = NOON
    ) -> None:
        self.clock = Clock(at)
        self.disk = Disk(path)
        self.screen = Screen(self.clock)
        self.book = Book(self.clock)
        self.recorder = Recorder(
            self.disk,
            self.screen,
            self.book,
            self.clock,
            timing=RecorderTiming(SOON, patience_s, look_every_s, closing_s=60.0),
        )
        self.links = {mode: Link(mode, "far", self._attempt, self.clock) for mode in IBKR_MODES}

    async def _attempt(self) -> None:
        raise AssertionError("nobody connects here")

    @asynccontextmanager
    async def recording(self) -> AsyncIterator["Room"]:
        async with self.recorder.recording(self.links):
            try:
                yield self
            finally:
                # A thread that waits for a disk would outlive the test.
                self.disk.answers.set()

    async def in_file(self, day: date = TODAY) -> list[Fill]:
        return list((await self.disk.day(day)).fills)

    def why(self) -> str:
        problem = self.recorder.problem
        return "" if problem is None else str(problem)


async def read(path: Path, day: date = TODAY) -> RecordedDay:
    """What the file holds, for one who opens it afterwards."""
    journal = Journal(path)
    try:
        return await journal.day(day)
    finally:
        await journal.close()
