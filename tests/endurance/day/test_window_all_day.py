"""A whole trading day in front of the real window: it ends as right, as small and as quiet as it began.

The clock is virtual and a day as long as the window needs for it. ``--long`` plays all of it, the short form
a day with a fiftieth of everything.
"""

import asyncio
import logging
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from psf_monitor.connection.backoff import Backoff
from psf_monitor.runtime import logs
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.sim.demo import Gateways
from tests.app.running_window import in_qt
from tests.conftest import ExpectedErrors
from tests.endurance.day.leak_counts import Census, who_is_left
from tests.endurance.day.window_day import BRISK, BRISK_HAMMER, LONG, OPENING, SHORT, Day, UnexpectedWarnings
from tests.support.make_window import make_window
from tests.support.sim_servers import settings_for
from tests.support.waiting import until

MOST_LOG_BYTES = 1_000_000


def test_that_a_day_leaves_nothing_behind(
    qapp: QApplication,
    tmp_path: Path,
    logged: UnexpectedWarnings,
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    qapp.setQuitOnLastWindowClosed(False)
    is_long = request.config.getoption("--long")
    form = LONG if is_long else SHORT

    async def story() -> None:
        asyncio.set_event_loop(asyncio.get_running_loop())
        gateways = Gateways()
        await gateways.start(moves=False)
        gateways.market.clock.advance((OPENING - gateways.market.clock()).total_seconds())
        clock = gateways.market.clock
        monitor = Monitor(
            settings_for(gateways),
            clock,
            timing=MonitorTiming(BRISK, BRISK_HAMMER, Backoff(0.01, 0.05)),
            elapsed_s=lambda: (clock() - OPENING).total_seconds(),
        )
        window = make_window(
            monitor.book,
            monitor.links,
            gateways.market.clock,
        )
        window.show()
        running = asyncio.create_task(monitor.run())
        day = Day(form, gateways, monitor, window)
        try:
            monitor.connect_all()
            await day.right()
            # What is made with the first row that is painted, and at the first use, is made now.
            window.grab()
            if is_long:
                await day.problems()
            before = Census.taken(window)
            for number in range(form.beats):
                await day.beat(number)
            await day.problems()
            now: list[Census] = []

            def is_back() -> bool:
                now[:] = [Census.taken(window)]
                return now[0].is_within(before)

            try:
                await until(is_back, what="the end of what the day made")
            except AssertionError as error:
                raise AssertionError(f"{error}: {before} has become {now[0]}\n{who_is_left()}") from None
            if is_long:
                with capsys.disabled():
                    print(f"\n{form}: {before}, at the end {now[0]}")  # noqa: T201
        finally:
            window.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            window.deleteLater()
            await gateways.stop()

    with logs.logging_to(tmp_path, debug=False, console=logging.CRITICAL):
        in_qt(qapp, story)
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    assert 0 < size < MOST_LOG_BYTES
    assert logged.unexpected == []
