"""TWS's own link to IBKR: since when it is lost, and how its return is recognized."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from psf_monitor.ibkr.timing import IbkrTiming


class ConnectivityLoss:
    """Begins with 1100 or 2110, ends with 1101 or 1102, or when data farms reconnect without either.

    ``at`` is when TWS first reported the loss (UTC); ``None`` while TWS has its link. ``restored`` is called
    when reconnected farms are taken as the link's return.
    """

    def __init__(
        self, clock: Callable[[], datetime], timing: IbkrTiming, restored: Callable[[], None]
    ) -> None:
        self.at: datetime | None = None
        self._clock = clock
        self._timing = timing
        self._restored = restored
        self._reported_s = 0.0
        self._settling: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Record that TWS reports its connection to IBKR lost."""
        self.at = self.at or self._clock()
        self._reported_s = asyncio.get_running_loop().time()
        self._stop_settling()

    def end(self) -> None:
        """Record that TWS reports it restored, or that the connection to TWS ended."""
        self.at = None
        self._stop_settling()

    def farm_came_back(self) -> None:
        """Record that a data farm is connected."""
        loop = asyncio.get_running_loop()
        # What TWS reports about farms together with the loss is its state from before.
        if self.at is None or loop.time() - self._reported_s < self._timing.farms_after_s:
            return
        self._stop_settling()
        self._settling = loop.call_later(self._timing.farms_settle_s, self._restored)

    def farm_went(self) -> None:
        """Record that a data farm is disconnected."""
        self._stop_settling()

    def _stop_settling(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None
