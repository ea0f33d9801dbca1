"""The journal for use on the event loop: every call is awaited and runs on a thread of the journal."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from psf_monitor.connection.pacing import FILLS_A_TURN, FILLS_OF_A_SCREEN
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage
from psf_monitor.domain.fills.gains import Gains
from psf_monitor.domain.fills.journal_records import DayCount, DayPage, RecordedDay, RecordedFill
from psf_monitor.domain.fills.position_history import RecordedShare
from psf_monitor.formatting import DECIMAL_POINT, Notation
from psf_monitor.journal import csv_export
from psf_monitor.journal.day_pages import DayPages
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.reader import Reader
from psf_monitor.journal.writer import BUSY_S, Batch, Writer

_Found = TypeVar("_Found")


class Journal:
    """One file with one writing and one reading thread; each works in the order of its calls.

    A call is completed even if its caller is cancelled. Every call raises ``JournalError`` on failure. The
    file is not touched before the first call; ``close`` ends both threads. ``busy_s`` is how long to wait for
    another window's write.
    """

    def __init__(self, path: Path, *, busy_s: float = BUSY_S) -> None:
        self.path = path
        self._writer = Writer(path, busy_s=busy_s)
        self._reader = Reader(path)
        self._writing = ThreadPoolExecutor(1, "journal writer")
        self._reading = ThreadPoolExecutor(1, "journal reader")
        self._pages: set[DayPages] = set()
        self._is_closed = False

    async def open(self) -> Path | None:
        """Open the file for writing, created or migrated if needed; return where a damaged one was moved
        to.
        """
        # Windows does not rename an open file.
        pages = tuple(self._pages)
        await self._in(self._reading, lambda: self._let_go(pages))
        return await self._in(self._writing, self._writer.open)

    async def write(self, batch: Batch) -> list[RecordedFill]:
        """Write through to the disk, all or nothing; return the fills as stored now, in order."""
        return await self._in(self._writing, lambda: self._writer.write(batch))

    async def close(self) -> None:
        """Wait for all pending calls and close the file."""
        if self._is_closed:
            return
        self._is_closed = True
        pages = tuple(self._pages)
        closing = self._reading.submit(lambda: self._close_both(pages))
        self._reading.shutdown(wait=False)
        await asyncio.shield(asyncio.wrap_future(closing))
        # The thread has only to end, and must not outlive the loop that it notifies.
        self._reading.shutdown(wait=True)

    async def day(self, day: date) -> RecordedDay:
        """Return everything recorded for one New York day."""
        return await self._in(self._reading, lambda: self._reader.day(day))

    async def fills_in_pages(self, day: date) -> AsyncGenerator[DayPage, None]:
        """Yield the executions of one New York day, newest first; at least one page, all as of its moment.

        A caller that stops early closes the generator, which waits for nothing.
        """
        pages, most = DayPages(self.path, day), FILLS_OF_A_SCREEN
        self._pages.add(pages)
        try:
            while page := await self._in(self._reading, partial(pages.read, most)):
                yield page
                most = FILLS_A_TURN
        finally:
            self._pages.discard(pages)
            if not self._is_closed:
                self._reading.submit(pages.close)

    async def days(self) -> list[DayCount]:
        """Return the recorded days, oldest first."""
        return await self._in(self._reading, self._reader.days)

    async def accounts(self) -> list[tuple[AccountMode, str]]:
        """Return the recorded accounts with their profiles."""
        return await self._in(self._reading, self._reader.accounts)

    async def fills(self, accounts: Collection[str], first: date, last: date) -> list[RecordedFill]:
        """Return the executions of these accounts, or of all, from one New York day to another."""
        return await self._in(self._reading, lambda: self._reader.fills(accounts, first, last))

    async def coverage(self, accounts: Collection[str], first: date, last: date) -> list[Coverage]:
        """Return the coverage of these accounts, or of all, from one New York day to another."""
        return await self._in(self._reading, lambda: self._reader.coverage(accounts, first, last))

    async def undated(self, accounts: Collection[str]) -> list[RecordedFill]:
        """Return the executions of these accounts, or of all, whose time is unknown."""
        return await self._in(self._reading, lambda: self._reader.undated(accounts))

    async def share(self, con_id: int, symbol: str) -> RecordedShare:
        """Return everything recorded about one contract."""
        return await self._in(self._reading, lambda: self._reader.share(con_id, symbol))

    async def realized(self, account: str, year: int, now: datetime) -> Gains:
        """Return the realized gains of one account and year; days after ``now`` are still to come."""
        return await self._in(self._reading, lambda: self._reader.realized(account, year, now))

    async def export_fills(
        self,
        file: Path | None,
        accounts: Collection[str],
        first: date,
        last: date,
        now: datetime,
        notation: Notation = DECIMAL_POINT,
    ) -> csv_export.Exported:
        """Write the executions as CSV to ``file``, or to stdout if ``None``. Raises the file's
        ``OSError``.
        """
        days = (first, last)
        return await self._in(
            self._reading,
            lambda: csv_export.export_fills(self._reader, file, accounts, days, now, notation),
        )

    async def export_gains(
        self,
        file: Path | None,
        accounts: Collection[str],
        year: int,
        now: datetime,
        notation: Notation = DECIMAL_POINT,
    ) -> csv_export.Exported:
        """Write the realized gains of a year as CSV, likewise."""
        return await self._in(
            self._reading,
            lambda: csv_export.export_gains(self._reader, file, accounts, year, now, notation),
        )

    def _in(self, executor: ThreadPoolExecutor, work: Callable[[], _Found]) -> "asyncio.Future[_Found]":
        if self._is_closed:
            raise JournalError(
                f"The journal {self.path} is closed.", "psf_monitor is ending.", "Start it again.", "closed"
            )
        answer: Future[_Found] = Future()
        # Started at once: cancelling the caller does not revoke the call.
        answer.set_running_or_notify_cancel()
        executor.submit(_answer, answer, work)
        return asyncio.wrap_future(answer)

    def _let_go(self, pages: Iterable[DayPages]) -> None:
        self._reader.close()
        for each in pages:
            each.close()

    def _close_both(self, pages: Iterable[DayPages]) -> None:
        # The last connection to close merges the write-ahead log, and only a writing one can do that.
        self._let_go(pages)
        self._writing.submit(self._writer.close).result()
        self._writing.shutdown(wait=True)


def _answer(answer: "Future[_Found]", work: Callable[[], _Found]) -> None:
    try:
        found = work()
    except BaseException as error:  # noqa: BLE001  # whoever asked has to hear of it
        answer.set_exception(error)
    else:
        answer.set_result(found)
