"""A recording played to the real adapters over real sockets: what is shown at its end is what was there."""

from collections.abc import Callable
from pathlib import Path

from psf_monitor.book.rows import QuoteState
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.sim.demo import Gateways
from tests.conftest import ExpectedErrors
from tests.replay.recorded_and_replayed import (
    HAMMER,
    QUICK_LISTS,
    Picture,
    differences,
    in_replay,
    is_ready,
    live,
    picture,
    play,
    quick_gateways,
    recorded,
)
from tests.support.records import GUN
from tests.support.sim_servers import running_monitor, settings_for
from tests.support.waiting import until

LOSSES = Path(__file__).parents[1] / "golden_recordings" / "losses.wires"


def test_that_the_end_of_a_replay_shows_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"

    async def story() -> None:
        shown = await recorded(path)
        again = await play(path, tmp_path)
        assert differences(again, shown) == []

    in_replay(story)


async def recorded_over_a_loss(path: Path, lose: Callable[[Gateways, Monitor], None]) -> Picture:
    """Record two connections that are there, are lost and come back; what is shown at the end."""
    gateways = quick_gateways()
    await gateways.start(moves=False)
    monitor = Monitor(settings_for(gateways), gateways.market.clock, timing=MonitorTiming(QUICK_LISTS))
    monitor.record_wires(path)
    try:
        async with running_monitor(monitor):
            await live(gateways, monitor, 5)
            lose(gateways, monitor)
            await until(lambda: not is_ready(monitor, GUN) and not is_ready(monitor, HAMMER))
            await live(gateways, monitor, 6)
            monitor.wires.stop()
            return picture(monitor)
    finally:
        await gateways.stop()


def test_that_a_lost_connection_is_lost_again_and_comes_back(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path = tmp_path / "a.wires"

    async def story() -> None:
        def lose(gateways: Gateways, _monitor: Monitor) -> None:
            gateways.gun.reset_all()
            gateways.hammer.close_all()

        shown = await recorded_over_a_loss(path, lose)
        again = await play(path, tmp_path)
        assert differences(again, shown) == []

    in_replay(story)


def test_that_a_recording_played_in_long_steps_has_every_question_answered(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")

    async def story() -> None:
        slowly = await play(LOSSES, tmp_path)
        assert {row["quote_state"] for row in slowly["positions"]} == {QuoteState.LIVE, QuoteState.MISSING}
        assert differences(await play(LOSSES, tmp_path, step_s=0.6), slowly) == []

    in_replay(story)


def test_that_a_connection_that_was_ended_and_made_anew_is_so_again_however_slowly_it_is_played(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.wires"

    async def story() -> None:
        def end(_gateways: Gateways, monitor: Monitor) -> None:
            for mode in (GUN, HAMMER):
                monitor.links[mode].disconnect()

        shown = await recorded_over_a_loss(path, end)
        again = await play(path, tmp_path, step_s=0.001)
        assert differences(again, shown) == []

    in_replay(story)
