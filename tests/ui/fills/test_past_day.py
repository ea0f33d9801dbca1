"""A past day of very many fills: out of a real journal into the real window, page by page."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from psf_monitor.app.services import JournalService
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.pacing import FILLS_A_TURN, FILLS_OF_A_SCREEN
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill_totals import totals
from psf_monitor.domain.fills.journal_records import DayPage, RecordedFill
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.journal.writer import Batch, Writer
from psf_monitor.ui.fills.panel import FillsPanel
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.shell.main_window import MainWindow
from psf_monitor.ui.table.export.csv_dialog import open_csv_dialog
from tests.app.running_window import in_qt
from tests.conftest import named_in_failure
from tests.support.fill_records import fill
from tests.support.make_window import make_window
from tests.support.records import GUN, NOON, Clock
from tests.support.waiting import until
from tests.ui.fills_tab import column
from tests.ui.service import Service

pytestmark = pytest.mark.unseen

DAY, DAY_BEFORE = date(2026, 9, 17), date(2026, 9, 16)
COUNT = FILLS_OF_A_SCREEN + 2 * FILLS_A_TURN + 7
FEW = 3


class HeldJournal(Journal):
    """The real journal, which returns a page when it is released."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.released = asyncio.Semaphore(0)

    async def fills_in_pages(self, day: date) -> AsyncGenerator[DayPage, None]:
        async with aclosing(super().fills_in_pages(day)) as pages:
            async for page in pages:
                await self.released.acquire()
                yield page

    def hold(self) -> None:
        """Return no further page until it is released."""
        self.released = asyncio.Semaphore(0)

    def let(self, pages: int = 1000) -> None:
        for _ in range(pages):
            self.released.release()


class Trader:
    """The window over the journal, and what the trader reads in it."""

    def __init__(
        self, window: MainWindow, journal: HeldJournal, record: JournalService, fills: Fills
    ) -> None:
        self.window, self.journal, self.record, self.fills = window, journal, record, fills
        self.panel: FillsPanel = window.fills

    def show(self, day: date | None) -> None:
        self.window.controllers.fills.show_day(day)

    async def has_read(self, count: int) -> None:
        await until(lambda: self.panel.model.row_count == count, what=f"{count} fills")

    async def is_whole(self, day: date = DAY) -> None:
        await until(lambda: self.panel.day == day and not self.panel.why_partial, what="the whole day")

    @property
    def texts(self) -> tuple[str, str, str]:
        return self.panel.count.text, self.panel.chip.text, self.panel.warning.text


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of many fills, some at the same moment, and the day before it of a few."""
    path = tmp_path_factory.mktemp("days") / "journal.sqlite3"
    writer = Writer(path)
    for day, count in ((DAY, COUNT), (DAY_BEFORE, FEW)):
        noon = NOON.replace(day=day.day)
        reported = [
            fill(
                f"{number * 7919 % count:06x}.{day.day}",
                f"S{number % 11:02} PRA",
                "SELL" if number % 3 else "BUY",
                100 + number % 5,
                20 + number % 40 / 16,
                at=noon - timedelta(seconds=number // 2),
                commission=0.35,
            )
            for number in range(count)
        ]
        writer.write(Batch(tuple(RecordedFill(each, noon) for each in reported)))
    writer.close()
    return path


async def _never() -> None:
    raise AssertionError("nothing is connected")


@asynccontextmanager
async def opened(qapp: QApplication, path: Path) -> AsyncIterator[Trader]:
    clock = Clock()
    fills, journal = Fills(clock), HeldJournal(path)
    recorder = Recorder(journal, fills, Book(clock), clock)
    record = JournalService(lambda: recorder)
    links = {mode: Link(mode.value, "127.0.0.1:1", _never, clock) for mode in AccountMode}
    window = make_window(Book(clock), links, clock, fills=fills, service=Service(record=record))
    # As in the product: the loop runs until everything the window began has ended.
    qapp.setQuitOnLastWindowClosed(False)
    window.show()
    try:
        yield Trader(window, journal, record, fills)
    finally:
        window.close()
        await record.close()
        await journal.close()


Story = Callable[[Trader], Awaitable[None]]


@pytest.fixture
def play(qapp: QApplication, kept: Path) -> Callable[[Story], None]:
    def played(story: Story, path: Path = kept) -> None:
        async def run() -> None:
            async with opened(qapp, path) as trader:
                await story(trader)

        in_qt(qapp, run)

    return played


Play = Callable[..., None]


def test_that_a_partial_day_is_shown_and_never_called_complete(play: Play) -> None:
    async def story(trader: Trader) -> None:
        trader.show(DAY)
        trader.journal.let(1)
        await trader.has_read(FILLS_OF_A_SCREEN)
        assert trader.texts == ("100", "LOADING", f"100 of {COUNT:,} fills so far")
        assert column(trader.panel, "at")[0] == "12:00:00"
        trader.panel.by_symbol.click()
        assert trader.panel.totals.model.row_count == 0
        empty = trader.panel.totals.frame.empty
        assert (empty.isHidden(), empty.shown.title) == (False, "Loading fills…")
        assert empty.shown.steps[0] == f"100 of {COUNT:,} fills so far."
        trader.journal.let(1)
        read = FILLS_OF_A_SCREEN + FILLS_A_TURN
        await trader.has_read(read)
        assert trader.texts == (f"{read:,}", "LOADING", f"{read} of {COUNT:,} fills so far")

    play(story)


def test_that_a_day_in_pages_ends_as_the_journal_has_it(play: Play) -> None:
    async def story(trader: Trader) -> None:
        trader.panel.by_symbol.click()
        trader.show(DAY)
        trader.journal.let()
        await trader.is_whole()
        kept = (await trader.journal.day(DAY)).fills
        rows = [line.row for line in trader.panel.model.lines(range(COUNT))]
        assert rows == sorted(map(FillRow, kept), key=trader.panel.model.table.order)
        assert trader.texts[0] == f"{COUNT:,}"
        assert trader.texts[1] == "INCOMPLETE"
        assert "Nothing was watched" in trader.texts[2]
        summed = trader.panel.totals.model
        await until(lambda: summed.row_count, what="the sums")
        assert [line.row.total for line in summed.lines(range(summed.row_count))] == totals(kept)
        assert trader.panel.totals.frame.empty.isHidden()

    play(story)


@pytest.mark.parametrize("pages_before", [0, 2])
def test_that_pages_end_up_in_the_order_that_the_trader_chose(play: Play, pages_before: int) -> None:
    async def sorted_by(trader: Trader, key: str, side: Qt.SortOrder) -> None:
        trader.show(DAY)
        trader.journal.let(pages_before)
        if pages_before:
            await trader.has_read(FILLS_OF_A_SCREEN + FILLS_A_TURN)
        model = trader.panel.model
        place = model.table.index(key)
        trader.panel.view.sortByColumn(place, side)
        trader.journal.let()
        await trader.is_whole()
        order = model.table.order
        value: Callable[[FillRow], Any] = model.columns[place].value
        rows = [line.row for line in model.lines(range(COUNT))]
        by_tie = sorted(rows, key=order)
        assert rows == sorted(by_tie, key=value, reverse=side is Qt.SortOrder.DescendingOrder)
        assert len(rows) == COUNT
        trader.journal.hold()
        trader.show(None)
        await until(lambda: trader.panel.day != DAY, what="today")

    async def story(trader: Trader) -> None:
        for side in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            for key in ("symbol", "price", "quantity", "at"):
                with named_in_failure(side, key):
                    await sorted_by(trader, key, side)

    play(story)


def test_that_the_filter_holds_for_pages_to_come(play: Play) -> None:
    async def story(trader: Trader) -> None:
        trader.window.positions.filter_box.setText("S03")
        trader.show(DAY)
        trader.journal.let(1)
        await trader.has_read(FILLS_OF_A_SCREEN)
        assert set(column(trader.panel, "symbol")) == {"S03 PRA"}
        trader.window.positions.filter_box.setText("XYZ")
        empty = trader.panel.frame.empty
        assert empty.shown.steps == (f"100 of {COUNT:,} fills so far.", "None of these matches “XYZ”.")
        trader.journal.let()
        await trader.is_whole()
        assert "XYZ" in empty.shown.title
        trader.window.positions.filter_box.setText("s03")
        shown = column(trader.panel, "symbol")
        assert set(shown) == {"S03 PRA"}
        assert trader.texts[0] == f"{len(shown):,} of {COUNT:,}"

    play(story)


def lines_in(file: Path) -> int | None:
    """Return ``None`` where the file is not there yet, or is still held by its writer, as on Windows."""
    try:
        return len(file.read_text("utf-8-sig").splitlines())
    except OSError:
        return None


def test_that_a_table_that_has_a_part_of_its_rows_is_written_to_no_file(play: Play, tmp_path: Path) -> None:
    async def story(trader: Trader) -> None:
        trader.show(DAY)
        trader.journal.let(1)
        await trader.has_read(FILLS_OF_A_SCREEN)
        file = tmp_path / "fills.csv"
        open_csv_dialog(trader.panel, trader.window).fileSelected.emit(str(file))
        (box,) = trader.window.findChildren(QMessageBox)
        assert box.text() == f"{file} was not written: 100 of {COUNT:,} fills so far."
        assert not file.exists()
        trader.journal.let()
        await trader.is_whole()
        open_csv_dialog(trader.panel, trader.window).fileSelected.emit(str(file))
        await until(lambda: lines_in(file) == COUNT + 1, what="the whole file")

    play(story)


def test_that_another_day_that_is_chosen_meanwhile_is_shown_alone(play: Play) -> None:
    async def story(trader: Trader) -> None:
        trader.show(DAY)
        trader.journal.let(2)
        await trader.has_read(FILLS_OF_A_SCREEN + FILLS_A_TURN)
        trader.show(DAY_BEFORE)
        trader.journal.let()
        await trader.is_whole(DAY_BEFORE)
        assert trader.panel.model.row_count == FEW
        assert trader.texts[1] == "INCOMPLETE"
        assert trader.panel.day_button.text() == "Wed 2026-09-16"

    play(story)


def test_that_the_way_back_to_today_leaves_nothing_of_a_day_that_is_still_coming(play: Play) -> None:
    async def story(trader: Trader) -> None:
        trader.fills.fills_reported(GUN, [fill("today.1", "GS PRA")])
        trader.show(DAY)
        trader.journal.let(1)
        await trader.has_read(FILLS_OF_A_SCREEN)
        trader.show(None)
        assert column(trader.panel, "symbol") == ["GS PRA"]
        trader.journal.let()
        await trader.record.close()
        assert column(trader.panel, "symbol") == ["GS PRA"]
        assert (trader.panel.chip.text, trader.panel.why_partial) == ("", "")

    play(story)


def damaged(kept: Path, folder: Path) -> Path:
    """The same journal with an invalid value in the oldest fill of the day, which comes last."""
    path = folder / "damaged.sqlite3"
    path.write_bytes(kept.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE fills SET quantity = 'many' WHERE at = (SELECT min(at) FROM fills WHERE day = ?)",
            (DAY.isoformat(),),
        )
    return path


def test_that_a_day_that_breaks_off_shows_how_far_it_came_and_why(
    play: Play, kept: Path, tmp_path: Path
) -> None:
    async def story(trader: Trader) -> None:
        trader.panel.by_symbol.click()
        trader.show(DAY)
        trader.journal.let()
        await until(lambda: trader.panel.chip.text == "INCOMPLETE", what="the end")
        read = FILLS_OF_A_SCREEN + 2 * FILLS_A_TURN
        assert trader.texts == (f"{read:,}", "INCOMPLETE", f"{read:,} of {COUNT:,} fills could be read")
        assert "psf_monitor never wrote" in trader.panel.warning.toolTip()
        assert "psf_monitor never wrote" in trader.window.status.news.text
        assert trader.panel.totals.model.row_count == 0
        assert "could not be read" in trader.panel.totals.frame.empty.shown.title
        assert str(tmp_path) not in " ".join(trader.panel.totals.frame.empty.shown.steps)
        trader.show(DAY_BEFORE)
        await trader.is_whole(DAY_BEFORE)
        assert trader.panel.model.row_count == FEW

    play(story, damaged(kept, tmp_path))


def test_that_a_day_that_cannot_be_read_at_all_leaves_the_one_before_and_names_what_that_is(
    play: Play,
) -> None:
    async def story(trader: Trader) -> None:
        trader.show(DAY)
        trader.journal.let(1)
        await trader.has_read(FILLS_OF_A_SCREEN)
        await trader.journal.close()
        trader.show(DAY_BEFORE)
        await until(lambda: trader.panel.chip.text == "INCOMPLETE", what="the end")
        assert trader.texts[2] == f"100 of {COUNT:,} fills could be read"
        assert trader.panel.day == DAY

    play(story)


def test_that_a_window_that_closes_meanwhile_lets_the_journal_go(
    play: Play, kept: Path, tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(kept.read_bytes())

    async def story(trader: Trader) -> None:
        await trader.journal.open()
        trader.show(DAY)
        trader.journal.let(1)
        await trader.has_read(FILLS_OF_A_SCREEN)

    play(story, path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
