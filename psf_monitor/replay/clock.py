"""The clock of a replay, and the timers of an event loop that run on it."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from contextvars import Context
from datetime import datetime, timedelta
from typing import Any

from psf_monitor.recording.reader import utc


class ReplayClock:
    """``now_s`` is in seconds from the beginning of the recording; calling it returns the recording's UTC."""

    def __init__(self, begin: datetime) -> None:
        self.now_s = 0.0
        self._known_s = 0.0
        self._known_at: datetime | None = begin
        self._known_ns = 0

    def __call__(self) -> datetime:
        if self._known_at is None:
            self._known_at = utc(self._known_ns)
        return self._known_at + timedelta(seconds=self.now_s - self._known_s)

    def set(self, at_s: float, utc_ns: int) -> None:
        """Set the recording's clock, in ns since 1970: clocks are set, and gaps are left out."""
        self._known_s, self._known_ns, self._known_at = at_s, utc_ns, None


class ReplayTimers:
    """The timers of an event loop on replay time; a base class that precedes the loop's own.

    Timers fire in ``run_until`` only, so that nothing times out in a pause.
    """

    replay_clock: ReplayClock | None = None

    def _timers(self) -> "list[tuple[float, int, asyncio.TimerHandle]]":
        found: list[tuple[float, int, asyncio.TimerHandle]] | None = self.__dict__.get("_replay_timers")
        if found is None:
            found = self.__dict__["_replay_timers"] = []
            self.__dict__["_replay_count"] = itertools.count()
        return found

    def time(self) -> float:
        """Return the replay's seconds, or the computer's before there is a replay."""
        if self.replay_clock is None:
            return super().time()  # type: ignore[misc, no-any-return]
        return self.replay_clock.now_s

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> Any:
        """Schedule on replay time; at once without a delay."""
        if self.replay_clock is None or delay <= 0:
            return super().call_later(delay, callback, *args, context=context)  # type: ignore[misc]
        return self.call_at(self.replay_clock.now_s + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> Any:
        """Schedule on replay time; at once if already due."""
        if self.replay_clock is None or when <= self.replay_clock.now_s:
            return super().call_at(when, callback, *args, context=context)  # type: ignore[misc]
        handle = asyncio.TimerHandle(when, callback, args, self, context)  # type: ignore[arg-type]
        timers = self._timers()
        heapq.heappush(timers, (when, next(self.__dict__["_replay_count"]), handle))
        return handle

    def call_really_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Any:
        """Schedule on the computer's time."""
        return super().call_later(delay, callback, *args)  # type: ignore[misc]

    def run_until(self, until_s: float) -> int:
        """Advance the replay's time to ``until_s`` and call the timers due on the way; return how many."""
        clock = self.replay_clock
        assert clock is not None
        timers, called = self._timers(), 0
        while timers and timers[0][0] <= until_s:
            when, _, handle = heapq.heappop(timers)
            clock.now_s = max(clock.now_s, when)
            if not handle.cancelled():
                called += 1
                handle._run()
        clock.now_s = max(clock.now_s, until_s)
        return called

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Do nothing: a cancelled timer is skipped when it is due."""
