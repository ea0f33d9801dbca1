"""The window over a real journal: what is traded is written, read again, exported and added up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.app import launch
from psf_monitor.app.options import WindowOptions
from psf_monitor.app.services import JournalService
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.cli.main import main
from psf_monitor.domain.fills.journal_records import DayCount
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.ui.journal.export_dialog import ExportDialog
from psf_monitor.ui.journal.recorded_days_dialog import RecordedDaysDialog
from tests.app.running_window import in_qt, opened
from tests.conftest import ExpectedErrors
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, Clock
from tests.support.waiting import PATIENCE_S, PATIENT_JOURNAL, until

TODAY = date(2026, 9, 18)


@pytest.fixture
async def recorder(tmp_path: Path) -> AsyncIterator[Recorder]:
    clock = Clock()
    book = Book(clock)
    recorder = Recorder(
        Journal(tmp_path / "journal.sqlite3"), Fills(clock), book, clock, timing=PATIENT_JOURNAL
    )
    async with recorder.recording({}):
        yield recorder


async def received(ask: Callable[[Callable[[Any], None], Callable[[str], None]], object]) -> Any:
    """Return the result, or the sentence that says why there is none."""
    reported: list[Any] = []
    ask(reported.append, reported.append)
    await until(lambda: reported, what="an answer")
    return reported[0]


async def test_that_recorded_fills_are_found_again(recorder: Recorder) -> None:
    record = JournalService(lambda: recorder)
    recorder.fills_reported(GUN, [fill("1.1", at=NOON)])
    found: list[DayCount] = []
    async with asyncio.timeout(PATIENCE_S):
        while not found or not found[0].fills:
            found = await received(lambda report, fail: record.request(lambda j: j.days(), report, fail))
    assert found == [DayCount(TODAY, fills=1, snapshots=0)]
    assert record.problem is None
    await record.close()


async def test_that_a_file_that_cannot_be_written_is_reported_in_a_sentence(
    recorder: Recorder, tmp_path: Path
) -> None:
    record = JournalService(lambda: recorder)
    nowhere = tmp_path / "nowhere" / "x.csv"
    text = await received(
        lambda report, fail: record.request(
            lambda j: j.export_fills(nowhere, [], TODAY, TODAY, NOON), report, fail
        )
    )
    assert "nowhere" in text
    assert "cannot be written" in text
    await record.close()


async def test_that_a_journal_that_fails_is_reported_in_its_own_text(tmp_path: Path) -> None:
    clock = Clock()
    recorder = Recorder(Journal(tmp_path / "no.sqlite3"), Fills(clock), Book(clock), clock)
    record = JournalService(lambda: recorder)
    text = await received(lambda report, fail: record.request(lambda j: j.days(), report, fail))
    assert text.startswith("The journal ")
    await record.close()


async def test_that_before_the_window_has_loaded_its_journal_nothing_is_wrong_with_it() -> None:
    record = JournalService(lambda: None)
    assert record.problem is None
    assert record.take_snapshot() == []
    await record.close()


async def test_that_released_symbols_are_not_reported(recorder: Recorder) -> None:
    record = JournalService(lambda: recorder)
    reported: list[object] = []
    record.request(lambda j: j.days(), reported.append, reported.append)()
    record.request(lambda j: j.days(), reported.append, reported.append)
    await record.close()
    assert reported == []
    assert await received(lambda report, fail: record.request(lambda j: j.days(), report, fail)) == []


async def test_that_an_answer_that_nobody_can_take_is_logged(
    recorder: Recorder, expected_errors: ExpectedErrors, caplog: pytest.LogCaptureFixture
) -> None:
    expected_errors.allow("psf_monitor.app")
    record = JournalService(lambda: recorder)

    def stumble(_found: object) -> None:
        raise ZeroDivisionError

    record.request(lambda j: j.days(), stumble, stumble)
    await until(lambda: "unforeseen" in caplog.text)
    await record.close()


@pytest.mark.parametrize(
    ("given", "tab"), [(["--tab", "fills"], "fills"), (["--tab", "orders"], "orders"), ([], None)]
)
def test_that_the_tab_of_the_command_line_reaches_the_window(
    monkeypatch: pytest.MonkeyPatch, given: list[str], tab: str | None
) -> None:
    asked: list[WindowOptions] = []

    def run(options: WindowOptions) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr(launch, "run", run)
    assert main(["--demo", *given]) == 0
    assert asked[0].tab == tab


@pytest.fixture
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs a lost line as an error of its own."""
    expected_errors.allow("ib_insync.client")


@pytest.mark.usefixtures("_ib_insync_may_complain")
def test_that_a_days_trading_is_in_the_window_and_in_the_file(qapp: QApplication, tmp_path: Path) -> None:
    async def story() -> None:
        options = WindowOptions(None, "normal", 7, "dark", (1280, 720), None, 0, tab="fills")
        async with opened(qapp, options) as window:
            await until(lambda: "checked" in window.fills.remark.text, what="the list of the day")
            assert window.fills.isVisible()
            shown = window.fills.model.row_count
            assert shown
            assert window.fills.chip.text == ""
            window.menus.export.trigger()
            (dialog,) = window.findChildren(ExportDialog)
            dialog.file.setText(str(tmp_path / "fills.csv"))
            dialog.save.click()
            await until(lambda: "written to" in dialog.message.text(), what="the file")
            assert len((tmp_path / "fills.csv").read_text("utf-8-sig").splitlines()) >= shown + 1
            window.controllers.journal.choose_day()
            (history,) = window.findChildren(RecordedDaysDialog)
            await until(lambda: history.days.count(), what="the days")

    in_qt(qapp, story)
