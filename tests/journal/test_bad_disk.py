"""A full or read-only disk: everything is shown, the problem is reported, and writing follows when
possible.
"""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.backoff import Backoff
from psf_monitor.journal.errors import JournalError
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from tests.endurance.disk.test_bad_disks import disk, needs_mount
from tests.endurance.disk.test_bad_disks import fill as fill_up
from tests.journal.records import TODAY
from tests.support.fill_records import fill
from tests.support.records import GUN, Clock
from tests.support.waiting import PATIENT_JOURNAL, until

MANY = 300


@asynccontextmanager
async def recording(folder: Path) -> AsyncIterator[tuple[Recorder, Fills]]:
    clock = Clock()
    shown = Fills(clock)
    journal = Journal(folder / "psf_monitor" / "journal.sqlite3")
    timing = replace(PATIENT_JOURNAL, backoff=Backoff(first_s=0.01, most_s=0.05))
    recorder = Recorder(journal, shown, Book(clock), clock, timing=timing)
    async with recorder.recording({}):
        yield recorder, shown


def record_many(recorder: Recorder, start: int) -> None:
    for number in range(start, start + MANY):
        recorder.fills_reported(GUN, [fill(f"{number:05}")])


@needs_mount
async def test_that_a_full_disk_hides_nothing_and_loses_nothing(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=1m") as folder:
        async with recording(folder) as (recorder, shown):
            record_many(recorder, 0)
            await until(lambda: len(shown.fills()) == MANY)
            assert recorder.problem is None
            fill_up(folder)
            record_many(recorder, MANY)
            record_many(recorder, 2 * MANY)
            record_many(recorder, 3 * MANY)
            await until(lambda: len(shown.fills()) == 4 * MANY)
            await until(lambda: recorder.problem, what="the problem")
            assert recorder.problem is not None
            assert "full" in recorder.problem.why
            (folder / "ballast").unlink()
            await until(lambda: recorder.problem is None, what="the end of the problem")
            assert len((await recorder.journal.day(TODAY)).fills) == 4 * MANY


@needs_mount
async def test_that_a_read_only_disk_hides_nothing_and_reports_it(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=1m,ro") as folder:
        async with recording(folder) as (recorder, shown):
            record_many(recorder, 0)
            await until(lambda: len(shown.fills()) == MANY)
            assert recorder.problem is not None
            assert "ead-only" in recorder.problem.why
            subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)  # noqa: ASYNC221
            await until(lambda: recorder.problem is None, what="the end of the problem")
            assert len((await recorder.journal.day(TODAY)).fills) == MANY


@needs_mount
async def test_that_a_journal_that_has_become_read_only_is_reported(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=1m") as folder:
        async with recording(folder) as (recorder, _shown):
            record_many(recorder, 0)
            path = recorder.journal.path
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)  # noqa: ASYNC221
        journal = Journal(path)
        try:
            for asked in (journal.open(), journal.day(TODAY)):
                with pytest.raises(JournalError, match="read-only"):
                    await asked
        finally:
            await journal.close()
