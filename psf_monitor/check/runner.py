"""The connection test: every step to both TWS logins and to HAMMER, how it ended, and what to do about it.

It runs the connections of the window itself, so it fails where the window would fail, and for the same
reason. ``run`` is a stream of records for whoever shows them; ``report`` prints them. No Qt here.
"""

import asyncio
import importlib
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime

from psf_monitor import formatting
from psf_monitor.book.quotes import is_priced_by_hammer
from psf_monitor.check.steps import STEPS, Outcome, Step, Steps, Tell, lines_of
from psf_monitor.connection.status import ConnectStep, LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import (
    IBKR_MODES,
    AccountMode,
    AccountSummary,
    is_paper,
    mask_accounts,
    masked,
)
from psf_monitor.domain.clock import system_clock
from psf_monitor.domain.message import BrokerMessage
from psf_monitor.domain.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer import errors as hammer_errors
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.ibkr import errors as ibkr_errors
from psf_monitor.ibkr.connector import IBKRConnector
from psf_monitor.ibkr.sink import Timing
from psf_monitor.problem import Problem
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from psf_monitor.settings.symbol_file import SymbolFile, SymbolOverrides

ALL_OK, FAILED = 0, 1
"""Exit codes: every step is ok; at least one is not."""

_IBKR_GATES = {ConnectStep.LINE: "TCP", ConnectStep.SIGN_IN: "handshake"}
_HAMMER_GATES = {
    ConnectStep.LINE: "WebSocket",
    ConnectStep.SIGN_IN: "password",
    ConnectStep.DATA_SOURCE: "streamer",
}

_HELD_SYMBOL_WAIT_S = 3.0
"""How long HAMMER's quote waits for a login to list what is held."""
_ALWAYS_QUOTED = "SPY"
_MOST_NAMED = 3
_CLIENT_ID_TAKEN = 326


async def run(
    settings: Settings,
    targets: Collection[AccountMode],
    tell: Tell,
    *,
    timeout_s: float,
    clock: Callable[[], datetime] = system_clock,
    stopwatch: Callable[[], float] = time.perf_counter,
) -> None:
    """Try every target at the same time and ``tell`` each of ``STEPS`` once, as it ends.

    ``timeout_s``, above 0, is the longest wait for any one step. When this returns, or is cancelled, every
    line is closed and no task is left. The event loop has to be the one of the policy, for ib_insync.
    """
    logins = [settings.ibkr[mode] for mode in IBKR_MODES if mode in targets]
    if logins:
        # Importing ib_insync takes longer than a step, and would be counted as one.
        importlib.import_module("psf_monitor.ibkr.session")
    held = _HeldSymbol(len(logins))
    ended: asyncio.Queue[Step] = asyncio.Queue()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_pass_on(ended, sum(len(STEPS[target]) for target in set(targets)), tell))
        for profile in logins:
            steps = Steps(profile.mode, ended.put_nowait, stopwatch)
            tasks.create_task(_IbkrCheck(profile, steps, held).run(clock, timeout_s))
        if AccountMode.HAMMER_PRO in targets:
            steps = Steps(AccountMode.HAMMER_PRO, ended.put_nowait, stopwatch)
            table = SymbolOverrides() if settings.symbols is None else SymbolFile(settings.symbols).read()
            tasks.create_task(_HammerCheck(settings.hammer, table, steps, held).run(clock, timeout_s))


async def _pass_on(ended: asyncio.Queue[Step], count: int, tell: Tell) -> None:
    """Tell from outside the connections: a listener that breaks must not look like one that broke."""
    for _ in range(count):
        tell(await ended.get())


async def report(settings: Settings, targets: Collection[AccountMode], timeout_s: float) -> int:
    """Run the check and print one line for each step as it ends; the exit code."""
    # ib_insync asks the policy for the loop, and from Python 3.12 on that is not always the running one.
    asyncio.set_event_loop(asyncio.get_running_loop())
    steps: list[Step] = []

    def tell(step: Step) -> None:
        steps.append(step)
        _print(lines_of(step))

    await run(settings, targets, tell, timeout_s=timeout_s)
    failed = [mode for mode in targets if any(_is_bad(step) for step in steps if step.target is mode)]
    verdicts = [f"{mode} {Outcome.FAILED if mode in failed else Outcome.OK}" for mode in targets]
    _print([f"Result: {', '.join(verdicts)}."])
    return FAILED if failed else ALL_OK


def _is_bad(step: Step) -> bool:
    return step.outcome is not Outcome.OK


def _print(lines: Sequence[str]) -> None:
    printed = mask_accounts("".join(f"{line}\n" for line in lines))
    # A console or a pipe that has no such letter gets a question mark, not an end.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(printed.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


class _HeldSymbol:
    """Which symbol HAMMER is asked for: the first share that a login holds."""

    def __init__(self, logins: int) -> None:
        self._logins = logins
        self._symbol = ""
        self._settled = asyncio.Event()
        self._settle()

    def listed(self, positions: Sequence[Position]) -> None:
        """A login told what it holds."""
        symbols = [p.instrument.symbol for p in positions if p.quantity and is_priced_by_hammer(p.instrument)]
        self._symbol = self._symbol or min(symbols, default="")
        self._settle()

    def login_ended(self) -> None:
        """A login tells nothing more."""
        self._logins -= 1
        self._settle()

    async def symbol(self) -> str:
        with suppress(TimeoutError):
            async with asyncio.timeout(_HELD_SYMBOL_WAIT_S):
                await self._settled.wait()
        return self._symbol or _ALWAYS_QUOTED

    def _settle(self) -> None:
        if self._symbol or not self._logins:
            self._settled.set()


async def _find_host(
    host: str, port: int, steps: Steps, timeout_s: float, unknown: Callable[[str], Problem]
) -> None:
    """The step ``name``: what addresses the host has."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        steps.give_up(_sentences(unknown(host)))
    except TimeoutError:
        steps.give_up(f"Looking up '{host}' took longer than {timeout_s:g} s.\nCheck the network.")
    else:
        steps.succeed("name", _few(list(dict.fromkeys(str(entry[4][0]) for entry in found))))


@asynccontextmanager
async def _connected(link: Link) -> AsyncIterator[None]:
    """The link at work, asked to connect; closed at the end, whatever the end."""
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(link.run())
        link.connect()
        try:
            yield
        finally:
            serving.cancel()


class _IbkrCheck:
    """One login's steps, seen from where the window's book stands: a sink and the link's status."""

    def __init__(self, profile: IbkrProfile, steps: Steps, held: _HeldSymbol) -> None:
        self._profile = replace(profile, reconnect=False)
        self._steps = steps
        self._held = held
        self._warning = ""
        self._cut_off = ""
        self._giving_up: asyncio.TimerHandle | None = None

    async def run(self, clock: Callable[[], datetime], timeout_s: float) -> None:
        profile, steps = self._profile, self._steps
        try:
            await _find_host(profile.host, profile.port, steps, timeout_s, ibkr_errors.unknown_host)
            if not steps.open:
                return
            timing = Timing(handshake_s=timeout_s, answer_s=timeout_s)
            connector = IBKRConnector(profile, self, clock, timing=timing)
            link = connector.link
            link.when_changed(lambda: self._on_status(link, timeout_s))
            async with _connected(link):
                await steps.all_ended()
        finally:
            self._held.login_ended()
            if self._giving_up is not None:
                self._giving_up.cancel()

    def _on_status(self, link: Link, timeout_s: float) -> None:
        status = link.status
        self._warning = status.warning
        if status.state is LinkState.CUT_OFF:
            code, why = (status.problem.code, status.problem.why) if status.problem else (1100, "")
            self._cut_off = f"TWS is cut off from IBKR ({code}); it reconnects by itself.\n{why}".rstrip()
            if self._giving_up is None:
                # What a TWS that is cut off does not answer it may never answer.
                loop = asyncio.get_running_loop()
                self._giving_up = loop.call_later(timeout_s, self._fail_unanswered, timeout_s)
        elif status.state is LinkState.RESTORED:
            self._cut_off = ""
        for step, learnt in status.passed:
            self._steps.succeed(_IBKR_GATES[step], learnt)
        if status.state is LinkState.FAILED and status.problem is not None:
            self._steps.give_up(_sentences(self._as_of_a_check(status.problem)))
        elif status.state is LinkState.READY:
            # Every kind of data has been answered or waited for.
            self._fail_unanswered(timeout_s)

    def _fail_unanswered(self, timeout_s: float) -> None:
        for name in self._steps.open:
            self._steps.fail(name, self._unanswered(name, timeout_s))

    def _as_of_a_check(self, problem: Problem) -> Problem:
        if problem.code != _CLIENT_ID_TAKEN:
            return problem
        flag = f"--{self._profile.mode.short.lower()}-client-id"
        return replace(
            problem,
            why="The psf_monitor window that is running now may hold it, or another program.",
            to_do=f"Disconnect it there and check again, or check with another id: {flag} N.",
        )

    def _unanswered(self, what: str, timeout_s: float) -> str:
        why = self._cut_off or "TWS may be busy, or IBKR in its nightly reset."
        return f"TWS did not send the {what} in {timeout_s:g} s.\n{why}\nCheck again in a minute."

    def _came(self, name: str, result: str) -> None:
        if self._cut_off:
            self._steps.fail(
                name, f"What TWS has may be old: {result}.\n{self._cut_off}\nCheck again in a minute."
            )
        elif self._warning:
            self._steps.fail(name, self._warning)
        else:
            self._steps.succeed(name, result)

    # What the login tells.

    def accounts_named(self, _mode: AccountMode, accounts: Sequence[str]) -> None:
        paper = any(is_paper(account) for account in accounts)
        kind = "paper" if paper else "live"
        expected = "" if paper is self._profile.expects_paper else ", not what the settings expect"
        self._steps.succeed("accounts", f"{_few([masked(a) for a in accounts])} ({kind}{expected})")

    def positions_replaced(self, _mode: AccountMode, positions: Sequence[Position]) -> None:
        self._came("positions", formatting.counted(sum(1 for p in positions if p.quantity), "position"))
        self._held.listed(positions)

    def position_changed(self, _mode: AccountMode, position: Position) -> None:
        """Nothing that a check waits for."""

    def orders_replaced(self, _mode: AccountMode, orders: Sequence[Order]) -> None:
        self._came("orders", formatting.counted(len(orders), "open order"))

    def order_changed(self, _mode: AccountMode, order: Order) -> None:
        """Nothing that a check waits for."""

    def orders_unavailable(self, _mode: AccountMode, why: str) -> None:
        self._steps.fail("orders", why)

    def summaries_replaced(self, _mode: AccountMode, summaries: Sequence[AccountSummary]) -> None:
        if summaries:
            self._came("account values", f"of {formatting.counted(len(summaries), 'account')}")
        else:
            self._steps.fail("account values", "TWS answered, but without a single account value.")

    def account_problem(self, _mode: AccountMode, why: str | None) -> None:
        if why is not None:
            self._steps.fail("account values", why)

    def account_said(self, _mode: AccountMode, message: BrokerMessage) -> None:
        """Nothing that a check waits for; it is in the log."""

    def account_lost(self, _mode: AccountMode, since: datetime) -> None:
        """The link's status tells why."""

    def account_dropped(self, _mode: AccountMode) -> None:
        """There is no book to empty."""


class _HammerCheck:
    """HAMMER's steps, seen from where the window's book stands."""

    def __init__(
        self, profile: HammerProfile, table: SymbolOverrides, steps: Steps, held: _HeldSymbol
    ) -> None:
        self._profile = replace(profile, reconnect=False)
        self._steps = steps
        self._held = held
        self._table = table
        self._asked: Mapping[str, str] = {}

    async def run(self, clock: Callable[[], datetime], timeout_s: float) -> None:
        profile, steps = self._profile, self._steps
        await _find_host(profile.host, profile.port, steps, timeout_s, hammer_errors.unknown_host)
        if not steps.open:
            return
        adapter = HammerAdapter(profile, self, clock, overrides=self._table.names)
        adapter.link.when_changed(lambda: self._on_status(adapter.link))
        async with _connected(adapter.link):
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
            if problem == hammer_errors.wrong_password():
                # A check may run where there is no window to enter it in.
                problem = replace(
                    problem, to_do="Enter it again in ... > Edit, or give it as HAMMER_PASSWORD."
                )
            self._steps.give_up(_sentences(problem))

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


def _sentences(problem: Problem) -> str:
    """What happened, why, what to do: a line each."""
    sentences = "\n".join(part for part in (problem.what, problem.why, problem.to_do) if part)
    return sentences if problem.code is None else f"{sentences} ({problem.code})"


def _few(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
