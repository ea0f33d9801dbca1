"""How the IBKR profiles of one connection test are related."""

import asyncio
from collections.abc import Mapping, Sequence

from psf_monitor.check.link_steps import few
from psf_monitor.domain.account import AccountMode
from psf_monitor.formatting import masked
from psf_monitor.settings import IbkrProfile, equal_profile


class Profiles:
    """How the IBKR profiles of one test are related: two may use one TWS, or reach one login."""

    def __init__(self, logins: Mapping[AccountMode, IbkrProfile]) -> None:
        self._logins = logins
        self._named: dict[str, AccountMode] = {}
        self._signed_in: set[AccountMode] = set()
        self._settled = {mode: asyncio.Event() for mode in logins}

    def signed_in(self, mode: AccountMode) -> None:
        """Record that this profile keeps its client id until the test ends."""
        self._signed_in.add(mode)
        self._settled[mode].set()

    def ended(self, mode: AccountMode) -> None:
        """Record that this profile has its client id, or will not get it."""
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
        """Record the accounts of a profile; return which other profile showed some of them, or nothing."""
        first = [self._named.setdefault(account, mode) for account in accounts]
        other = next((each for each in first if each is not mode), None)
        if other is None:
            return ""
        if set(first) == {other} and list(self._named.values()).count(other) == len(set(accounts)):
            return f"{other} reaches the same TWS login, and rows are counted once"
        shared = [masked(account) for account, of in zip(accounts, first, strict=True) if of is other]
        return f"{other} shows {few(shared)}, too, and what both report is counted once"
