"""What is shown is stored first; if it cannot be, that is reported, and it is stored later."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.pacing import FILLS_A_TURN
from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.domain.clock import Clock as CorrectedClock
from psf_monitor.journal import writer
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.journal.timing import RecorderTiming
from psf_monitor.journal.writer import Batch
from psf_monitor.problem import Problem
from psf_monitor.runtime.monitor import Monitor, Storage
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from tests.conftest import ExpectedErrors
from tests.journal.recorder.recorder_on_a_disk import Room, read
from tests.journal.records import recorded_fill
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, PED, Clock
from tests.support.waiting import until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


async def test_that_nothing_is_shown_before_it_is_in_the_file(path: Path) -> None:
    async with Room(path).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [fill("a"), fill("b")])
        room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: room.disk.tried == 2, what="the write")
        assert room.screen.shown == []
        room.disk.answers.set()
        await until(lambda: len(room.screen.shown) == 3, what="what is recorded_fill")
        assert len(await room.in_file()) == 2
        assert room.recorder.problem is None


async def test_that_reports_are_passed_on_in_order(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a")])
        room.recorder.fills_listed(GUN, ["U1", "U2"])
        room.recorder.fills_reported(PED, [fill("b", mode=PED, account="U9")])
        room.recorder.fills_unavailable(PED, Problem("no answer"))
        room.recorder.fills_reported(GUN, [fill("c")])
        await until(lambda: len(room.screen.shown) == 5)
        assert room.screen.shown == ["a.01", "listed U1, U2", "b.01", "no answer", "c.01"]
        assert str(room.screen.state(PED).problem) == "no answer"


async def test_that_a_list_is_as_of_its_arrival_however_long_the_write_takes(path: Path) -> None:
    async with Room(path).recording() as room:
        room.disk.answers.clear()
        received_at = room.clock()
        room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: room.disk.tried == 2, what="the write")
        room.clock.advance(600)
        room.disk.answers.set()
        await until(lambda: room.screen.shown, what="the list")
        assert room.screen.state(GUN).as_of == received_at


async def test_that_an_execution_is_shown_as_the_file_has_it(path: Path) -> None:
    async with Room(path).recording() as room:
        other = Journal(path)
        await other.write(Batch((recorded_fill("a", revision=2, price=24.4),)))
        await other.close()
        room.recorder.fills_reported(GUN, [fill("a", price=24.5)])
        await until(lambda: room.screen.fills())
        assert [each.price for each in room.screen.fills()] == [24.4]


async def test_that_todays_fills_are_shown_at_the_start_and_not_announced(path: Path) -> None:
    async with Room(path).recording() as room:
        yesterday = NOON - timedelta(days=1)
        room.recorder.fills_reported(GUN, [fill("a"), fill("old", at=yesterday)])
        room.recorder.fills_reported(PED, [fill("b", mode=PED, account="U9")])
        await until(lambda: len(room.screen.shown) == 3)
    async with Room(path).recording() as room:
        assert [each.fill_id for each in room.screen.fills()] == ["a", "b"]
        assert room.screen.drain().arrived == ()


async def test_that_very_many_of_today_are_shown_in_turns_at_the_start(path: Path) -> None:
    many = 2 * FILLS_A_TURN + 1
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill(str(number)) for number in range(many)])
        await until(lambda: len(room.screen.shown) == many)
    room = Room(path)
    seen = {0}

    async def look() -> None:
        while max(seen) < many:
            seen.add(len(room.screen.shown))
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    async with room.recording():
        await looking
    assert seen == {0, FILLS_A_TURN, 2 * FILLS_A_TURN, many}


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


async def test_that_the_last_reports_are_in_the_file_at_the_end(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a")])
        room.recorder.fills_listed(GUN, ["U1240821"])
    found = await read(path)
    assert len(found.fills) == len(found.coverage) == 1


async def test_that_the_window_shows_todays_before_any_link_connects(
    path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    journal = Journal(path)
    await journal.write(Batch((recorded_fill("a"),)))
    await journal.close()
    reported = Settings(
        {mode: IbkrProfile(mode, "127.0.0.1", 1, 1) for mode in IBKR_MODES}, HammerProfile("127.0.0.1", 1)
    )
    monitor = Monitor(reported, Clock(), storage=Storage(path))
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


@pytest.mark.parametrize("days_off", [-1, 1, 400])
async def test_that_todays_fills_are_shown_once_tws_has_set_a_clock_of_another_day_right(
    path: Path, days_off: int
) -> None:
    async with Room(path).recording() as room:
        evening_before = fill("a", at=NOON - timedelta(hours=15))
        room.recorder.fills_reported(GUN, [evening_before, fill("b")])
        await until(lambda: len(room.screen.shown) == 2)
    clock = CorrectedClock(lambda: NOON + timedelta(days=days_off))
    screen = Fills(clock)
    recorder = Recorder(Journal(path), screen, Book(clock), clock)
    async with recorder.recording({}):
        clock.set_by("TWS", NOON)
        recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: screen.state(GUN).as_of, what="the list")
        screen.drain()
        assert [each.fill_id for each in screen.fills()] == ["a", "b"]
