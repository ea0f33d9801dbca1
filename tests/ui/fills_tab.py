"""The fills tab as a trader reads it, and a journal that answers when the test lets it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.gains import Gains, realized
from psf_monitor.domain.fills.journal_records import (
    AccountRemark,
    DayCount,
    DayPage,
    RecordedDay,
    RecordedFill,
)
from psf_monitor.domain.fills.position_history import RecordedShare
from psf_monitor.formatting import DECIMAL_POINT, Notation
from psf_monitor.problem import Problem
from psf_monitor.ui.base.journal_port import JournalReader, Stop
from psf_monitor.ui.table.panel import TablePanel
from tests.ui.window import WindowUnderTest

Found = TypeVar("Found")


class BrokenError(Exception):
    """What the server of a question failed with, in a sentence."""


@dataclass
class Exported:
    lines: int
    missing: tuple[AccountRemark, ...] = ()
    remarks: tuple[AccountRemark, ...] = ()


@dataclass
class Book:
    """What was kept, by day."""

    kept: dict[date, RecordedDay] = field(default_factory=dict)
    missing: tuple[AccountRemark, ...] = ()
    remarks: tuple[AccountRemark, ...] = ()
    is_broken: bool = False
    recorded: RecordedShare = field(default_factory=lambda: RecordedShare((), (), None))
    written: list[tuple[Any, ...]] = field(default_factory=list)
    notation: Notation | None = None

    def _fills(self) -> list[RecordedFill]:
        return [RecordedFill(fill, fill.at) for day in self.kept.values() for fill in day.fills if fill.at]

    def _watched(self) -> list[Coverage]:
        return [each for day in self.kept.values() for each in day.coverage]

    def _check(self) -> None:
        if self.is_broken:
            raise BrokenError("The journal cannot be read.")

    async def days(self) -> Sequence[DayCount]:
        self._check()
        return [DayCount(day, len(kept.fills), len(kept.snapshots)) for day, kept in self.kept.items()]

    async def fills_in_pages(self, day: date) -> AsyncGenerator[DayPage, None]:
        self._check()
        kept = self.kept[day]
        yield DayPage(day, len(kept.fills), kept.coverage, tuple(reversed(kept.fills)))

    async def accounts(self) -> Sequence[tuple[AccountMode, str]]:
        self._check()
        return sorted({(each.fill.mode, each.fill.account) for each in self._fills()})

    async def share(self, con_id: int, symbol: str) -> RecordedShare:
        self._check()
        assert con_id or symbol
        return self.recorded

    async def realized(self, account: str, year: int, now: datetime) -> Gains:
        self._check()
        return realized(account, year, self._fills(), self._watched(), now)

    async def export_fills(
        self,
        file: Path | None,
        accounts: Collection[str],
        first: date,
        last: date,
        now: datetime,
        notation: Notation = DECIMAL_POINT,
    ) -> Exported:
        self._check()
        self.notation = notation
        self.written.append((file, tuple(accounts), first, last, now))
        return Exported(len(self._fills()), self.missing, self.remarks)

    async def export_gains(
        self,
        file: Path | None,
        accounts: Collection[str],
        year: int,
        now: datetime,
        notation: Notation = DECIMAL_POINT,
    ) -> Exported:
        self._check()
        self.notation = notation
        self.written.append((file, tuple(accounts), year, now))
        return Exported(len(self._fills()), self.missing, self.remarks)


@dataclass
class Record:
    """Answers at once, or with ``answer`` while it ``waits``."""

    is_recording: ClassVar[bool] = True
    book: Book = field(default_factory=Book)
    problem: Problem | None = None
    waits: bool = False
    loaded: tuple[AccountMode, ...] = ()
    snapshots: int = 0
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def request(
        self,
        question: Callable[[JournalReader], Awaitable[Found]],
        report: Callable[[Found], None],
        fail: Callable[[str], None],
    ) -> Stop:
        def answer() -> None:
            asked = question(self.book)
            assert isinstance(asked, Coroutine)
            try:
                asked.send(None)
            except StopIteration as found:
                report(found.value)
            except BrokenError as error:
                fail(str(error))

        self.waiting.append(answer)

        def stop() -> None:
            if answer in self.waiting:
                self.waiting.remove(answer)

        if not self.waits:
            self.answer()
        return stop

    def answer(self) -> None:
        """Answer everything that was asked and not let go of."""
        while self.waiting:
            self.waiting.pop(0)()

    def take_snapshot(self) -> Sequence[AccountMode]:
        self.snapshots += 1
        return self.loaded


def report(ui: WindowUnderTest, *fills: Fill) -> None:
    """Report these from the sources."""
    for each in fills:
        ui.fills.fills_reported(each.mode, [each])
    ui.window.show_now()


def column(panel: TablePanel[Any], key: str) -> list[str]:
    """Return the texts of one column, from the top."""
    model = panel.model
    place = model.table.index(key)
    return [model.cell(model.line(row), place).text for row in range(model.shown_count)]


def tip(panel: TablePanel[Any], key: str, place: int) -> str:
    model = panel.model
    return model.tooltip(model.line(place), model.table.index(key))
