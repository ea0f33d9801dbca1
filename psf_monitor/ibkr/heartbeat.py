"""Whether TWS still responds, what its clock says, and whether this computer was asleep meanwhile."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from psf_monitor.connection.link_log import link_log
from psf_monitor.connection.pacing import until_next
from psf_monitor.connection.status import clock_problem
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.clock import TOLERANCE_S, steady_s
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.handshake import TwsConnection
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.problem import Problem

_HALF_A_SECOND = timedelta(seconds=0.5)
"""TWS sends truncated whole seconds."""
_YEARS = range(2020, 2100)
"""A year outside this range cannot come from a TWS of today."""
_MOST_TRIP_S = 2.0
"""An answer that took longer says too little about the time now."""


class Heartbeat:
    """Asks TWS for its time periodically.

    ``set_clock`` takes the correct time and returns how far the computer's clock is ahead, in seconds."""

    def __init__(
        self,
        ib: ReadOnlyIB,
        line: TwsConnection,
        link: Link,
        clock: Callable[[], datetime],
        timing: IbkrTiming,
        set_clock: Callable[[datetime], float],
    ) -> None:
        self._ib = ib
        self._line = line
        self._link = link
        self._log = link_log(__name__, link.name)
        self._clock = clock
        self._timing = timing
        self._set_clock = set_clock
        self._hurry = asyncio.Event()
        self._problem: Problem | None = None
        self._pulse_s = 0.0

    async def watch(self) -> None:
        """Ask for the time until TWS no longer answers. Raises ``LinkError``."""
        misses = 0
        while True:
            self._hurry.clear()
            misses = 0 if await self._measure() else misses + 1
            if misses >= self._timing.heartbeat_misses:
                raise self._line.silence()
            try:
                async with asyncio.timeout(self._timing.heartbeat_every_s):
                    await self._hurry.wait()
            except TimeoutError:
                continue
            # Awake again, or a list did not come: the next miss is the last.
            misses = self._timing.heartbeat_misses - 1

    async def watch_sleep(self, on_slept: Callable[[], None]) -> None:
        """Call ``on_slept`` whenever the computer slept, or this program was suspended, for a while."""
        while True:
            self._pulse_s = steady_s()
            self._line.is_asleep = self._has_slept
            await asyncio.sleep(until_next(self._timing.pulse_s))
            if self._has_slept():
                gap_s = steady_s() - self._pulse_s
                self._log.warning(
                    "%s: nothing ran here for %.0f s: was the computer asleep?", self._link.name, gap_s
                )
                on_slept()
                self._hurry.set()

    def look_now(self) -> None:
        """Ask now, because something else was not answered: one more miss is the last."""
        self._hurry.set()

    def _has_slept(self) -> bool:
        return steady_s() - self._pulse_s >= self._timing.pulse_s + self._timing.asleep_after_s

    async def _measure(self) -> bool:
        try:
            right, trip_s = await self._time()
            if abs((self._clock() - right).total_seconds()) > TOLERANCE_S:
                # The answer may have been late, or the clock set in the meantime: ask once more.
                right, trip_s = await self._time()
        except TimeoutError:
            return False
        if right.year not in _YEARS:
            # TWS answers, but its clock cannot be right.
            return True
        error_s = self._link.status.clock_error_s
        if trip_s <= _MOST_TRIP_S:
            error_s = self._set_clock(right)
            if self._line.time_known(right):
                self._ib.clockEvent.emit()
        self._link.measured(1000 * trip_s, error_s)
        problem = clock_problem(error_s)
        if (problem is None) is not (self._problem is None):
            self._log.warning("%s: %s", self._link.name, problem or "The computer's clock is right again.")
        self._problem = problem
        return True

    async def _time(self) -> tuple[datetime, float]:
        """Return the correct time, and how many seconds the answer took. Raises ``TimeoutError``."""
        steady = asyncio.get_running_loop().time
        requested = steady()
        async with asyncio.timeout(self._timing.answer_s):
            received = await self._ib.reqCurrentTimeAsync()
        trip_s = steady() - requested
        return received + _HALF_A_SECOND + timedelta(seconds=trip_s / 2), trip_s
