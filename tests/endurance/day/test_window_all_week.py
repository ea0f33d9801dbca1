"""A trading week in front of the real window: every look right, nothing grown, each day whole in the journal.

It takes half an hour, prints a line for each of its hours, and is lived with ``--long`` alone.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.connection.backoff import Backoff
from psf_monitor.domain.account import IBKR_MODES
from psf_monitor.domain.fills.journal_records import SnapshotKind
from psf_monitor.journal.journal import Journal
from psf_monitor.runtime import logs
from psf_monitor.runtime.monitor import Monitor, Storage
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.sim.demo import Gateways
from tests.app.running_window import in_qt
from tests.benchmarks.measurements import resident_mb
from tests.conftest import ExpectedErrors
from tests.endurance.day.leak_counts import Census, own_objects, who_is_left
from tests.endurance.day.window_day import BRISK, BRISK_HAMMER, UnexpectedWarnings
from tests.endurance.day.window_week import FIRST, LAST, Week, at
from tests.support.make_window import make_window
from tests.support.sim_servers import running_monitor, settings_for
from tests.support.waiting import PATIENT_JOURNAL, until

COMPARED_AT = 9
"""The hour of each day that is compared: both lines are up, and nothing is traded yet."""
MOST_GROWN = 0.1
"""By what part there may be more objects than on another day: what is kept of each line's begin differs.

Anything that stayed of each execution would be more.
"""
TIMING = MonitorTiming(
    replace(BRISK, executions_soonest_s=0.05, executions_every_s=1.0),
    replace(BRISK_HAMMER, check_every_s=0.005),
    Backoff(0.01, 0.5),
    look_every_s=0.05,
    journal=replace(PATIENT_JOURNAL, look_every_s=0.02),
)


def test_that_a_week_leaves_nothing_behind_but_the_journal(
    qapp: QApplication,
    tmp_path: Path,
    logged: UnexpectedWarnings,
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("a week is lived with --long")
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    qapp.setQuitOnLastWindowClosed(False)
    path = tmp_path / "journal.sqlite"
    kept_at: dict[date, int] = {}

    async def story() -> None:
        asyncio.set_event_loop(asyncio.get_running_loop())
        gateways = Gateways()
        await gateways.start(moves=False)
        clock = gateways.market.clock
        begin = at(FIRST, 3)
        clock.advance((begin - clock()).total_seconds())
        monitor = Monitor(
            settings_for(gateways),
            clock,
            storage=Storage(path, records_simulated=True),
            timing=TIMING,
            elapsed_s=lambda: (clock() - begin).total_seconds(),
        )
        window = make_window(monitor.book, monitor.links, monitor.clock, fills=monitor.fills)
        window.show()

        def hour_passed(now: datetime) -> None:
            counted, own, mb = Census.taken(window), own_objects(), resident_mb() or 0.0
            if now.hour == COMPARED_AT:
                kept_at[now.date()] = own
            kept = sum(file.stat().st_size for file in tmp_path.glob("journal.sqlite*")) / 1e6
            fills, orders = len(monitor.fills.fills()), window.orders.model.row_count
            line = (
                f"{now:%a %d %H:%M}  {mb:6.1f} MB  {counted.descriptors} descriptors"
                f"  {counted.sockets} sockets  {counted.tasks} tasks  {counted.clients} clients of TWS"
                f"  {counted.objects} objects of Qt  {own:,} of our own"
                f"  {fills:4} fills today  {orders:2} orders"
                f"  journal {kept:.1f} MB"
            )
            with capsys.disabled():
                print(line, flush=True)  # noqa: T201

        week = Week(gateways, monitor, window, hour_passed)
        try:
            async with running_monitor(monitor):
                monitor.connect_all()
                await live(week)
        finally:
            window.close()
            window.deleteLater()
            await gateways.stop()
        await look_into_journal(path, week)

    with logs.logging_to(tmp_path / "logs", debug=False, console=logging.CRITICAL):
        in_qt(qapp, story)
    size = sum(file.stat().st_size for file in (tmp_path / "logs").iterdir())
    assert 0 < size <= logs.FILES * logs.MOST_BYTES
    assert logged.unexpected == []
    # On the first day what is made on first use, and what is kept of so many, is made.
    _, second, *_, last = sorted(kept_at)
    assert kept_at[last] <= kept_at[second] * (1 + MOST_GROWN), kept_at


async def live(week: Week) -> None:
    """The week itself, day by day; it ends as small as it was after the first day's faults."""
    before: Census | None = None
    day = FIRST
    await week.right()
    while day < LAST:
        await week.morning(day)
        await week.session(day)
        before = before or Census.taken(week.window)
        if day.weekday() == _FRIDAY:
            await week.weekend(day)
        else:
            await week.night(day)
        day = week.now.date()
    await week.morning(day)
    await week.live_until(at(day, 9, 45))
    await week.all_right()
    assert before is not None
    await until_within(week, before)


async def until_within(week: Week, before: Census) -> None:
    now: list[Census] = []

    def is_back() -> bool:
        now[:] = [Census.taken(week.window)]
        return now[0].is_within(before)

    try:
        await until(is_back, what="the end of what the week made")
    except AssertionError as error:
        raise AssertionError(f"{error}: {before} has become {now[0]}\n{who_is_left()}") from None


async def look_into_journal(path: Path, week: Week) -> None:
    """Check that every session is in the file as reported, with the positions at its open and close."""
    journal = Journal(path)
    try:
        assert {each.day for each in await journal.days()} >= week.executions.keys()
        for day, reported in week.executions.items():
            kept = await journal.day(day)
            assert {fill.broker_id for fill in kept.fills} == reported, day
            taken = {(each.mode, each.kind) for each in kept.snapshots}
            assert taken == {(m, k) for m in IBKR_MODES for k in (SnapshotKind.OPEN, SnapshotKind.CLOSE)}, day
    finally:
        await journal.close()


_FRIDAY = date(2026, 9, 25).weekday()
