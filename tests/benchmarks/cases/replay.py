"""How fast a recorded day is played: every frame read, sent over sockets, decoded and shown."""

import asyncio
import tempfile
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from psf_monitor.app.options import ReplayOptions
from psf_monitor.app.replay import Playing, ReplayLoop
from psf_monitor.cli.replay import FASTEST
from psf_monitor.recording.reader import Reader
from psf_monitor.replay.player import Player
from psf_monitor.replay.timeline import read_timeline
from psf_monitor.runtime.replay import replay_monitor, replay_settings
from psf_monitor.ui.recording.replay_bar import ReplayBar
from tests.benchmarks.cases import recorded_hours
from tests.benchmarks.plan import Measured, Plan
from tests.support.make_window import make_window
from tests.support.sim_servers import running_monitor

NAME = "replay"
DAY_S = 8 * 3600
_MOST_S = 240.0


async def play(loop: ReplayLoop, path: Path, folder: Path) -> tuple[float, float]:
    """Play it as fast as the window does; seconds of the clock and of the processor."""
    began_s, used_s = time.perf_counter(), time.process_time()
    options = ReplayOptions(path, FASTEST, None, None, None, "dark", None, 1.0)
    async with Player(read_timeline(Reader(path))) as player:
        loop.replay_clock = player.clock
        monitor = replay_monitor(player, replay_settings(player, folder))
        window = make_window(monitor.book, monitor.links, monitor.clock, fills=monitor.fills)
        playing = Playing(player, loop, options)
        window.place_above(ReplayBar(playing, window.theme))
        try:
            async with running_monitor(monitor):
                playing.start()
                await playing.reached.wait()
                window.show_now()
        finally:
            playing.stop()
            loop.replay_clock = None
            window.close()
            window.deleteLater()
    return time.perf_counter() - began_s, time.process_time() - used_s


def measure(plan: Plan) -> Measured:
    """Play this much of a day, and return what the whole of it takes."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    found = Measured()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "day.wires"
        updates = recorded_hours.write(path, plan.replayed_s, recorded_hours.frames(plan.frames))
        loop = ReplayLoop(application)
        asyncio.set_event_loop(loop)
        with loop:
            clock_s, processor_s = loop.run_until_complete(play(loop, path, folder))
        asyncio.set_event_loop(None)
    case = f"{plan.replayed_s:g} s of a day"
    found.add(NAME, case, "psf_monitor", "updates/s", [updates / processor_s])
    found.add(NAME, case, "psf_monitor", "times as fast", [plan.replayed_s / clock_s])
    day_s = processor_s / plan.replayed_s * DAY_S
    found.judge("a day of 8 hours replayed", "under 4 min of the processor", day_s, "s", most=_MOST_S)
    found.notes.append(
        f"{updates} updates at {recorded_hours.TICKS_PER_S} a second, with the lists of both logins, were "
        f"played at most {FASTEST} times as fast in {clock_s:.1f} s, {processor_s:.1f} s of the processor."
    )
    return found
