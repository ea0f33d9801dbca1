"""The window of a replay: the recorded servers, the real adapters, and the recording's own time."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from psf_monitor.app.build_window import OpenedWindow, log_unforeseen, make_application, open_window
from psf_monitor.app.event_loop import WindowEventLoop
from psf_monitor.app.options import ReplayOptions, WindowOptions
from psf_monitor.app.session_end import run_to_the_end
from psf_monitor.files import reason
from psf_monitor.recording.reader import Reader
from psf_monitor.replay.clock import ReplayTimers
from psf_monitor.replay.player import Player
from psf_monitor.replay.timeline import Timeline, read_timeline
from psf_monitor.runtime.demo import Files
from psf_monitor.runtime.demo_folder import demo_folder
from psf_monitor.runtime.error_output import report_errors
from psf_monitor.runtime.replay import STEP_S, replay_monitor, replay_settings
from psf_monitor.ui.recording.replay_bar import ReplayBar
from psf_monitor.ui.shell import screenshot

_NEW_YORK = ZoneInfo("America/New_York")
_AHEAD = 200.0
"""The speed of seeking to the beginning."""
_LONGEST_STEP_S = 0.6
"""The longest step in replay seconds, so that both sides get a turn of the loop at any speed."""
_MOST_BEHIND_S = 4 * STEP_S
"""After the computer was busy the replay continues at its speed; it does not race to catch up."""
_LANDING_S, _LANDING = 3.0, 5.0
"""The last seconds before a stop are limited to this speed, so that every list is awaited."""
_PICTURED, _PICTURED_LANDING_S = 120.0, 60.0
"""On the way to a screenshot all steps have one length, so that the speed does not affect it."""
_SETTLES_S = 0.5
_LOOK_AGAIN_S = 0.001
"""Soon: what was sent is still on its way to the window."""


class ReplayLoop(ReplayTimers, WindowEventLoop):
    """Qt's and asyncio's loop, running on replay time."""


class Playing:
    """Advances a player step by step; the steps are the same in every run, however busy the computer."""

    def __init__(self, player: Player, loop: ReplayLoop, options: ReplayOptions) -> None:
        timeline = player.timeline
        self.speed = options.speed
        self.is_paused = False
        self.fault = ""
        self.reached = asyncio.Event()
        self._player = player
        self._loop = loop
        self._from_s = _place(timeline, options.begin, 0.0)
        self._until_s = _place(timeline, options.until, timeline.lasts_s)
        self._is_pictured = options.picture is not None
        self._due_s = 0.0
        self._is_over = False

    @property
    def begin(self) -> datetime:
        return self._player.timeline.begin

    @property
    def end(self) -> datetime:
        return self._player.timeline.end

    @property
    def now(self) -> datetime:
        return self._player.clock()

    @property
    def part_done(self) -> float:
        lasts_s = self._player.timeline.lasts_s
        return self._player.clock.now_s / lasts_s if lasts_s else 1.0

    @property
    def is_over(self) -> bool:
        return self._player.is_over

    @property
    def missing(self) -> Mapping[str, int]:
        return self._player.missing

    def start(self) -> None:
        """Continue from here."""
        self._due_s = monotonic()
        self._loop.call_really_later(STEP_S, self._tick)

    def stop(self) -> None:
        """Pause here."""
        self._is_over = True

    def _tick(self) -> None:
        if self._is_over:
            return
        try:
            self._move_on()
        except Exception as error:
            self.fault = f"{type(error).__name__}: {error}"
            self.reached.set()
            raise

    def _move_on(self) -> None:
        idle_check = self._player.idle_check
        if self._is_pictured:
            if idle_check.look():
                self._step(STEP_S * self._speed_now())
            self._run_turn()
            return
        if not idle_check.has_arrived():
            self._loop.call_really_later(_LOOK_AGAIN_S, self._tick)
            return
        now_s = monotonic()
        if now_s >= self._due_s:
            speed = self._speed_now()
            step_s = min(STEP_S * speed, _LONGEST_STEP_S)
            self._step(step_s)
            self._due_s = max(self._due_s + step_s / speed, now_s - _MOST_BEHIND_S)
        rest_s = STEP_S if self._player.is_careful or self.is_paused else self._due_s - monotonic()
        if rest_s > 0:
            self._loop.call_really_later(rest_s, self._tick)
        else:
            self._run_turn()

    def _run_turn(self) -> None:
        """Continue after Qt has checked the sockets: the loop's callbacks would follow each other before
        that.
        """
        QTimer.singleShot(0, self._tick)

    def _stop_s(self) -> float:
        """Return where it stops next, or where it seeks to first."""
        now_s = self._player.clock.now_s
        return next((s for s in (self._from_s, self._until_s) if s > now_s), self._player.timeline.lasts_s)

    def _speed_now(self) -> float:
        now_s = self._player.clock.now_s
        left_s = self._stop_s() - now_s
        if self._is_pictured:
            return _LANDING if left_s < _PICTURED_LANDING_S else _PICTURED
        speed = max(self.speed, _AHEAD) if now_s < self._from_s else self.speed
        return min(speed, _LANDING) if left_s < _LANDING_S else speed

    def _step(self, step_s: float) -> None:
        player, now_s = self._player, self._player.clock.now_s
        if self.is_paused:
            player.advance(now_s, self._loop.run_until)
            return
        player.advance(min(now_s + step_s, self._stop_s()), self._loop.run_until)
        if player.clock.now_s >= self._until_s and not self.reached.is_set():
            self.is_paused = True
            self.reached.set()


def run(options: ReplayOptions) -> int:
    """Show the window until it is closed or the screenshot is taken; return the exit code. Raises
    ``RecordingError``.
    """
    timeline = read_timeline(Reader(options.file))
    sys.excepthook = log_unforeseen
    if options.scale != 1.0:
        os.environ["QT_SCALE_FACTOR"] = f"{options.scale:g}"
    application = make_application()
    loop = ReplayLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        showing = loop.create_task(show(application, loop, timeline, options))
        return int(run_to_the_end(application, loop, showing))


async def show(
    application: QApplication, loop: ReplayLoop, timeline: Timeline, options: ReplayOptions
) -> int:
    """Play it in a separate window without saving anything; return the exit code."""
    asyncio.set_event_loop(loop)
    async with AsyncExitStack() as ends:
        folder = ends.enter_context(demo_folder())
        player = await ends.enter_async_context(Player(timeline))
        loop.replay_clock = player.clock
        ends.callback(setattr, loop, "replay_clock", None)
        settings = replay_settings(player, folder)
        monitor = replay_monitor(player, settings)
        opened = open_window(
            WindowOptions(
                settings, "", 0, options.theme, options.size, options.picture, 0.0, scale=options.scale
            ),
            settings,
            player.clock,
            Files(None, folder / "api-token"),
            running=monitor,
            replay=f"REPLAY · {timeline.begin.astimezone(_NEW_YORK):%Y-%m-%d} · {timeline.reader.path.name}",
        )
        ends.callback(opened.close)
        return await _serve(application, opened, Playing(player, loop, options), options)


async def _serve(
    application: QApplication, opened: OpenedWindow, playing: Playing, options: ReplayOptions
) -> int:
    window = opened.window
    bar = ReplayBar(playing, window.theme)
    # A screenshot of one moment shows no speed.
    bar.speed.setVisible(options.picture is None)
    window.place_above(bar)
    window.menus.ticks.setChecked(options.picture is None)
    closed = asyncio.Event()
    application.lastWindowClosed.connect(closed.set)
    serving = asyncio.ensure_future(opened.monitor.run())
    exit_code = 0
    try:
        # The links listen before the first of them is clicked.
        await asyncio.sleep(0)
        playing.start()
        if options.picture is not None:
            await playing.reached.wait()
            exit_code = await _pictured(opened, bar, playing, options.picture)
            window.close()
        await closed.wait()
    finally:
        playing.stop()
        await opened.service.close()
        # Closing waits by the computer's clock, no longer by the recording's.
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    return exit_code


async def _pictured(opened: OpenedWindow, bar: ReplayBar, playing: Playing, path: Path) -> int:
    if playing.fault:
        at = playing.now.astimezone(_NEW_YORK)
        report_errors(
            f"a fault of psf_monitor stopped the replay at {at:%H:%M:%S} ({playing.fault}); "
            "there is no picture, and the log has the trace"
        )
        return 1
    settled = asyncio.Event()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ReplayLoop)
    loop.call_really_later(_SETTLES_S, settled.set)
    await settled.wait()
    opened.window.show_now()
    # The last news comes with the window's own frames, which follow the computer's time.
    opened.window.status.news.set_text("")
    bar.refresh()
    missing = playing.missing.items()
    report_errors(*(f"the recording does not answer {request} ({count})" for request, count in missing))
    try:
        screenshot.write(opened.window.screenshot_maker.picture(has_footer=False), path)
    except OSError as error:
        report_errors(f"--screenshot: {path} cannot be written: {reason(error)}.")
        return 1
    return 0


def _place(timeline: Timeline, moment: datetime | time | None, otherwise: float) -> float:
    """Return the replay time of a moment; a time of day is on the day on which the recording begins."""
    if moment is None:
        return otherwise
    if isinstance(moment, time):
        begin = timeline.begin.astimezone(_NEW_YORK)
        moment = datetime.combine(begin.date(), moment, tzinfo=_NEW_YORK)
        if moment < begin - timedelta(hours=12):
            moment += timedelta(days=1)
    return timeline.at(moment)
