"""The journal on the loop that the window runs on, over real servers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.fills.journal_records import SnapshotKind
from psf_monitor.domain.market_hours import new_york
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.writer import Batch
from psf_monitor.runtime.monitor import Monitor, Storage
from psf_monitor.sim.demo import Gateways
from tests.conftest import ExpectedErrors
from tests.journal.records import TODAY, recorded_fill
from tests.support.records import GUN, PED
from tests.support.sim_servers import PROMPT, settings_for, standing_still
from tests.support.waiting import until


@pytest.fixture
def loop(qtbot: QtBot) -> Iterator[asyncio.AbstractEventLoop]:  # noqa: ARG001
    loop = WindowEventLoop()
    asyncio.set_event_loop(loop)
    with loop:
        yield loop
    asyncio.set_event_loop(None)


def test_that_the_journal_works_on_qts_loop(loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    async def story() -> None:
        journal = Journal(tmp_path / "journal.sqlite3")
        await journal.open()
        writes = [asyncio.ensure_future(journal.write(Batch((recorded_fill(f"{n:02}"),)))) for n in range(30)]
        await writes[0]
        writes[29].cancel()
        days = await asyncio.gather(*(journal.day(TODAY) for _ in range(5)))
        assert all(1 <= len(day.fills) <= 30 for day in days)
        await asyncio.gather(*writes, return_exceptions=True)
        await journal.close()
        again = Journal(tmp_path / "journal.sqlite3")
        assert len((await again.day(TODAY)).fills) == 30
        await again.close()

    loop.run_until_complete(story())


@asynccontextmanager
async def at_work(gateways: Gateways, path: Path) -> AsyncIterator[Monitor]:
    settings, clock = settings_for(gateways), gateways.market.clock
    monitor = Monitor(settings, clock, storage=Storage(path, records_simulated=True), timing=PROMPT)
    running = asyncio.create_task(monitor.run())
    try:
        yield monitor
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def connected(monitor: Monitor) -> None:
    for mode in (GUN, PED):
        monitor.links[mode].connect()
        await until(lambda mode=mode: monitor.links[mode].status.state is LinkState.READY)  # type: ignore[misc]
        await until(lambda mode=mode: monitor.fills.state(mode).as_of, what=f"the list of {mode}")  # type: ignore[misc]


def test_that_recorded_fills_are_shown_before_tws_reports_them_again(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    path = tmp_path / "journal.sqlite3"

    async def first(gateways: Gateways) -> None:
        async with at_work(gateways, path) as monitor:
            await connected(monitor)
            before = len(monitor.fills.fills())
            order = next(o for o in gateways.market.orders.values() if o.order_id == 1043)
            gateways.market.fill_order(order.perm_id, 400, 24.52)
            await until(lambda: len(monitor.fills.fills()) > before, what="the fill")
            monitor.book.drain()
            assert monitor.recorder is not None
            assert monitor.recorder.take_snapshot() == [GUN, PED]
            await until(lambda: all(each.is_reported for each in monitor.fills.fills()), what="every cost")
            shown.extend(monitor.fills.fills())

    async def second(gateways: Gateways) -> None:
        async with at_work(gateways, path) as monitor:
            await until(lambda: len(monitor.fills.fills()) == len(shown), what="what is recorded_fill")
            assert monitor.fills.fills() == shown
            assert monitor.fills.state(GUN).as_of is None
            await connected(monitor)
            assert monitor.fills.fills() == shown
            assert monitor.fills.drain().arrived == ()
            assert monitor.recorder is not None
            today = new_york(gateways.market.clock()).date()
            kept_day = await monitor.recorder.journal.day(today)
            assert list(kept_day.fills) == shown
            assert [each.kind for each in kept_day.snapshots] == [SnapshotKind.ASKED] * 2
            assert all(each.positions and each.values for each in kept_day.snapshots)
            assert {each.mode for each in kept_day.coverage} == {GUN, PED}

    async def story(*days: Callable[[Gateways], Awaitable[None]]) -> None:
        async with standing_still() as gateways:
            for day in days:
                await day(gateways)

    shown: list[object] = []
    loop.run_until_complete(story(first, second))
