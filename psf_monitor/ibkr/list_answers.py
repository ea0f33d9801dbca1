"""The lists of TWS that have no number of their own: whose end has come, and how long one is waited for.

TWS answers requests in turn, each with the rows of its list and an end. The end of a list that was asked for
twice may be that of the first time: what came before it is whole all the same, if none of it is left out.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable

ORDER_LIST, POSITION_LIST = "openOrders", "positions"
"""ib_insync's names of the two lists."""


class ListAnswers:
    """Counts what was asked for and not ended, and the rows that were ``received`` of each list.

    An answer of which nothing more comes for ``silence_s`` seconds will not come.
    """

    def __init__(self, silence_s: float) -> None:
        self._silence_s = silence_s
        self.received: Counter[str] = Counter()
        self._open: Counter[str] = Counter()

    def requested(self, name: str) -> None:
        """Note that a list was asked for."""
        self._open[name] += 1

    def ended(self, name: str) -> None:
        """Note the end of a list, or its refusal."""
        self._open[name] = max(self._open[name] - 1, 0)

    def is_open(self, name: str) -> bool:
        """Return whether rows may be on their way that belong to a list that was asked for."""
        return self._open[name] > 0

    async def until_there(self, name: str, answer: Awaitable[object]) -> None:
        """Wait for an answer as long as rows of it come; ``TimeoutError`` when none do any more."""
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
