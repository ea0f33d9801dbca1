"""What the tests of both servers share: resolving the host, running the link, and texts."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from psf_monitor.book.quotes import is_priced_by_hammer
from psf_monitor.check.steps import Steps
from psf_monitor.connection.errors import name_unanswered
from psf_monitor.connection.name_lookup import look_up
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode, masked
from psf_monitor.domain.position import Position
from psf_monitor.problem import Problem
from psf_monitor.settings import IbkrProfile, equal_profile

_ALWAYS_QUOTED = "SPY"
_MOST_NAMED = 3


class Profiles:
    """How the IBKR profiles of one test are related: two may use one TWS, or reach one login."""

    def __init__(self, logins: Mapping[AccountMode, IbkrProfile]) -> None:
        self._logins = logins
        self._named: dict[str, AccountMode] = {}
        self._signed_in: set[AccountMode] = set()
        self._settled = {mode: asyncio.Event() for mode in logins}

    def signed_in(self, mode: AccountMode) -> None:
        """Note that this profile keeps its client id until the test ends."""
        self._signed_in.add(mode)
        self._settled[mode].set()

    def ended(self, mode: AccountMode) -> None:
        """Note that this profile has its client id, or will not get it."""
        self._settled[mode].set()

    def with_same_client(self, mode: AccountMode) -> AccountMode | None:
        """Return the other profile of this test that uses this one's client id at the same place."""
        other = equal_profile(self._logins, mode)
        return other if other in self._signed_in else None

    async def turn(self, mode: AccountMode) -> None:
        """Wait for this profile's turn: of two with one client id at one place, the second signs in later."""
        other = equal_profile(self._logins, mode)
        before = list(self._logins)[: list(self._logins).index(mode)]
        if other in before:
            await self._settled[other].wait()

    async def tried_by_other(self, mode: AccountMode) -> None:
        """Return when the other profile with this client id at this place has tried to sign in, too."""
        if (other := equal_profile(self._logins, mode)) is not None:
            await self._settled[other].wait()

    def named(self, mode: AccountMode, accounts: Sequence[str]) -> str:
        """Note the accounts of a profile; return which other profile showed some of them, empty for none."""
        first = [self._named.setdefault(account, mode) for account in accounts]
        other = next((each for each in first if each is not mode), None)
        if other is None:
            return ""
        if set(first) == {other} and list(self._named.values()).count(other) == len(set(accounts)):
            return f"{other} reaches the same TWS login, and rows are counted once"
        shared = [masked(account) for account, of in zip(accounts, first, strict=True) if of is other]
        return f"{other} shows {few(shared)}, too, and what both report is counted once"


class HeldSymbol:
    """The symbol that HAMMER is asked for: the first share that a login holds."""

    def __init__(self, logins: int, wait_s: float) -> None:
        self._logins = logins
        self._wait_s = wait_s
        self._symbol = ""
        self._settled = asyncio.Event()
        self._settle()

    def listed(self, positions: Sequence[Position]) -> None:
        """Note what a login holds."""
        held = [p.instrument for p in positions if p.is_held]
        symbols = [instrument.symbol for instrument in held if is_priced_by_hammer(instrument)]
        self._symbol = self._symbol or min(symbols, default="")
        self._settle()

    def login_ended(self) -> None:
        """Note that a login reports nothing more."""
        self._logins -= 1
        self._settle()

    async def symbol(self) -> str:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._wait_s):
                await self._settled.wait()
        return self._symbol or _ALWAYS_QUOTED

    def _settle(self) -> None:
        if self._symbol or not self._logins:
            self._settled.set()


async def find_host(host: str, steps: Steps, timeout_s: float, unknown: Callable[[str], Problem]) -> None:
    """Resolve the host's addresses, as the step ``name``."""
    try:
        found = await look_up(host, timeout_s)
    except (socket.gaierror, UnicodeError):
        steps.give_up(sentences_of(unknown(host)))
    except TimeoutError:
        steps.give_up(sentences_of(name_unanswered(host, timeout_s)))
    else:
        steps.succeed("name", few(found))


@asynccontextmanager
async def connected(link: Link) -> AsyncIterator[None]:
    """Run the link, requested to connect; close it at the end in any case."""
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(link.run())
        link.connect()
        try:
            yield
        finally:
            serving.cancel()


def sentences_of(problem: Problem) -> str:
    """Return what happened, why, and what to do, one line each."""
    sentences = "\n".join(part for part in (problem.what, problem.why, problem.to_do) if part)
    return sentences if problem.code is None else f"{sentences} ({problem.code})"


def few(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
