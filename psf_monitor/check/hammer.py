"""The connection test of HAMMER."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.check.held_symbol import HeldSymbol
from psf_monitor.check.link_steps import connected, few, find_host, sentences_of
from psf_monitor.check.steps import Steps
from psf_monitor.connection.status import ConnectStep, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.connection.wire_tap import NO_TAP, LinkTap
from psf_monitor.domain.account import AccountMode, AccountSection, AccountSummary
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from psf_monitor.formatting import masked
from psf_monitor.hammer import errors as hammer_errors
from psf_monitor.hammer.account.errors import NO_ACCOUNT
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.problem import Problem
from psf_monitor.settings import HammerProfile
from psf_monitor.settings.symbol_file import SymbolOverrides

_STEP_NAMES = {
    ConnectStep.LINE: "WebSocket",
    ConnectStep.SIGN_IN: "password",
    ConnectStep.DATA_SOURCE: "data source",
}
_BEFORE_ANY_SYMBOL = ("WebSocket", "password")


_ACCOUNT_PARTS = 3
"""Positions, orders and balances."""


def _no_account(timeout_s: float) -> str:
    return (
        f"Hammer Pro did not report its own account in {timeout_s:g} s.\n"
        "It may be logged out of it, or still be loading it.\n"
        "Look at the account in Hammer Pro itself."
    )


class HammerCheck:
    """HAMMER's steps, observed through the adapter's sinks."""

    def __init__(
        self,
        profile: HammerProfile,
        table: SymbolOverrides,
        steps: Steps,
        held: HeldSymbol,
        tap: LinkTap = NO_TAP,
    ) -> None:
        self._profile = replace(profile, reconnect=False)
        self._steps = steps
        self._held = held
        self._table = table
        self._tap = tap
        self._requested: Mapping[str, str] = {}
        self._account = ""
        self._account_problem: Problem | None = None
        self._parts: dict[str, str] = {}

    async def run(self, clock: Callable[[], datetime], timeout_s: float) -> None:
        profile, steps = self._profile, self._steps
        await find_host(profile.host, steps, timeout_s, hammer_errors.unknown_host)
        if not steps.open:
            return
        adapter = HammerAdapter(profile, HammerSinks(self, account=self), clock, tap=self._tap)
        adapter.remap(self._table.names)
        adapter.link.when_changed(lambda: self._on_status(adapter.link))
        async with connected(adapter.link):
            try:
                # If HAMMER does not say that the streamer runs, a price shows it.
                while any(name in steps.open for name in _BEFORE_ANY_SYMBOL):
                    async with asyncio.timeout(timeout_s):
                        await steps.one_ended()
                self._end_account()
                symbol = await self._held.symbol()
                steps.begin()
                adapter.set_wanted({symbol})
                async with asyncio.timeout(timeout_s):
                    await steps.all_ended()
            except TimeoutError:
                if any(name in steps.open for name in _STEP_NAMES.values()):
                    steps.give_up(self._too_slow(timeout_s))
                    return
                if "account" in steps.open:
                    steps.fail("account", str(self._account_problem or _no_account(timeout_s)))
                steps.give_up(self._too_slow(timeout_s))

    def _on_status(self, link: Link) -> None:
        for step, learnt in link.status.passed:
            self._steps.succeed(_STEP_NAMES[step], learnt)
        problem = link.status.problem
        if link.status.state is LinkState.FAILED and problem is not None:
            if problem.needs_password:
                # A check may run without a window in which to enter it.
                problem = replace(problem, to_do="Enter it in ... > Edit, or give it as HAMMER_PASSWORD.")
            self._steps.give_up(sentences_of(problem))

    def _too_slow(self, timeout_s: float) -> str:
        if self._requested:
            symbol, name = next(iter(self._requested.items()))
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

    # Called by HAMMER's side.

    def symbols_requested(self, hammer_symbols: Mapping[str, str]) -> None:
        self._requested = dict(hammer_symbols)

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
                f"HAMMER does not know {symbol} (asked as {self._requested[symbol]}).",
                "The tickers of preferred shares differ between vendors.",
                "Look up in Hammer Pro what it calls this share and write that into your table of symbols.",
                *(f"The table is not all right: {problem}" for problem in self._table.problems),
            ]
            self._steps.fail("quote", "\n".join(sentences))

    # Called by HAMMER's side for its own account.

    def accounts_named(self, _mode: AccountMode, accounts: Sequence[str]) -> None:
        self._account = few([masked(account) for account in accounts])
        self._end_account()

    def positions_replaced(self, _mode: AccountMode, positions: Sequence[Position]) -> None:
        self._came("positions", formatting.counted(sum(1 for p in positions if p.quantity), "position"))

    def orders_replaced(self, _mode: AccountMode, orders: Sequence[Order]) -> None:
        self._came("orders", formatting.counted(sum(1 for o in orders if not o.is_done), "open order"))

    def order_changed(self, _mode: AccountMode, order: Order) -> None:
        """Do nothing: a check does not wait for it."""

    def orders_unavailable(self, _mode: AccountMode, why: Problem) -> None:
        self._account_problem = why

    def summaries_replaced(self, _mode: AccountMode, summaries: Sequence[AccountSummary]) -> None:
        self._came("values", "account values" if summaries else "no account values")

    def account_problem(self, _mode: AccountMode, why: Problem | None) -> None:
        self._account_problem = why
        self._end_account()

    def account_lost(self, _mode: AccountMode, since: datetime, of: AccountSection | None = None) -> None:
        """Do nothing: the link's status says why."""

    def account_dropped(self, _mode: AccountMode) -> None:
        """Do nothing: there is no book to empty."""

    def _came(self, part: str, what: str) -> None:
        self._parts[part] = what
        self._end_account()

    def _end_account(self) -> None:
        """End the account's step once all parts have arrived, or there is none; it waits for the streamer."""
        if any(name in self._steps.open for name in _STEP_NAMES.values()):
            return
        if self._account_problem == NO_ACCOUNT and not self._profile.account_key:
            self._steps.succeed("account", "none is set up in Hammer Pro")
        elif self._account and len(self._parts) == _ACCOUNT_PARTS and not self._account_problem:
            self._steps.succeed("account", ", ".join([self._account, *self._parts.values()]))

    # Not awaited by a check.

    def quotes_awaited(self, *, are_awaited: bool) -> None:
        """Do nothing: the steps of the check say how far it is."""

    def quotes_live(self) -> None:
        """Do nothing: a check waits for a quote, not for the stream."""

    def quotes_frozen(self, since: datetime) -> None:
        """Do nothing: the link's status says why."""

    def quotes_dropped(self) -> None:
        """Do nothing: there is no book to empty."""
