"""The symbol for which the connection test asks HAMMER."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from psf_monitor.book.quotes import is_priced_by_hammer
from psf_monitor.domain.position import Position

_ALWAYS_QUOTED = "SPY"


class HeldSymbol:
    """The symbol that HAMMER is asked for: the first share that a login holds."""

    def __init__(self, logins: int, wait_s: float) -> None:
        self._logins = logins
        self._wait_s = wait_s
        self._symbol = ""
        self._settled = asyncio.Event()
        self._settle()

    def listed(self, positions: Sequence[Position]) -> None:
        """Record what a login holds."""
        held = [p.instrument for p in positions if p.is_held]
        symbols = [instrument.symbol for instrument in held if is_priced_by_hammer(instrument)]
        self._symbol = self._symbol or min(symbols, default="")
        self._settle()

    def login_ended(self) -> None:
        """Record that a login reports nothing more."""
        self._logins -= 1
        self._settle()

    async def symbol(self) -> str:
        """Return the first share that a login holds; if none is reported in time, one always quoted."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._wait_s):
                await self._settled.wait()
        return self._symbol or _ALWAYS_QUOTED

    def _settle(self) -> None:
        if self._symbol or not self._logins:
            self._settled.set()
