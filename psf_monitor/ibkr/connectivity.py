"""TWS's own link to IBKR: since when it is lost, and how it is known to be back."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from psf_monitor.ibkr.timing import IbkrTiming


class ConnectivityLoss:
    """Set by 1100 or 2110, over with 1101 or 1102, or when data farms come back without either.

    ``at`` is when TWS first said so (UTC); ``None`` while TWS has its link. ``restored`` is called when the
    farms are taken for the link.
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
        """Note that TWS reports its connection to IBKR lost."""
        self.at = self.at or self._clock()
        self._reported_s = asyncio.get_running_loop().time()
        self._stop_settling()

    def end(self) -> None:
        """Note that TWS reports it restored, or that the connection to TWS ended."""
        self.at = None
        self._stop_settling()

    def farm_came_back(self) -> None:
        """Note that a data farm is connected."""
        loop = asyncio.get_running_loop()
        # What TWS says of its farms along with the loss is what it knew before.
        if self.at is None or loop.time() - self._reported_s < self._timing.farms_after_s:
            return
        self._stop_settling()
        self._settling = loop.call_later(self._timing.farms_settle_s, self._restored)

    def farm_went(self) -> None:
        """Note that a data farm is disconnected."""
        self._stop_settling()

    def _stop_settling(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None
