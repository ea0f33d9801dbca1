"""HAMMER as the product sees it: a link to click, symbols to want, a sink that hears of quotes."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from psf_monitor.hammer.board import QuoteBoard
from psf_monitor.hammer.session import Session
from psf_monitor.hammer.sink import HammerSink
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.link import Backoff, Link
from psf_monitor.settings import HammerProfile

__all__ = ["HammerAdapter", "HammerSink"]

CHECK_EVERY_S = 1.0
"""How often a session looks whether HAMMER has fallen silent."""


class HammerAdapter:
    """HAMMER's quotes for the wanted symbols, whatever the connection does.

    The wanted set outlives every session: it is sent again after each reconnect. ``rubbish`` counts the
    frames that made no sense, by kind. The sink is called in the event loop only.
    """

    def __init__(
        self,
        profile: HammerProfile,
        sink: HammerSink,
        clock: Callable[[], datetime],
        *,
        backoff: Backoff | None = None,
        overrides: Mapping[str, str] = MappingProxyType({}),
        check_every_s: float = CHECK_EVERY_S,
    ) -> None:
        self.rubbish: Counter[str] = Counter()
        self._profile = profile
        self._sink = sink
        self._clock = clock
        self._check_every_s = check_every_s
        self._symbols = SymbolTable(overrides)
        self._board = QuoteBoard(self._symbols, sink)
        self._session: Session | None = None
        self.link = Link(
            "HAMMER",
            f"{profile.host}:{profile.port}",
            self._attempt,
            clock,
            backoff=backoff,
            reconnect=profile.reconnect,
            on_idle=self._board.drop,
        )

    def want(self, symbols: Collection[str]) -> None:
        """Exactly these IBKR symbols are held or ordered now: the new are subscribed, the gone given up."""
        if self._symbols.asked.keys() == set(symbols):
            return
        self._symbols.want(symbols)
        self._sink.symbols_asked(self._symbols.asked)
        self._board.want_changed()
        if self._session is not None:
            self._session.wanted_changed()

    async def run(self) -> None:
        """Serve the link until cancelled; the owner holds this as one task."""
        await self.link.run()

    async def _attempt(self) -> None:
        self._session = Session(
            self._profile,
            self._symbols,
            self._board,
            self.link,
            self._clock,
            self.rubbish,
            self._check_every_s,
        )
        try:
            await self._session.run()
        finally:
            self._session = None
