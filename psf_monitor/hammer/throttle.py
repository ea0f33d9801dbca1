"""Limits how often received data is reported: at once, but during a flood no more often than useful."""

import asyncio
from collections.abc import Callable

from psf_monitor.connection.pacing import FLOOD, HAND_OVER_EVERY_S


class Throttle:
    """Calls every function of ``flush``, during a flood at most once in ``every_s``; the rest follows by
    itself.

    ``flood`` is the number of frames at once that count as a flood.

    It needs a running event loop.
    """

    def __init__(
        self, *flush: Callable[[], None], every_s: float = HAND_OVER_EVERY_S, flood: int = FLOOD
    ) -> None:
        self._flush = flush
        self._every_s = every_s
        self._flood = flood
        self._handed_at = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def request(self, frames: int) -> None:
        """Request a flush after reading this many frames. During a flood most would be replaced before they
        are read.
        """
        loop = asyncio.get_running_loop()
        left_s = self._handed_at + self._every_s - loop.time()
        if frames < self._flood or left_s <= 0:
            self.flush_now()
        elif self._waiting is None:
            self._waiting = loop.call_later(left_s, self.flush_now)

    def flush_now(self) -> None:
        """Flush now, flood or not."""
        self.stop()
        self._handed_at = asyncio.get_running_loop().time()
        for flush in self._flush:
            flush()

    def stop(self) -> None:
        """Flush nothing any more until requested again."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
