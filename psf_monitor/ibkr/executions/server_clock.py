"""TWS's clock and the name of its zone, from its first frame, which ib_insync drops."""

import asyncio
import struct
from collections.abc import Callable
from datetime import datetime, timedelta

from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.executions.tws_time import clock_by_its_time, tws_clock

_LONGEST = 1000


class ServerClock:
    """Sets the clock of ``ib`` from the first frame, and again once the correct time is known."""

    def __init__(self, ib: ReadOnlyIB, clock: Callable[[], datetime]) -> None:
        self._ib = ib
        self._clock = clock
        self._received = b""
        self._shown, self._shown_at_s = "", 0.0
        ib.client.conn.hasData += self._on_bytes

    def _on_bytes(self, data: bytes) -> None:
        self._received += data
        if len(self._received) < 4:
            return
        end = 4 + struct.unpack(">I", self._received[:4])[0]
        if len(self._received) < end <= _LONGEST:
            return
        self._ib.client.conn.hasData -= self._on_bytes
        # Decoded as ib_insync decodes all other messages, so that the zone has one name in all of them.
        _, _, rest = self._received[4:end].decode("utf-8", "backslashreplace").partition("\0")
        self._shown, self._shown_at_s = rest.partition("\0")[0], asyncio.get_running_loop().time()
        self._ib.tws_clock = tws_clock(self._shown, self._clock())
        self._received = b""

    def time_known(self, now: datetime) -> bool:
        """Take the correct time; return whether it shows the zone of TWS's clock, which the name did not."""
        if self._ib.tws_clock.zone is not None or not self._shown:
            return False
        elapsed = timedelta(seconds=asyncio.get_running_loop().time() - self._shown_at_s)
        self._ib.tws_clock = clock_by_its_time(self._shown, now - elapsed)
        self._shown = ""
        return self._ib.tws_clock.zone is not None
