"""How often what was read is handed over: at once, or in a flood no oftener than is of use."""

import asyncio
from collections.abc import Callable

from psf_monitor.connection.pacing import FLOOD, HAND_OVER_EVERY_S


class Throttle:
    """Calls all of ``flush``, in a flood at most once in ``every_s``; what waits is handed over by itself.

    So many frames at once, ``flood``, are one.

    It needs a running event loop whenever it is asked.
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
        """Note that so many frames were read. In a flood most would be replaced before anybody looks."""
        loop = asyncio.get_running_loop()
        left_s = self._handed_at + self._every_s - loop.time()
        if frames < self._flood or left_s <= 0:
            self.hand_over()
        elif self._waiting is None:
            self._waiting = loop.call_later(left_s, self.hand_over)

    def hand_over(self) -> None:
        """Now, flood or not."""
        self.stop()
        self._handed_at = asyncio.get_running_loop().time()
        for flush in self._flush:
            flush()

    def stop(self) -> None:
        """Hand over nothing any more unless requested again."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
