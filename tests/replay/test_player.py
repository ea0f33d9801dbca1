"""A recording played to the real adapters over real sockets: what is shown at its end is what was there."""

import asyncio
from functools import partial
from pathlib import Path

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr.sink import Timing
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.sim.demo import Gateways
from tests.conftest import ExpectedErrors
from tests.far_sides import running_monitor, settings_for
from tests.records import GUN, PED
from tests.replay.stage import Picture, differences, in_replay, picture, play
from tests.waiting import until

HAMMER = AccountMode.HAMMER_PRO
QUICK_LISTS = Timing(orders_every_s=0.1, orders_soonest_s=0.05)


def is_ready(monitor: Monitor, mode: AccountMode) -> bool:
    return monitor.links[mode].status.state is LinkState.READY


def last_of(monitor: Monitor, symbol: str) -> set[float | None]:
    return {row.last for row in monitor.book.position_rows() if row.symbol == symbol}


async def live(gateways: Gateways, monitor: Monitor, steps: int) -> None:
    """Connect, and let the market move so often."""
    monitor.connect_all()
    for mode in (GUN, PED, HAMMER):
        await until(partial(is_ready, monitor, mode), what=f"{mode} ready")
    for _ in range(steps):
        gateways.market.step(0.1)
        await asyncio.sleep(0.01)
    # What is told last comes last: when it is there, everything is.
    gateways.market.trade("CIM PRB", 24.05 + steps / 100, 100)
    await until(lambda: last_of(monitor, "CIM PRB") == {24.05 + steps / 100}, what="the last price")
    polls = gateways.gun.received.count((1, 16)), gateways.ped.received.count((1, 16))
    for side, before in zip((gateways.gun, gateways.ped), polls, strict=True):
        await until(lambda side=side, before=before: side.received.count((1, 16)) > before + 1)  # type: ignore[misc]


async def recorded(path: Path, *, steps: int = 40) -> Picture:
    """A session of the demo, recorded; what was shown at its end."""
    gateways = Gateways()
    await gateways.start(moves=False)
    monitor = Monitor(settings_for(gateways), gateways.market.clock, timing=QUICK_LISTS)
    monitor.record_wires(path)
    try:
        async with running_monitor(monitor):
            await live(gateways, monitor, steps)
            monitor.wires.stop()
            return picture(monitor)
    finally:
        await gateways.stop()


def test_that_the_end_of_a_replay_shows_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"

    async def story() -> None:
        shown = await recorded(path)
        again = await play(path, tmp_path)
        assert differences(again, shown) == []

    in_replay(story)


def test_that_a_lost_connection_is_lost_again_and_comes_back(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path = tmp_path / "a.wires"

    async def story() -> None:
        gateways = Gateways()
        await gateways.start(moves=False)
        monitor = Monitor(settings_for(gateways), gateways.market.clock, timing=QUICK_LISTS)
        monitor.record_wires(path)
        try:
            async with running_monitor(monitor):
                await live(gateways, monitor, 5)
                gateways.gun.reset_all()
                gateways.hammer.close_all()
                await until(lambda: not is_ready(monitor, GUN) and not is_ready(monitor, HAMMER))
                await live(gateways, monitor, 6)
                monitor.wires.stop()
                shown = picture(monitor)
        finally:
            await gateways.stop()
        again = await play(path, tmp_path)
        assert differences(again, shown) == []

    in_replay(story)
