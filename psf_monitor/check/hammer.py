"""The connection test of HAMMER."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.check.shared import HeldSymbol, connected, find_host, sentences_of
from psf_monitor.check.steps import Steps
from psf_monitor.connection.status import ConnectStep, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer import errors as hammer_errors
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.settings import HammerProfile
from psf_monitor.settings.symbol_file import SymbolOverrides

_HAMMER_GATES = {
    ConnectStep.LINE: "WebSocket",
    ConnectStep.SIGN_IN: "password",
    ConnectStep.DATA_SOURCE: "streamer",
}


class HammerCheck:
    """HAMMER's steps, seen from where the window's book stands."""

    def __init__(
        self, profile: HammerProfile, table: SymbolOverrides, steps: Steps, held: HeldSymbol
    ) -> None:
        self._profile = replace(profile, reconnect=False)
        self._steps = steps
        self._held = held
        self._table = table
        self._asked: Mapping[str, str] = {}

    async def run(self, clock: Callable[[], datetime], timeout_s: float) -> None:
        profile, steps = self._profile, self._steps
        await find_host(profile.host, profile.port, steps, timeout_s, hammer_errors.unknown_host)
        if not steps.open:
            return
        adapter = HammerAdapter(profile, self, clock, overrides=self._table.names)
        adapter.link.when_changed(lambda: self._on_status(adapter.link))
        async with connected(adapter.link):
            try:
                while any(name in steps.open for name in _HAMMER_GATES.values()):
                    async with asyncio.timeout(timeout_s):
                        await steps.one_ended()
                symbol = await self._held.symbol()
                steps.begin()
                adapter.want({symbol})
                async with asyncio.timeout(timeout_s):
                    await steps.all_ended()
            except TimeoutError:
                steps.give_up(self._too_slow(timeout_s))

    def _on_status(self, link: Link) -> None:
        for step, learnt in link.status.passed:
            self._steps.succeed(_HAMMER_GATES[step], learnt)
        problem = link.status.problem
        if link.status.state is LinkState.FAILED and problem is not None:
            if problem.needs_password:
                # A check may run where there is no window to enter it in.
                problem = replace(problem, to_do="Enter it in ... > Edit, or give it as HAMMER_PASSWORD.")
            self._steps.give_up(sentences_of(problem))

    def _too_slow(self, timeout_s: float) -> str:
        if self._asked:
            symbol, name = next(iter(self._asked.items()))
            return (
                f"HAMMER took {symbol} (asked as {name}) but sent no price in {timeout_s:g} s.\n"
                "The data source may be logged out, or the data plan may not include it.\n"
                "Look at the symbol in Hammer Pro itself."
            )
        return (
            f"Hammer Pro was not done with this in {timeout_s:g} s.\n"
            "It may still be starting, or hang.\n"
            "Look at Hammer Pro, then check again."
        )

    # What HAMMER tells.

    def symbols_asked(self, hammer_symbols: Mapping[str, str]) -> None:
        self._asked = dict(hammer_symbols)

    def quotes_changed(self, quotes: Mapping[str, Quote]) -> None:
        for symbol, quote in quotes.items():
            figures = {"bid": quote.bid, "ask": quote.ask, "last": quote.last}
            known = [
                f"{name} {formatting.price(figure)}" for name, figure in figures.items() if figure is not None
            ]
            if known:
                self._steps.succeed("quote", f"{symbol}: {', '.join(known)}")

    def symbols_refused(self, symbols: frozenset[str]) -> None:
        for symbol in symbols:
            sentences = [
                f"HAMMER does not know {symbol} (asked as {self._asked[symbol]}).",
                "The tickers of preferred shares differ between vendors.",
                "Look up in Hammer Pro what it calls this share and write that into your table of symbols.",
                *(f"The table is not all right: {problem}" for problem in self._table.problems),
            ]
            self._steps.fail("quote", "\n".join(sentences))

    def quotes_live(self) -> None:
        """A quote is waited for, not the stream."""

    def quotes_frozen(self, since: datetime) -> None:
        """The link's status tells why."""

    def quotes_dropped(self) -> None:
        """There is no book to empty."""
