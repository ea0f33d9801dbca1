"""A day out of the journal page by page: the newest first, each once, all as of one moment."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import aclosing, closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.connection.pacing import FILLS_A_TURN, FILLS_OF_A_SCREEN
from psf_monitor.domain.fills.coverage import Coverage
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.journal_records import DayPage, RecordedFill
from psf_monitor.journal.day_pages import DayPages
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.writer import Batch, Writer
from tests.journal.content import files_beside
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON

DAY = NOON.date()
MANY = FILLS_OF_A_SCREEN + FILLS_A_TURN + 1


def executions(count: int) -> list[Fill]:
    """Some of them at the same moment, and of the same share."""
    return [
        fill(f"{number:06x}.1", f"S{number % 7}", at=NOON - timedelta(seconds=number * 31 % 97))
        for number in range(count)
    ]


async def write(journal: Journal, *fills: Fill, watched: Sequence[Coverage] = ()) -> None:
    await journal.write(Batch(tuple(RecordedFill(each, NOON) for each in fills), tuple(watched)))


async def pages_of(journal: Journal, day: date = DAY) -> list[DayPage]:
    async with aclosing(journal.fills_in_pages(day)) as pages:
        return [page async for page in pages]


def newest_first(fill: Fill) -> tuple[float, str, str, str]:
    assert fill.at is not None
    return -fill.at.timestamp(), fill.instrument.symbol, *fill.key


def fills_of(pages: Sequence[DayPage]) -> list[Fill]:
    return [each for page in pages for each in page.fills]


async def test_that_a_screen_comes_first_and_the_rest_by_the_turn(journal: Journal) -> None:
    await write(journal, *executions(MANY))
    pages = await pages_of(journal)
    assert [len(page.fills) for page in pages] == [FILLS_OF_A_SCREEN, FILLS_A_TURN, 1]
    assert {page.fill_count for page in pages} == {MANY}
    assert fills_of(pages) == sorted(executions(MANY), key=newest_first)


async def test_that_the_pages_hold_what_the_day_holds(journal: Journal) -> None:
    await write(journal, *executions(MANY), fill("other.1", at=NOON - timedelta(days=1)))
    kept = await journal.day(DAY)
    assert sorted(fills_of(await pages_of(journal)), key=newest_first) == sorted(kept.fills, key=newest_first)


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("journal") / "some.sqlite3"
    writer = Writer(path)
    writer.write(Batch(tuple(RecordedFill(each, NOON) for each in executions(30))))
    writer.close()
    return path


@given(st.lists(st.integers(1, 12), min_size=30, max_size=30))
def test_that_pages_of_any_size_have_each_execution_once(some: Path, sizes: list[int]) -> None:
    pages = DayPages(some, DAY)
    found: list[Fill] = []
    for most in sizes:
        page = pages.read(most)
        if page is None:
            break
        assert 0 < len(page.fills) <= most
        found += page.fills
    pages.close()
    assert found == sorted(executions(30), key=newest_first)[: len(found)]
    assert len(found) == min(sum(sizes), 30)


async def test_that_an_empty_day_is_one_page_with_how_it_was_watched(journal: Journal) -> None:
    watched = Coverage(DAY, GUN, "U1", NOON, NOON)
    await write(journal, watched=[watched])
    assert await pages_of(journal) == [DayPage(DAY, 0, (watched,), ())]


async def test_that_all_pages_are_as_of_the_moment_of_the_first(journal: Journal) -> None:
    before = executions(MANY)
    await write(journal, *before)
    found: list[DayPage] = []
    async with aclosing(journal.fills_in_pages(DAY)) as pages:
        async for page in pages:
            found.append(page)
            await write(journal, *(fill(each.fill_id, price=1.0, at=each.at, revision=9) for each in before))
            await write(journal, fill(f"later.{len(found)}", at=NOON - timedelta(hours=1)))
    assert fills_of(found) == sorted(before, key=newest_first)
    assert {page.fill_count for page in found} == {MANY}


async def test_that_a_row_that_cannot_be_read_is_named_and_ends_it(journal: Journal, path: Path) -> None:
    await write(journal, *executions(MANY))
    oldest = max(executions(MANY), key=newest_first)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE fills SET quantity = 'many' WHERE fill_id = ?", (oldest.fill_id,))
    async with aclosing(journal.fills_in_pages(DAY)) as pages:
        assert len((await anext(pages)).fills) == FILLS_OF_A_SCREEN
        assert len((await anext(pages)).fills) == FILLS_A_TURN
        with pytest.raises(JournalError, match=oldest.fill_id):
            await anext(pages)
    assert [each.fills for each in await journal.days()] == [MANY]


async def test_that_a_file_that_is_opened_anew_ends_it_and_reports_it(journal: Journal) -> None:
    await write(journal, *executions(MANY))
    async with aclosing(journal.fills_in_pages(DAY)) as pages:
        await anext(pages)
        await journal.open()
        with pytest.raises(JournalError, match="opened anew"):
            await anext(pages)
    assert len(await pages_of(journal)) == 3


@pytest.mark.parametrize("pages_read", [1, 2])
async def test_that_whoever_does_not_listen_to_the_end_leaves_nothing_open(
    path: Path, pages_read: int
) -> None:
    journal = Journal(path)
    await write(journal, *executions(MANY))
    async with aclosing(journal.fills_in_pages(DAY)) as pages:
        for _ in range(pages_read):
            await anext(pages)
    await journal.close()
    assert files_beside(path) == [path.name]


async def test_that_a_journal_that_closes_meanwhile_leaves_nothing_open(path: Path) -> None:
    journal = Journal(path)
    await write(journal, *executions(MANY))
    async with aclosing(journal.fills_in_pages(DAY)) as pages:
        await anext(pages)
        await journal.close()
        assert files_beside(path) == [path.name]
        with pytest.raises(JournalError, match="closed"):
            await anext(pages)


async def test_that_a_cancelled_reader_leaves_nothing_open(path: Path) -> None:
    journal = Journal(path)
    await write(journal, *executions(MANY))
    reading = asyncio.create_task(pages_of(journal))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await journal.close()
    assert files_beside(path) == [path.name]


async def test_that_no_file_is_reported(path: Path) -> None:
    journal = Journal(path)
    with pytest.raises(JournalError, match="cannot be read"):
        await pages_of(journal)
    await journal.close()
