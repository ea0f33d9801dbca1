"""The journal of a year next to an empty one: how fast a past day opens, and what the window feels of it."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.domain.fills.journal_records import RecordedFill
from psf_monitor.domain.market_hours import session_of
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.journal.writer import Batch, Writer
from tests.benchmarks.gauges import Stalls, application, percentile
from tests.benchmarks.plan import Figure, Measured, Plan
from tests.fill_records import fill
from tests.records import GUN, NOON, Clock

NAME = "journal"
OURS, EMPTY = "psf_monitor", "an empty journal"

TRADING_DAYS = 250
ASKED = 40
"""Past days that are opened, one after the other, while executions stream in."""
STREAMED_EVERY_S = 0.02

HOW = (
    "Journal: on the window's event loop, an execution is told every 20 ms, written through to the disk and "
    f"shown, while {ASKED} past days are opened one after the other. The same next to an empty journal. The "
    f"executions are spread over {TRADING_DAYS} trading days."
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
        told = (
            fill(f"{day}-{number}", at=noon + timedelta(seconds=number), commission=1.0, realized_pnl=2.5)
            for number in range(per_day)
        )
        writer.write(Batch(tuple(RecordedFill(each, noon) for each in told)))
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
        streaming.cancel()
        await asyncio.gather(streaming, return_exceptions=True)
    assert shown.fills()
    return _Found(days_ms, gaps)


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
    asyncio.set_event_loop(None)
    slowest = found.value(case, OURS, "slowest day ms")
    found.judge(f"open a past day, {case}", "under 100 ms", slowest, "ms", most=100.0)
    held, base = (found.value(case, name, "stall p99 ms") for name in (OURS, EMPTY))
    found.judge("event loop away, next to an empty journal", "5 ms more at most", held - base, "ms", most=5.0)
    return found
