"""TWS's lists that have no request id: which have ended, and how long to wait for one.

TWS answers requests in turn, each with the rows of its list and an end. The end of a list requested twice may
be that of the first request: the list is complete all the same, if none of its rows is left out.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable

ORDER_LIST, POSITION_LIST = "openOrders", "positions"
"""ib_insync's names of the two lists."""


class ListCompletion:
    """Counts the requests that have not ended, and the ``received`` rows of each list.

    A list of which nothing arrives for ``silence_s`` seconds is given up.
    """

    def __init__(self, silence_s: float) -> None:
        self._silence_s = silence_s
        self.received: Counter[str] = Counter()
        self._open: Counter[str] = Counter()

    def requested(self, name: str) -> None:
        """Record that a list was requested."""
        self._open[name] += 1

    def ended(self, name: str) -> None:
        """Record the end of a list, or its refusal."""
        self._open[name] = max(self._open[name] - 1, 0)

    def is_open(self, name: str) -> bool:
        """Return whether rows of a requested list may still be on their way."""
        return self._open[name] > 0

    async def until_there(self, name: str, answer: Awaitable[object]) -> None:
        """Wait for an answer as long as its rows arrive. Raises ``TimeoutError`` when they stop."""
        waiting = asyncio.ensure_future(answer)
        try:
            while not waiting.done():
                before = self.received[name]
                await asyncio.wait({waiting}, timeout=self._silence_s)
                if not waiting.done() and self.received[name] == before:
                    raise TimeoutError(f"no row of {name} in {self._silence_s:g} s")
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        waiting.result()
