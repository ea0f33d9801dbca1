"""Schedules asyncio's callbacks under Qt: as they are due, with consecutive ones in one go."""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

from PySide6.QtCore import QObject, Qt, QThread, QTimerEvent

_TURN_S = 0.001
"""How long callbacks may run before Qt gets its turn to paint and handle input."""
_EARLY = 0.05
"""The fraction of a delay by which a handle may run early, with a coarse Qt timer or another handle."""
_TIMER_TYPE = Qt.TimerType.CoarseTimer if sys.platform == "win32" else Qt.TimerType.PreciseTimer
"""Precise timers fire together with the window's second. On Windows they are multimedia timers (QTimer)."""
_LEAST_EARLY_S = 0.001
"""The same for a short delay: Qt counts whole milliseconds."""
_FEW = 32
"""With fewer delayed handles it is not worth searching for cancelled ones."""


class Schedule(QObject):
    """Runs asyncio's handles with events of Qt, where qasync would make a timer for each.

    ``is_running`` says whether the loop continues: a loop that is being stopped runs one handle per event.
    Delays are in seconds.
    """

    def __init__(self, is_running: Callable[[], bool]) -> None:
        super().__init__()
        self._is_running = is_running
        self._thread = QThread.currentThread()
        self._soon: deque[asyncio.Handle] = deque()
        self._later: list[tuple[float, int, float, asyncio.Handle]] = []
        self._sweep_at = _FEW
        self._numbers = count()
        self._soon_timer = 0
        self._later_timer = 0
        self._wakes_at = inf
        self._level = -1
        self._is_stopped = False

    def add_callback(self, handle: asyncio.Handle, delay: float = 0.0) -> asyncio.Handle:
        """Run it after ``delay``, after everything due until then."""
        if delay > 0:
            at = time.perf_counter() + delay
            if len(self._later) >= self._sweep_at:
                self._drop_cancelled()
            heappush(self._later, (at, next(self._numbers), delay, handle))
            # While handles are run it is the last of them behind which the timer is set.
            if at < self._wakes_at and self._level != self._thread.loopLevel():
                self._sleep_until(at)
        else:
            self._soon.append(handle)
            # While handles are run they are looked for, unless one of them runs the events of Qt itself.
            if self._level != self._thread.loopLevel():
                self._wake_soon()
        return handle

    def run(self, handle: asyncio.Handle) -> None:
        """Run it now, followed by what it schedules immediately."""
        self._soon.appendleft(handle)
        self._run_soon()

    def stop(self) -> None:
        """Run nothing any more."""
        self._is_stopped = True

    def set_debug(self, _is_wanted: bool) -> None:
        """Accept what qasync sets on its timers."""

    def timerEvent(self, event: QTimerEvent) -> None:  # noqa: N802
        timer = event.timerId()
        self.killTimer(timer)
        if timer == self._later_timer:
            self._later_timer, self._wakes_at = 0, inf
            self._collect_due()
        elif timer == self._soon_timer:
            self._soon_timer = 0
        self._run_soon()

    def _collect_due(self) -> None:
        now = time.perf_counter()
        while self._later:
            at, _number, delay, handle = self._later[0]
            if not handle.cancelled() and at - now > max(_EARLY * delay, _LEAST_EARLY_S):
                break
            heappop(self._later)
            self._soon.append(handle)

    def _drop_cancelled(self) -> None:
        """Drop cancelled handles before they are due, once there may be twice as many as after the last
        time.
        """
        self._later = [later for later in self._later if not later[-1].cancelled()]
        heapify(self._later)
        self._sweep_at = max(2 * len(self._later), _FEW)

    def _run_soon(self) -> None:
        level, self._level = self._level, self._thread.loopLevel()
        ends_at = time.perf_counter() + _TURN_S
        try:
            while self._soon and not self._is_stopped:
                handle = self._soon.popleft()
                if not handle.cancelled():
                    handle._run()
                if not self._is_running() or time.perf_counter() > ends_at:
                    break
        finally:
            self._level = level
            if self._soon:
                self._wake_soon()
            while self._later and self._later[0][-1].cancelled():
                heappop(self._later)
            if self._later and self._later[0][0] < self._wakes_at:
                self._sleep_until(self._later[0][0])

    def _wake_soon(self) -> None:
        if not self._soon_timer and not self._is_stopped:
            self._soon_timer = self.startTimer(0)

    def _sleep_until(self, at: float) -> None:
        if self._is_stopped:
            return
        if self._later_timer:
            self.killTimer(self._later_timer)
        self._wakes_at = at
        self._later_timer = self.startTimer(max(int(1000 * (at - time.perf_counter())), 0), _TIMER_TYPE)
