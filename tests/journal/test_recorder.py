"""What is shown is in the file first; when it cannot be, it is said, and written later."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Backoff, Link
from psf_monitor.domain.account import IBKR_MODES, AccountMode, AccountSummary
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, FillKey, ListReach
from psf_monitor.domain.fills.journal_records import RecordedDay, RecordedFill, SnapshotKind
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.domain.quote import Quote
from psf_monitor.journal import writer
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.journal.snapshots import due_kinds
from psf_monitor.journal.timing import RecorderTiming
from psf_monitor.journal.writer import Batch
from psf_monitor.problem import Problem
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from tests.conftest import ExpectedErrors
from tests.fill_records import fill
from tests.journal.records import TODAY, kept, reported
from tests.records import GUN, NOON, PED, Clock, position
from tests.waiting import PATIENCE_S, until

SOON = Backoff(first_s=0.01, most_s=0.02)


class Disk(Journal):
    """A journal over a disk that can be told to fail or to hang."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.fails = ""
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

    def _may_fail(self) -> None:
        self.tried += 1
        self.answers.wait()
        if self.fails:
            self._writer.close()
            raise JournalError("The journal cannot be written.", self.fails, "Mend it.", "full")


class Screen(Fills):
    """Shows executions, and remembers what it was told in which order."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.told: list[str] = []
        self.gains: list[float | None] = []

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        self.told += [each.broker_id for each in fills]
        self.gains += [each.realized_pnl for each in fills]
        super().fills_reported(mode, fills)

    def fills_listed(
        self,
        mode: AccountMode,
        accounts: Sequence[str],
        reach: ListReach = WHOLE_DAY,
        at: datetime | None = None,
    ) -> None:
        self.told.append(f"listed {', '.join(accounts)}")
        super().fills_listed(mode, accounts, reach, at)

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        self.told.append(str(why))
        super().fills_unavailable(mode, why)


class Room:
    """A recorder between two sources that are the test and a screen that it reads."""

    def __init__(self, path: Path, *, patience_s: float = 10.0, look_every_s: float = 5.0) -> None:
        self.clock = Clock()
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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


async def read(path: Path, day: date = TODAY) -> RecordedDay:
    """What the file holds, for one who opens it afterwards."""
    journal = Journal(path)
    try:
        return await journal.day(day)
    finally:
        await journal.close()


async def test_that_nothing_is_shown_before_it_is_in_the_file(path: Path) -> None:
    async with Room(path).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [fill("a"), fill("b")])
        room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: room.disk.tried == 2, what="the write")
        assert room.screen.told == []
        room.disk.answers.set()
        await until(lambda: len(room.screen.told) == 3, what="what is kept")
        assert len(await room.in_file()) == 2
        assert room.recorder.problem is None


async def test_that_what_is_told_is_handed_on_in_its_order(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a")])
        room.recorder.fills_listed(GUN, ["U1", "U2"])
        room.recorder.fills_reported(PED, [fill("b", mode=PED, account="U9")])
        room.recorder.fills_unavailable(PED, Problem("no answer"))
        room.recorder.fills_reported(GUN, [fill("c")])
        await until(lambda: len(room.screen.told) == 5)
        assert room.screen.told == ["a.01", "listed U1, U2", "b.01", "no answer", "c.01"]
        assert str(room.screen.state(PED).problem) == "no answer"


async def test_that_a_list_is_as_of_the_moment_it_was_told_however_long_it_was_written(path: Path) -> None:
    async with Room(path).recording() as room:
        room.disk.answers.clear()
        told_at = room.clock()
        room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: room.disk.tried == 2, what="the write")
        room.clock.advance(600)
        room.disk.answers.set()
        await until(lambda: room.screen.told, what="the list")
        assert room.screen.state(GUN).as_of == told_at


async def test_that_an_execution_is_shown_as_the_file_has_it(path: Path) -> None:
    async with Room(path).recording() as room:
        other = Journal(path)
        await other.write(Batch((kept("a", revision=2, price=24.4),)))
        await other.close()
        room.recorder.fills_reported(GUN, [fill("a", price=24.5)])
        await until(lambda: room.screen.fills())
        assert [each.price for each in room.screen.fills()] == [24.4]


async def test_that_todays_are_shown_at_the_start_and_are_no_news(path: Path) -> None:
    async with Room(path).recording() as room:
        yesterday = NOON - timedelta(days=1)
        room.recorder.fills_reported(GUN, [fill("a"), fill("old", at=yesterday)])
        room.recorder.fills_reported(PED, [fill("b", mode=PED, account="U9")])
        await until(lambda: len(room.screen.told) == 3)
    async with Room(path).recording() as room:
        assert [each.fill_id for each in room.screen.fills()] == ["a", "b"]
        assert room.screen.drain().arrived == ()


async def test_that_one_without_a_time_stays_on_the_day_when_it_was_first_seen(path: Path) -> None:
    untimed = fill("a", at=None)
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [untimed])
        await until(lambda: room.screen.fills())
    room = Room(path)
    room.clock.advance(86400)
    async with room.recording():
        room.recorder.fills_reported(GUN, [untimed])
        room.recorder.fills_reported(GUN, [fill("b", at=room.clock())])
        await until(lambda: room.screen.fills())
        await until(lambda: [each.fill_id for each in room.screen.fills()] == ["b"])
        assert await room.in_file() == []
        assert [each.fill for each in await room.disk.undated(())] == [untimed]


async def test_that_one_without_a_time_is_back_on_its_day_after_a_restart(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a", at=None)])
        await until(lambda: room.screen.fills())
    async with Room(path).recording() as room:
        assert [each.fill_id for each in room.screen.fills()] == ["a"]


async def test_that_one_without_a_time_that_was_shown_while_the_file_failed_goes_back_to_its_day(
    path: Path,
) -> None:
    untimed = fill("a", at=None)
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [untimed])
        await until(lambda: room.screen.fills())
    room = Room(path)
    room.clock.advance(86400)
    room.disk.fails = "no room."
    async with room.recording():
        room.recorder.fills_reported(GUN, [untimed])
        await until(lambda: room.screen.fills() == [untimed])
        room.disk.fails = ""
        await until(lambda: room.screen.fills() == [])


async def test_that_a_file_that_cannot_be_written_hides_nothing_and_is_written_later(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "psf_monitor.journal.recorder")
    async with Room(path).recording() as room:
        room.disk.fails = "The disk is full."
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.screen.fills())
        assert "The disk is full. Mend it. Everything is shown and kept in memory" in room.why()
        before = room.disk.tried
        await until(lambda: room.disk.tried > before + 3, what="more tries")
        room.recorder.fills_reported(GUN, [fill("b")])
        room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: len(room.screen.told) == 3)
        assert room.recorder.problem is not None
        room.disk.fails = ""
        await until(lambda: room.recorder.problem is None, what="the end of the trouble")
        assert [each.fill_id for each in await room.in_file()] == ["a", "b"]
        assert len((await room.disk.day(TODAY)).watched) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_that_the_same_list_told_all_day_takes_no_more_memory(path: Path) -> None:
    async with Room(path).recording() as room:
        room.disk.fails = "The disk is full."
        for minute in range(50):
            room.recorder.fills_reported(GUN, [reported(f"{n}", minute, revision=1) for n in range(4)])
            room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: room.screen.told.count("listed U1240821") == 50)
        assert room.recorder.unwritten == 4
        room.disk.fails = ""
        await until(lambda: room.recorder.problem is None)
        assert {each.realized_pnl for each in await room.in_file()} == {49.0}


async def test_that_a_file_that_cannot_be_opened_at_the_start_holds_nothing_up(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("old")])
        await until(lambda: room.screen.fills())
    room = Room(path)
    room.disk.fails = "Another program holds the file."
    async with room.recording():
        assert room.recorder.problem is not None
        room.recorder.fills_reported(GUN, [fill("new")])
        await until(lambda: room.screen.fills())
        room.disk.fails = ""
        await until(lambda: room.recorder.problem is None)
        assert [each.fill_id for each in room.screen.fills()] == ["new", "old"]


async def test_that_a_disk_that_does_not_answer_hides_nothing(path: Path) -> None:
    async with Room(path, patience_s=0.5).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.screen.fills())
        assert "does not take what is written" in room.why()
        room.recorder.fills_reported(GUN, [fill("b")])
        await until(lambda: len(room.screen.fills()) == 2)
        room.disk.answers.set()
        await until(lambda: room.recorder.problem is None, what="the end of the trouble")
        room.recorder.fills_reported(GUN, [fill("c")])
        await until(lambda: len(room.screen.fills()) == 3)
        assert len(await room.in_file()) == 3


async def test_that_what_was_told_last_is_in_the_file_at_the_end(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a")])
        room.recorder.fills_listed(GUN, ["U1240821"])
    found = await read(path)
    assert len(found.fills) == len(found.watched) == 1


async def test_that_what_could_not_be_written_to_the_end_is_said(
    path: Path, expected_errors: ExpectedErrors, caplog: pytest.LogCaptureFixture
) -> None:
    expected_errors.allow("psf_monitor.journal.recorder")
    async with Room(path).recording() as room:
        room.disk.fails = "The disk is full."
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.recorder.problem)
    assert "the journal ends with 1 executions unwritten" in caplog.records[-1].message


async def test_that_an_unforeseen_failure_ends_the_recording_loudly(path: Path) -> None:
    async def live() -> None:
        room = Room(path)
        room.screen.fills_reported = None  # type: ignore[assignment, method-assign]
        async with room.recording():
            room.recorder.fills_reported(GUN, [fill("a")])
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as failed:
        await live()
    assert failed.group_contains(TypeError)
    assert len((await read(path)).fills) == 1


async def test_that_a_journal_damaged_during_the_day_is_set_aside_and_begun_anew(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.screen.fills())
        room.disk.fails = "The file is damaged."
        room.recorder.fills_reported(GUN, [fill("b")])
        await until(lambda: room.recorder.problem)
        spoil(path)
        room.disk.fails = ""
        await until(lambda: "was set aside as" in room.why())
        assert [each.fill_id for each in await room.in_file()] == ["a", "b"]
        assert room.recorder.problem is not None
        assert room.recorder.problem.cause == "Journal: damaged, set aside"


def spoil(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(b"nothing that anybody could read as a database " * 40)


async def test_that_how_long_a_day_was_watched_is_written_once_a_minute(path: Path) -> None:
    async with Room(path).recording() as room:

        async def listed(seconds: float) -> datetime:
            room.clock.advance(seconds)
            count = len(room.screen.told)
            room.recorder.fills_listed(GUN, ["U1240821"])
            await until(lambda: len(room.screen.told) > count)
            return (await room.disk.day(TODAY)).watched[0].last_at

        assert await listed(0) == NOON
        assert await listed(30) == NOON
        assert await listed(30) == NOON + timedelta(seconds=60)
        assert await listed(30) == NOON + timedelta(seconds=60)
    (watched,) = (await read(path)).watched
    assert (watched.first_at, watched.last_at) == (NOON, NOON + timedelta(seconds=90))


def ready(room: Room, mode: AccountMode, quantity: float = 1000) -> None:
    """Connected, with a position, its price and the account values, as the window has drained them."""
    room.links[mode].report(LinkState.READY)
    account = f"U{mode.short}"
    room.book.accounts_named(mode, [account])
    room.book.positions_replaced(mode, [position("CIM PRB", quantity, account=account, mode=mode)])
    room.book.summaries_replaced(mode, [AccountSummary(mode, account, "USD", net_liquidation=1e5)])
    room.book.quotes_live()
    room.book.quotes_changed({"CIM PRB": Quote(bid=24.5, ask=24.6, last=24.55)})
    room.book.drain()


OPEN = datetime(2026, 9, 18, 13, 30, tzinfo=UTC)
CLOSE = datetime(2026, 9, 18, 20, 0, tzinfo=UTC)


async def test_that_the_open_and_the_close_are_written_down_once_of_who_is_ready(path: Path) -> None:
    room = Room(path, look_every_s=0.005)
    room.clock.now = OPEN - timedelta(minutes=1)
    async with room.recording():
        ready(room, GUN)

        async def snapshots(count: int) -> list[tuple[SnapshotKind, AccountMode, datetime]]:
            found: RecordedDay = await room.disk.day(TODAY)
            async with asyncio.timeout(PATIENCE_S):
                while len(found.snapshots) < count:
                    found = await room.disk.day(TODAY)
            return [(each.kind, each.mode, each.at) for each in found.snapshots]

        room.clock.now = OPEN
        late = OPEN + timedelta(minutes=20)
        assert await snapshots(1) == [(SnapshotKind.OPEN, GUN, OPEN)]
        room.clock.now = late
        ready(room, PED)
        room.clock.now = CLOSE
        at_close = [(SnapshotKind.CLOSE, mode, CLOSE) for mode in IBKR_MODES]
        assert await snapshots(3) == [(SnapshotKind.OPEN, GUN, OPEN), *at_close]
    # The same day again adds nothing.
    room = Room(path)
    room.clock.now = CLOSE + timedelta(minutes=5)
    async with room.recording():
        ready(room, GUN)
        await until(lambda: (TODAY, GUN, SnapshotKind.CLOSE) in room.recorder.snapped)
    found = await read(path)
    assert len(found.snapshots) == 3
    (held,) = found.snapshots[0].positions
    assert (held.symbol, held.quantity, held.mark, held.mark_state) == ("CIM PRB", 1000, 24.55, "LIVE")
    assert held.market_value == 24550
    assert found.snapshots[0].values[0].net_liquidation == 1e5


async def test_that_one_that_has_just_become_ready_is_looked_at_twice(path: Path) -> None:
    room = Room(path)
    room.clock.now = OPEN
    async with room.recording():
        ready(room, GUN)
        room.recorder.snap_if_due()
        assert room.recorder.snapped == set()
        room.recorder.snap_if_due()
        assert room.recorder.snapped == {(TODAY, GUN, SnapshotKind.OPEN)}


async def test_that_a_snapshot_on_demand_says_what_is_old(path: Path) -> None:
    async with Room(path).recording() as room:
        assert room.recorder.take_snapshot() == []
        ready(room, GUN)
        assert room.recorder.take_snapshot() == [GUN]
        room.clock.advance(60)
        lost_at = room.clock()
        room.links[GUN].report(LinkState.CUT_OFF)
        room.book.account_lost(GUN, lost_at)
        room.book.quotes_frozen(lost_at)
        room.book.drain()
        assert room.recorder.take_snapshot() == [GUN]
    now, then = (await read(path)).snapshots
    assert (now.is_current, now.values_as_of, now.positions[0].stale_since) == (True, None, None)
    assert (then.is_current, then.values_as_of, then.positions[0].stale_since) == (False, lost_at, lost_at)
    assert then.positions[0].mark_state == "FROZEN"


@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (datetime(2026, 11, 27, 17, 59, tzinfo=UTC), []),
        (datetime(2026, 11, 27, 18, 0, tzinfo=UTC), [SnapshotKind.CLOSE]),
        (datetime(2026, 11, 26, 18, 0, tzinfo=UTC), []),
        (datetime(2026, 11, 25, 14, 44, 59, tzinfo=UTC), [SnapshotKind.OPEN]),
        (datetime(2026, 11, 25, 14, 45, tzinfo=UTC), []),
        (datetime(2026, 11, 26, 4, 59, tzinfo=UTC), [SnapshotKind.CLOSE]),
    ],
)
def test_that_half_days_and_holidays_have_their_own_close(at: datetime, kinds: list[SnapshotKind]) -> None:
    assert list(due_kinds(at)) == kinds


async def test_that_after_a_failure_the_latest_is_shown_and_not_what_the_file_had_before(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [reported("a", 1.0)])
        await until(lambda: room.screen.fills())
        room.disk.fails = "The disk is full."
        room.recorder.fills_reported(GUN, [reported("a", 2.0)])
        await until(lambda: room.recorder.problem)
        room.disk.fails = ""
        await until(lambda: room.recorder.problem is None)
        assert [each.realized_pnl for each in room.screen.fills()] == [2.0]
        assert [each.realized_pnl for each in await room.in_file()] == [2.0]


async def test_that_what_is_told_while_the_file_mends_is_written_without_waiting_for_more(path: Path) -> None:
    async with Room(path, patience_s=0.05).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.recorder.problem, what="the trouble")
        room.recorder.fills_reported(GUN, [fill("b")])
        await until(lambda: len(room.screen.fills()) == 2)
        room.disk.answers.set()
        await until(lambda: room.recorder.problem is None and not room.recorder.unwritten)
        assert len(await room.in_file()) == 2


async def test_that_what_is_told_while_a_slow_disk_writes_is_never_followed_by_what_was_told_before(
    path: Path,
) -> None:
    async with Room(path, patience_s=0.05).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [reported("a", 1.0)])
        await until(lambda: room.recorder.problem, what="the trouble")
        room.recorder.fills_reported(GUN, [reported("a", 2.0)])
        await until(lambda: [each.realized_pnl for each in room.screen.fills()] == [2.0])
        room.disk.answers.set()
        await until(lambda: room.recorder.problem is None and not room.recorder.unwritten)
        assert [each.realized_pnl for each in await room.in_file()] == [2.0]
        assert room.screen.gains == [1.0, 2.0, 2.0]


_told = st.tuples(
    st.sampled_from("abc"),
    st.integers(1, 3),
    st.none() | st.floats(-5, 5),
    st.sampled_from(IBKR_MODES),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(_told, max_size=4) | st.booleans() | st.none(), max_size=12))
def test_that_whatever_fails_and_whenever_the_file_ends_with_what_is_shown(
    tmp_path_factory: Any, story: list[Any]
) -> None:
    """A list is told, a boolean lets the disk fail or mend, ``None`` lets the recorder work."""
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite3"
    expected: dict[FillKey, Fill] = {}

    async def live() -> list[Fill]:
        async with Room(path).recording() as room:
            for event in story:
                if isinstance(event, bool):
                    room.disk.fails = "The disk is full." if event else ""
                elif event is None:
                    seen = room.disk.tried
                    room.recorder.fills_reported(GUN, [fill("tick")])
                    await until(lambda seen=seen: room.disk.tried > seen)  # type: ignore[misc]
                else:
                    for name, revision, pnl, mode in event:
                        told = reported(name, pnl, revision=revision, mode=mode)
                        expected[told.key] = merged_fill(expected.get(told.key), told)
                        room.recorder.fills_reported(mode, [told])
            room.disk.fails = ""
            room.recorder.fills_reported(GUN, [fill("end")])
            await until(lambda: FillKey("U1240821", "end") in {f.key for f in room.screen.fills()})
            await until(lambda: room.recorder.problem is None)
            return room.screen.fills()

    shown = {each.key: each for each in asyncio.run(live())}
    in_file = {each.key: each for each in asyncio.run(read(path)).fills}
    for marker in ("tick", "end"):
        shown.pop(FillKey("U1240821", marker), None)
        in_file.pop(FillKey("U1240821", marker), None)
    assert in_file == shown == expected


async def test_that_the_desk_shows_todays_before_any_link_connects(
    path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    journal = Journal(path)
    await journal.write(Batch((kept("a"),)))
    await journal.close()
    told = Settings(
        {mode: IbkrProfile(mode, "127.0.0.1", 1, 1) for mode in IBKR_MODES}, HammerProfile("127.0.0.1", 1)
    )
    monitor = Monitor(told, Clock(), journal=path)
    states: list[list[str]] = []
    monitor.links[GUN].when_changed(lambda: states.append([each.fill_id for each in monitor.fills.fills()]))
    monitor.connect_all()
    running = asyncio.create_task(monitor.run())
    await until(lambda: states)
    assert states[0] == ["a"]
    monitor.fills_reported(GUN, [fill("b")])
    await until(lambda: len(monitor.fills.fills()) == 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len((await read(path)).fills) == 2
    assert RecorderTiming().patience_s > writer.BUSY_S
