"""A simulated TWS or HAMMER is shown, also in the demo, and nothing of it goes into the trader's journal."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.runtime.monitor import Monitor, Storage
from psf_monitor.sim.demo import Gateways
from tests.conftest import ExpectedErrors
from tests.support.records import GUN, PED
from tests.support.sim_servers import PROMPT, running_monitor, settings_for, standing_still
from tests.support.waiting import PROCESS_PATIENCE_S, until

ALL = tuple(AccountMode)


async def all_reported(monitor: Monitor, gateways: Gateways) -> None:
    """Everything is connected, a fill has come, and what is held is to be written down."""
    monitor.connect_all()
    for mode in ALL:
        await until(lambda mode=mode: monitor.links[mode].status.state is LinkState.READY, what=mode)  # type: ignore[misc]
    for mode in (GUN, PED):
        await until(lambda mode=mode: monitor.fills.state(mode).as_of, what=f"the list of {mode}")  # type: ignore[misc]
    before = len(monitor.fills.fills())
    order = next(o for o in gateways.market.orders.values() if o.order_id == 1043)
    gateways.market.fill_order(order.perm_id, 400, 24.52)
    await until(lambda: len(monitor.fills.fills()) > before, what="the fill")


def kept_in(path: Path) -> dict[str, int]:
    """Return how many rows the journal has in each of its tables of fills and positions."""
    tables = ("fills", "snapshots", "day_points", "position_points")
    with closing(sqlite3.connect(path)) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


@pytest.mark.parametrize("is_demo", [True, False])
async def test_that_simulated_data_is_kept_only_in_a_demos_own_journal(tmp_path: Path, is_demo: bool) -> None:
    path = tmp_path / "journal.sqlite3"
    async with standing_still() as gateways:
        settings, clock = settings_for(gateways), gateways.market.clock
        monitor = Monitor(settings, clock, storage=Storage(path, is_demo), timing=PROMPT)
        async with running_monitor(monitor):
            await all_reported(monitor, gateways)
            assert all(monitor.links[mode].status.is_simulated for mode in ALL)
            assert monitor.recorder is not None
            monitor.book.drain()
            curve = monitor.book.day.curve
            await until(lambda: curve.sample(monitor.book) or curve.points(GUN), what="a point of the day")
            assert bool(monitor.recorder.take_snapshot()) is is_demo
    assert {table: rows > 0 for table, rows in kept_in(path).items()} == dict.fromkeys(kept_in(path), is_demo)


async def test_that_a_link_forgets_that_it_was_simulated_with_its_connection(tmp_path: Path) -> None:
    async with standing_still() as gateways:
        monitor = Monitor(
            settings_for(gateways), gateways.market.clock, storage=Storage(tmp_path / "journal.sqlite3")
        )
        async with running_monitor(monitor):
            link = monitor.links[GUN]
            link.connect()
            await until(lambda: link.status.is_simulated)
            link.disconnect()
            await until(lambda: link.status.state is LinkState.IDLE)
            assert not link.status.is_simulated


async def test_that_simulated_data_is_shown_as_such_and_not_kept_during_reconnecting(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    async with standing_still() as gateways:
        settings, clock = settings_for(gateways), gateways.market.clock
        monitor = Monitor(settings, clock, storage=Storage(tmp_path / "journal.sqlite3"), timing=PROMPT)
        async with running_monitor(monitor):
            link = monitor.links[GUN]
            link.connect()
            await until(lambda: link.status.state is LinkState.READY)
            await gateways.gun.stop()
            await until(lambda: link.status.attempt > 1)
            assert (link.status.is_simulated, link.status.shows_simulated) == (False, True)
            assert monitor.book.account_state(GUN).is_loaded
            assert monitor.recorder is not None
            assert monitor.recorder.take_snapshot() == []
            link.disconnect()
            await until(lambda: link.status.state is LinkState.IDLE)
            assert not link.status.shows_simulated


def test_that_the_demo_leaves_the_users_journal_alone_and_no_file_behind(tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    # Every variable that names the home of all tests, in which other windows have kept a journal.
    own = {name: str(home) for name, value in os.environ.items() if value == os.environ["HOME"]}
    done = subprocess.run(
        [sys.executable, "-m", "psf_monitor", "--demo", "--screenshot", "shot.png", "--after", "0.5"],
        cwd=tmp_path,
        env={**os.environ, **own, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))},
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert "journal" not in done.stderr
    assert (tmp_path / "shot.png").is_file()
    assert not list(home.rglob("*journal*"))
    assert list(scratch.iterdir()) == []
