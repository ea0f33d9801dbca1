"""A disk that fails, hangs or is spoilt while the recorder writes: nothing is hidden, nothing is lost."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.domain.fills.fill import Fill, FillKey
from psf_monitor.domain.fills.merge import merged_fill
from psf_monitor.journal.errors import JournalError
from tests.conftest import ExpectedErrors
from tests.journal.recorder.recorder_on_a_disk import Room, read
from tests.journal.records import TODAY, reported
from tests.support.fill_records import fill
from tests.support.records import GUN
from tests.support.waiting import until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


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
        await until(lambda: len(room.screen.shown) == 3)
        assert room.recorder.problem is not None
        room.disk.fails = ""
        await until(lambda: room.recorder.problem is None, what="the end of the problem")
        assert [each.fill_id for each in await room.in_file()] == ["a", "b"]
        assert len((await room.disk.day(TODAY)).coverage) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_that_the_same_list_all_day_does_not_grow_memory(path: Path) -> None:
    async with Room(path).recording() as room:
        room.disk.fails = "The disk is full."
        for minute in range(50):
            room.recorder.fills_reported(GUN, [reported(f"{n}", minute, revision=1) for n in range(4)])
            room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: room.screen.shown.count("listed U1240821") == 50)
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


EVENING = datetime(2026, 9, 17, 20, 30, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
"""What is traded then is booked on the 18th."""


@pytest.mark.parametrize(
    ("fails", "shown"),
    [
        ("undated", ["today", "evening"]),
        ("2026-09-17", ["undated", "evening"]),
        ("2026-09-18", ["today", "undated"]),
    ],
)
async def test_that_executions_read_at_the_start_are_shown_even_if_a_later_read_fails(
    path: Path, fails: str, shown: list[str]
) -> None:
    fields = (
        fill("today", at=EVENING - timedelta(hours=8)),
        fill("undated", at=None),
        fill("evening", at=EVENING),
    )
    async with Room(path, at=EVENING).recording() as room:
        room.recorder.fills_reported(GUN, fields)
        room.recorder.fills_listed(GUN, ["U1240821"])
        await until(lambda: room.recorder.unwritten == 0 and len(room.screen.shown) == 4)
    room = Room(path, at=EVENING)
    room.disk.unreadable = frozenset({fails})
    async with room.recording():
        assert sorted(each.fill_id for each in room.screen.fills()) == sorted(shown)
        assert f"{fails} failed. Mend it. What is reported is shown" in room.why()
        assert "of what the file has of today some may be missing" in room.why()
        assert not room.screen.coverage
        room.disk.unreadable = frozenset()
        await until(lambda: room.recorder.problem is None, what="the end of the problem")
        assert {each.fill_id for each in room.screen.fills()} == {"today", "undated", "evening"}
        assert room.screen.coverage


async def test_that_reports_while_today_cannot_be_read_are_written_and_repair_it(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a"), fill("b")])
        await until(lambda: len(room.screen.fills()) == 2)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE fills SET price = 'x' WHERE fill_id = 'a'")
        connection.commit()
    async with Room(path).recording() as room:
        assert "'x' is no number" in room.why()
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.recorder.problem is None, what="the end of the problem")
        assert {each.fill_id for each in room.screen.fills()} == {"a", "b"}


async def test_that_a_disk_that_does_not_answer_hides_nothing(path: Path) -> None:
    async with Room(path, patience_s=0.5).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.screen.fills())
        assert "does not take what is written" in room.why()
        room.recorder.fills_reported(GUN, [fill("b")])
        await until(lambda: len(room.screen.fills()) == 2)
        room.disk.answers.set()
        await until(lambda: room.recorder.problem is None, what="the end of the problem")
        room.recorder.fills_reported(GUN, [fill("c")])
        await until(lambda: len(room.screen.fills()) == 3)
        assert len(await room.in_file()) == 3


async def test_that_an_incomplete_write_is_reported(
    path: Path, expected_errors: ExpectedErrors, caplog: pytest.LogCaptureFixture
) -> None:
    expected_errors.allow("psf_monitor.journal.recorder")
    async with Room(path).recording() as room:
        room.disk.fails = "The disk is full."
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.recorder.problem)
    assert "the journal ends with 1 execution unwritten" in caplog.records[-1].message


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


async def test_that_a_journal_whose_tables_have_lost_their_names_is_set_aside_too(path: Path) -> None:
    async with Room(path).recording() as room:
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.screen.fills())
    spoil_a_name(path)
    with pytest.raises(JournalError, match="The file is damaged"):
        await read(path)
    async with Room(path).recording() as room:
        assert "The file was damaged. It was set aside" in room.why()
        room.recorder.fills_reported(GUN, [fill("b")])
        await until(lambda: room.screen.fills())
        assert [each.fill_id for each in await room.in_file()] == ["b"]


def spoil_a_name(path: Path) -> None:
    """SQLite names what is damaged in bytes that Python cannot decode."""
    damaged = path.read_bytes().replace(b"tablefillsfills", b"tablef\xb1llsfills")
    path.write_bytes(damaged.replace(b"CREATE TABLE fills", b"CREATE TABLX fills"))


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


async def test_that_reports_during_a_repair_of_the_file_are_written_without_waiting_for_more(
    path: Path,
) -> None:
    async with Room(path, patience_s=0.05).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [fill("a")])
        await until(lambda: room.recorder.problem, what="the problem")
        room.recorder.fills_reported(GUN, [fill("b")])
        await until(lambda: len(room.screen.fills()) == 2)
        room.disk.answers.set()
        await until(lambda: room.recorder.problem is None and not room.recorder.unwritten)
        assert len(await room.in_file()) == 2


async def test_that_news_during_a_slow_write_is_never_overwritten_by_older_news(
    path: Path,
) -> None:
    async with Room(path, patience_s=0.05).recording() as room:
        room.disk.answers.clear()
        room.recorder.fills_reported(GUN, [reported("a", 1.0)])
        await until(lambda: room.recorder.problem, what="the problem")
        room.recorder.fills_reported(GUN, [reported("a", 2.0)])
        await until(lambda: [each.realized_pnl for each in room.screen.fills()] == [2.0])
        room.disk.answers.set()
        await until(lambda: room.recorder.problem is None and not room.recorder.unwritten)
        assert [each.realized_pnl for each in await room.in_file()] == [2.0]
        assert room.screen.gains == [1.0, 2.0, 2.0]


_reported = st.tuples(
    st.sampled_from("abc"),
    st.integers(1, 3),
    st.none() | st.floats(-5, 5),
    st.sampled_from(IBKR_MODES),
)


@given(st.lists(st.lists(_reported, max_size=4) | st.booleans() | st.none(), max_size=12))
def test_that_whatever_fails_and_whenever_the_file_ends_with_what_is_shown(
    tmp_path_factory: Any, story: list[Any]
) -> None:
    """A list is reported, a boolean makes the disk fail or recover, ``None`` lets the recorder work."""
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
                        received = reported(name, pnl, revision=revision, mode=mode)
                        expected[received.key] = merged_fill(expected.get(received.key), received)
                        room.recorder.fills_reported(mode, [received])
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
