"""Write executions to the journal as the sources report them, and pass them on once they are stored."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from msgspec import structs

from psf_monitor.book.book import Book
from psf_monitor.book.day.coverage_log import CoverageLog
from psf_monitor.connection.pacing import until_next
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.clock import as_clock
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, FillKey, ListReach
from psf_monitor.domain.fills.journal_records import RecordedFill, Snapshot, SnapshotKind
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.domain.market_hours import new_york
from psf_monitor.formatting import counted
from psf_monitor.journal.errors import JournalError, set_aside, slow
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.snapshots import due_kinds, snapshot_of
from psf_monitor.journal.timing import RecorderTiming
from psf_monitor.journal.today import Today, TodaySink, show
from psf_monitor.journal.writer import Batch
from psf_monitor.problem import Problem

_log = logging.getLogger(__name__)

_DEFAULT_TIMING = RecorderTiming()


@dataclass(frozen=True, slots=True)
class _Report:
    """A report of a source with its time. Only fields that are set count."""

    mode: AccountMode
    at: datetime
    fills: tuple[Fill, ...] = ()
    listed: tuple[str, ...] | None = None
    reach: ListReach = WHOLE_DAY
    problem: Problem | None = None


class Recorder:
    """Stands in front of ``shown`` and offers the sources the same three methods.

    Reports are written first and passed on in the same order once they are on the disk. If the file cannot be
    written, or that takes longer than the timing allows, they are passed on all the same and ``problem`` says
    so; they stay in memory and are tried again until they are stored. ``problem`` is also set, for the rest
    of the run, if a damaged journal was set aside. Everything happens in ``recording``. Nothing of a profile
    that ``is_recorded`` excludes is written. ``snapped`` are the automatic snapshots taken: day in New York,
    profile, open or close.
    """

    def __init__(
        self,
        journal: Journal,
        shown: TodaySink,
        book: Book,
        clock: Callable[[], datetime],
        *,
        timing: RecorderTiming = _DEFAULT_TIMING,
        is_recorded: Callable[[AccountMode], bool] = lambda _mode: True,
    ) -> None:
        self.journal = journal
        self._shown = shown
        self._book = book
        self._clock = as_clock(clock)
        self._timing = timing
        self._is_recorded = is_recorded
        self._links: Mapping[AccountMode, Link] = {}
        self._queued: list[_Report] = []
        self._wake = asyncio.Event()
        self._started = asyncio.Event()
        self._unwritten: dict[FillKey, RecordedFill] = {}
        self._snapshots: list[Snapshot] = []
        self._coverage = CoverageLog()
        self.snapped: set[tuple[date, AccountMode, SnapshotKind]] = set()
        self._was_ready: set[AccountMode] = set()
        self._is_open = False
        self._is_restored = False
        self._restored_at, self._error_then_s = self._clock(), self._clock.error_s
        self._unread: JournalError | None = None
        self._failure: Problem | None = None
        self._failures = 0
        self._retry_at_s = 0.0
        self._set_aside: Problem | None = None

    @property
    def unwritten(self) -> int:
        """How many executions are in memory only."""
        return len(self._unwritten)

    @property
    def problem(self) -> Problem | None:
        """What is wrong with the file; ``None`` if everything shown is stored."""
        return self._failure or self._set_aside

    # Called by the sources.

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Queue executions, new or reported before, to be written and passed on."""
        self._queue(_Report(mode, self._clock(), fills=tuple(fills)))

    def fills_listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach = WHOLE_DAY) -> None:
        """Record that the broker's list is complete, as far as it reaches."""
        self._queue(_Report(mode, self._clock(), listed=tuple(accounts), reach=reach))

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """Record that executions may be missing."""
        self._queue(_Report(mode, self._clock(), problem=why))

    # Called by the composition and the window.

    @asynccontextmanager
    async def recording(self, links: Mapping[AccountMode, Link]) -> AsyncIterator[None]:
        """Show what is recorded of today, then record until left; at the end write all pending reports.

        ``links`` say which profiles are ready for the snapshots at the open and the close.
        """
        self._links = links
        try:
            async with asyncio.TaskGroup() as tasks:
                held = [tasks.create_task(self._record()), tasks.create_task(self._watch_the_clock())]
                await self._started.wait()
                try:
                    yield
                finally:
                    for task in held:
                        task.cancel()
        finally:
            await self._finish()

    def take_snapshot(self) -> list[AccountMode]:
        """Take a snapshot of current positions; return the profiles of which something is known.

        For a profile that is not connected the last known positions are written and marked as such.
        """
        modes = [m for m in self._links if self._is_recorded(m) and self._book.account_state(m).is_loaded]
        self._snap(SnapshotKind.ASKED, modes)
        return modes

    # Internals.

    def _queue(self, incoming: _Report) -> None:
        self._queued.append(incoming)
        self._wake.set()

    async def _record(self) -> None:
        """Write the reports, one transaction at a time, and pass them on.

        During a failure no report waits for the file.
        """
        loop = asyncio.get_running_loop()
        writing: asyncio.Task[dict[FillKey, RecordedFill]] | None = None
        in_flight: Sequence[_Report] = ()
        deadline_s = 0.0
        try:
            while True:
                self._wake.clear()
                if writing is not None and writing.done():
                    self._forward(in_flight, self._outcome(writing))
                    writing, in_flight = None, ()
                elif writing is not None and self._failure is None and loop.time() >= deadline_s:
                    self._fail(slow(self.journal.path, self._what_is_shown()))
                    self._forward(in_flight, {})
                    in_flight = ()
                if writing is None or self._failure is not None:
                    incoming = self._collect()
                    if self._failure is None:
                        in_flight = incoming
                    else:
                        self._forward(incoming, {})
                if writing is None and self._is_due(bool(in_flight)):
                    writing = asyncio.create_task(self._commit(), name="recorder's write")
                    writing.add_done_callback(lambda _: self._wake.set())
                    deadline_s = loop.time() + self._timing.patience_s
                if self._failure is None:
                    until_s = None if writing is None else deadline_s
                else:
                    until_s = self._retry_at_s if writing is None else None
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(until_s):
                        await self._wake.wait()
        finally:
            if writing is not None:
                # The thread completes its write; the final write repeats it, which adds nothing.
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)

    def _collect(self) -> Sequence[_Report]:
        """Add new reports to what has to be written."""
        incoming, self._queued = self._queued, []
        for each in incoming:
            for fill in each.fills:
                self._add(RecordedFill(fill, each.at))
            if each.problem is not None:
                self._coverage.interrupted(each.mode)
            if each.listed is not None:
                self._coverage.listed(each.mode, each.listed, each.reach, each.at)
        return incoming

    def _add(self, incoming: RecordedFill) -> None:
        """Merge a report with pending ones: the same list, sent every minute, takes no more memory."""
        known = self._unwritten.get(incoming.fill.key)
        if known is not None:
            incoming = replace(known, fill=merged_fill(known.fill, incoming.fill))
        self._unwritten[incoming.fill.key] = incoming

    def _is_due(self, has_news: bool) -> bool:
        if self._failure is not None:
            return asyncio.get_running_loop().time() >= self._retry_at_s
        return (
            has_news
            or not self._is_open
            or bool(self._unwritten or self._snapshots or self._book.day.curve.unwritten)
        )

    async def _commit(self, *, is_last: bool = False) -> dict[FillKey, RecordedFill]:
        """Write everything pending; return the executions as stored now.

        A failure to read today's executions does not prevent writing, which may even repair the cause.
        """
        if not self._is_open:
            await self._open()
        elif self._was_another_day():
            await self._show_today()
        fills, snapshots = tuple(self._unwritten.values()), tuple(self._snapshots)
        curve = self._book.day.curve
        points, lines = curve.unwritten, curve.unwritten_lines
        coverage = self._coverage.due(1e-6 if is_last else self._timing.coverage_every_s)
        if not (fills or snapshots or coverage or points or lines):
            return {}
        try:
            recorded = await self.journal.write(
                Batch(
                    fills,
                    coverage,
                    snapshots,
                    tuple(point for point in points if self._may_keep(point.mode)),
                    tuple(point for point in lines if self._is_recorded(point.mode)),
                )
            )
        except JournalError:
            self._is_open = False
            raise
        for each in fills:
            # Reports that arrived in the meantime are written next.
            if self._unwritten[each.fill.key] is each:
                del self._unwritten[each.fill.key]
        del self._snapshots[: len(snapshots)]
        self._coverage.written(coverage)
        curve.written(points, lines)
        return {each.fill.key: each for each in recorded}

    def _may_keep(self, mode: AccountMode | None) -> bool:
        """Return whether a sum may be written: that of all IBKR logins only if each of them may."""
        return all(map(self._is_recorded, (self._links.keys() & IBKR_MODES) if mode is None else (mode,)))

    async def _open(self) -> None:
        """Open the file, and the first time show what it has of today."""
        aside = await self.journal.open()
        if aside is not None:
            self._set_aside = set_aside(aside)
            # What was in the other file is written to the new one, as far as it is known here.
            for fill in self._shown.fills():
                self._add(RecordedFill(fill, self._clock()))
        self._is_open = True
        if not self._is_restored:
            await self._show_today()

    async def _show_today(self) -> None:
        """Show what the file has of today; a part that cannot be read is tried again with the next write."""
        self._restored_at, self._error_then_s = self._clock(), self._clock.error_s
        self._unread = await Today(self.journal, self._shown, self._book, self._restored_at).show()
        self._is_open = self._is_restored = self._unread is None

    def _was_another_day(self) -> bool:
        """Return whether it was shown by a clock that has been set right to another day since."""
        right = self._restored_at + timedelta(seconds=self._error_then_s - self._clock.error_s)
        return new_york(right).date() != new_york(self._restored_at).date()

    def _outcome(self, writing: asyncio.Task[dict[FillKey, RecordedFill]]) -> dict[FillKey, RecordedFill]:
        try:
            recorded = writing.result()
        except JournalError as error:
            self._fail(self._explained(error))
            return {}
        if self._unread is not None:
            self._fail(self._explained(self._unread))
            return recorded
        if self._failure is not None:
            _log.info("the journal is written again; nothing of it is missing")
        self._failure, self._failures = None, 0
        self._started.set()
        return recorded

    def _fail(self, problem: Problem) -> None:
        if problem != self._failure:
            _log.warning("%s", problem)
        self._failure = problem
        self._failures += 1
        self._retry_at_s = asyncio.get_running_loop().time() + self._timing.backoff.delay_s(self._failures)
        self._started.set()

    def _forward(self, incoming: Sequence[_Report], recorded: Mapping[FillKey, RecordedFill]) -> None:
        """Pass on to the window, in the order of the sources, each execution as stored."""
        # A list may keep sending one without a time, and it does not become younger.
        timeless = {key: each.first_seen_at for key, each in recorded.items() if each.fill.at is None}
        self._shown.set_first_seen(timeless)
        for each in incoming:
            if each.listed is not None:
                self._shown.fills_listed(each.mode, each.listed, each.reach, each.at)
            elif each.problem is not None:
                self._shown.fills_unavailable(each.mode, each.problem)
            else:
                known = [recorded.get(fill.key, RecordedFill(fill, each.at)) for fill in each.fills]
                self._shown.fills_reported(each.mode, [each.fill for each in known])
        # What was shown as reported during a failure is now shown as stored, except what was reported again
        # meanwhile: it is already on the screen and will be stored with the next write.
        late = (
            recorded.keys() - {fill.key for each in incoming for fill in each.fills} - self._unwritten.keys()
        )
        show(self._shown, [recorded[key].fill for key in late])

    def _what_is_shown(self) -> str:
        if self._is_restored:
            return "Everything is shown and kept in memory"
        return (
            "What is reported is shown and kept in memory, of what the file has of today some may be missing"
        )

    def _explained(self, error: JournalError) -> Problem:
        problem = error.problem
        return structs.replace(
            problem,
            to_do=f"{problem.to_do} {self._what_is_shown()}, and it is tried again.",
            cause=f"Journal: {problem.cause}",
            remedy="It is tried again; the log says what to do.",
        )

    async def _finish(self) -> None:
        """Write the last reports and close the file, within the time limit."""
        self._collect()
        try:
            async with asyncio.timeout(self._timing.closing_s):
                try:
                    await self._commit(is_last=True)
                finally:
                    await self.journal.close()
        except (TimeoutError, JournalError) as error:
            why = error if isinstance(error, JournalError) else "the disk does not answer."
            unwritten = len(self._unwritten)
            missing = counted(unwritten, "execution") if unwritten else "no execution"
            _log.error("the journal ends with %s unwritten: %s", missing, why)

    # Snapshots at the open, at the close and on request.

    async def _watch_the_clock(self) -> None:
        while True:
            self.take_due_snapshots()
            if self._book.day.curve.unwritten:
                self._wake.set()
            await asyncio.sleep(until_next(self._timing.look_every_s))

    def take_due_snapshots(self) -> None:
        """Take the snapshot of the open or close of every profile that was ready at the previous check, too.

        The prices of one that has just become ready are still arriving.
        """
        now = self._clock()
        day = new_york(now).date()
        ready = {mode for mode in self._links if self._is_recorded(mode) and self._is_current(mode)}
        for kind in due_kinds(now):
            due = [m for m in ready & self._was_ready if (day, m, kind) not in self.snapped]
            self.snapped.update((day, mode, kind) for mode in due)
            self._snap(kind, due)
        self._was_ready = ready

    def _is_current(self, mode: AccountMode) -> bool:
        state = self._book.account_state(mode)
        is_up = self._links[mode].status.state is LinkState.READY
        return is_up and state.is_loaded and state.stale_since is None

    def _snap(self, kind: SnapshotKind, modes: Iterable[AccountMode]) -> None:
        for mode in modes:
            taken = snapshot_of(self._book, mode, kind, self._clock(), is_current=self._is_current(mode))
            self._snapshots.append(taken)
            self._book.day.opened(taken)
        self._wake.set()
