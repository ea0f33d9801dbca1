"""The journal of a year next to an empty one: how fast a past day opens, and what the window feels of it."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import inf
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer

from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.app.services import JournalService
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.journal_records import RecordedFill
from psf_monitor.domain.market_hours import session_of
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.journal.writer import Batch, Writer
from psf_monitor.ui.base.garbage import collected_by_the_window
from psf_monitor.ui.fills.panel import FillsPanel
from tests.benchmarks.measurements import Stalls, Turns, application, percentile
from tests.benchmarks.plan import Figure, Measured, Plan
from tests.benchmarks.product import until
from tests.support.fill_records import fill
from tests.support.make_window import make_window
from tests.support.records import GUN, NOON, Clock
from tests.ui.service import Service

NAME = "journal"
OURS, EMPTY = "psf_monitor", "an empty journal"

TRADING_DAYS = 250
ASKED = 40
"""Past days that are opened, one after the other, while executions stream in."""
STREAMED_EVERY_S = 0.02
_TIMES = 5
_PAUSE_S = 0.5
_HELD, _FIRST, _WHOLE = "longest turn ms", "first rows painted ms", "all rows ms"

HOW = (
    "Journal: on the window's event loop, an execution comes every 20 ms, written through to the disk and "
    f"shown, while {ASKED} past days are opened one after the other. The same next to an empty journal. The "
    f"executions are spread over {TRADING_DAYS} trading days. Then one past day has all of them, and is "
    "shown in the window's fills: a turn is what the event loop does until Qt has its own again, in "
    "processor time, from the click to some moments after the last row."
)


@dataclass(frozen=True, slots=True)
class _Found:
    days_ms: list[float]
    stalls_ms: list[float]


def _days_before(day: date, count: int) -> list[date]:
    days: list[date] = []
    while len(days) < count:
        day -= timedelta(days=1)
        if session_of(day) is not None:
            days.append(day)
    return days


def _fill_up(path: Path, days: list[date], executions: int) -> None:
    writer = Writer(path)
    per_day = max(executions // len(days), 1)
    for day in days:
        noon = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
        reported = (
            fill(
                f"{day}-{number}", at=noon + timedelta(seconds=0.3 * number), commission=1.0, realized_pnl=2.5
            )
            for number in range(per_day)
        )
        writer.write(Batch(tuple(RecordedFill(each, noon) for each in reported)))
    writer.close()


async def _lived_with(path: Path, days: list[date], asked: int) -> _Found:
    clock = Clock()
    shown = Fills(clock)
    recorder = Recorder(Journal(path), shown, Book(clock), clock)
    stalls, days_ms = Stalls(), []

    async def stream() -> None:
        number = 0
        while True:
            number += 1
            recorder.fills_reported(GUN, [fill(f"live-{number}")])
            await asyncio.sleep(STREAMED_EVERY_S)

    async with recorder.recording({}):
        streaming = asyncio.create_task(stream())
        await recorder.journal.day(days[0])
        stalls.start()
        for index in range(asked):
            began = time.perf_counter()
            await recorder.journal.day(days[index * len(days) // asked])
            days_ms.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(STREAMED_EVERY_S)
        gaps = stalls.stop()
        await until(shown.fills, "an execution of the stream")
        streaming.cancel()
        await asyncio.gather(streaming, return_exceptions=True)
    return _Found(days_ms, gaps)


class _Painted(QObject):
    """Notes when there were rows to paint for the first time since it was asked."""

    def __init__(self, panel: FillsPanel) -> None:
        super().__init__(panel)
        self.first_at = inf
        self._panel = panel
        panel.view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint and self._panel.model.shown_count:
            QTimer.singleShot(0, self._on_painted)
        return False

    def _on_painted(self) -> None:
        self.first_at = min(self.first_at, time.perf_counter())


async def _one_day(path: Path, day: date, fills: int, plan: Plan) -> dict[str, list[float]]:
    """Show the day some times, from today on each time."""
    clock, pause_s = Clock(), min(_PAUSE_S, plan.idle_s)
    shown, book = Fills(clock), Book(clock)
    recorder = Recorder(Journal(path), shown, book, clock)
    links = {mode: Link(mode.value, "127.0.0.1:1", _never, clock) for mode in AccountMode}
    service = JournalService(lambda: recorder)
    window = make_window(book, links, clock, fills=shown, service=Service(record=service))
    window.resize(1280, 720)
    window.show()
    panel, turns, painted = window.fills, Turns(), _Painted(window.fills)
    found: dict[str, list[float]] = {what: [] for what in (_HELD, _FIRST, _WHOLE)}
    async with recorder.recording({}):
        for _ in range(min(_TIMES, plan.hand)):
            await asyncio.sleep(pause_s)
            painted.first_at = inf
            turns.start()
            began = time.perf_counter()
            window.controllers.fills.show_day(day)
            await until(lambda: panel.model.row_count == fills and not panel.why_partial, "every fill")
            found[_WHOLE].append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(pause_s)
            found[_HELD].append(max(turns.stop()))
            found[_FIRST].append(1000 * (painted.first_at - began))
            window.controllers.fills.show_day(None)
        await service.close()
    window.close()
    return found


async def _never() -> None:
    raise AssertionError("nothing is connected")


def measure(plan: Plan) -> Measured:
    found = Measured(notes=[HOW])
    executions = 50 * plan.fills
    case = f"{executions:,} executions"
    days = _days_before(NOON.date(), TRADING_DAYS)
    loop = WindowEventLoop(application())
    asyncio.set_event_loop(loop)
    with loop, tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.sqlite3"
        _fill_up(full, days, executions)
        for name, path in ((EMPTY, full.with_name("empty.sqlite3")), (OURS, full)):
            lived = loop.run_until_complete(_lived_with(path, days, min(ASKED, plan.fills)))
            for what, value in (
                ("open a day ms", percentile(lived.days_ms, 50)),
                ("slowest day ms", max(lived.days_ms)),
                ("stall p99 ms", percentile(lived.stalls_ms, 99)),
                ("stall max ms", max(lived.stalls_ms)),
            ):
                found.figures.append(Figure(NAME, case, name, what, value, "ms"))
        one_day = Path(folder) / "one_day.sqlite3"
        _fill_up(one_day, days[:1], executions)
        of_one_day = f"a past day of {executions:,} fills"
        with collected_by_the_window():
            opened = loop.run_until_complete(_one_day(one_day, days[0], executions, plan))
        for what, values in opened.items():
            found.add(NAME, of_one_day, OURS, what, values)
    asyncio.set_event_loop(None)
    slowest = found.value(case, OURS, "slowest day ms")
    found.judge(f"open a past day, {case}", "under 100 ms", slowest, "ms", most=100.0)
    held, base = (found.value(case, name, "stall p99 ms") for name in (OURS, EMPTY))
    found.judge("event loop away, next to an empty journal", "5 ms more at most", held - base, "ms", most=5.0)
    value = found.value(of_one_day, OURS, _HELD)
    found.judge(f"{of_one_day}: event loop held at a time", "16 ms", value, "ms", most=16.0)
    value = found.value(of_one_day, OURS, _FIRST)
    found.judge(f"{of_one_day}: first rows painted", "within 100 ms", value, "ms", most=100.0)
    return found
