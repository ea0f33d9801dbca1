"""HAMMER as the rest of the product uses it: a link, the wanted symbols, and sinks for the data."""

import ipaddress
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from psf_monitor.connection.supervisor import Link
from psf_monitor.connection.wire_tap import NO_TAP, LinkTap
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.clock import steady_s
from psf_monitor.hammer import caches, errors, session
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.hammer.timing import DEFAULT, HammerTiming
from psf_monitor.settings import HammerProfile


class HammerAdapter:
    """HAMMER's quotes for the wanted symbols, whatever the state of the connection.

    The wanted symbols outlive every session and are sent again after each reconnect. ``unreadable_frames``
    counts unreadable frames by kind. Sinks are called on the event loop only. ``clock`` gives the times that
    are shown, ``elapsed_s`` measures waiting in seconds that do not depend on the clock's setting.
    """

    def __init__(
        self,
        profile: HammerProfile,
        sinks: HammerSinks,
        clock: Callable[[], datetime],
        *,
        elapsed_s: Callable[[], float] = steady_s,
        timing: HammerTiming = DEFAULT,
        tap: LinkTap = NO_TAP,
    ) -> None:
        self.unreadable_frames: Counter[str] = Counter()
        self._profile = profile
        self._sinks = sinks
        self._clock = clock
        self._elapsed_s = elapsed_s
        self._timing = timing
        self._symbols = SymbolTable({})
        self._depth_wanted: frozenset[str] = frozenset()
        self._caches: caches.Caches | None = None
        self._session: session.HammerSession | None = None
        self.link = Link(
            AccountMode.HAMMER_PRO.link_name,
            f"{profile.host}:{profile.port}",
            self._attempt,
            clock,
            backoff=timing.backoff,
            tap=tap,
        )
        self.link.reconnects = profile.reconnect
        self.link.when_idle(self._drop)

    def set_wanted(self, symbols: Collection[str]) -> None:
        """Set the IBKR symbols that are held or ordered now; subscribe new ones and drop the others."""
        if self._symbols.requested.keys() == set(symbols):
            return
        self._symbols.set_wanted(symbols)
        self._symbols_changed()

    def set_wanted_depth(self, symbols: Collection[str]) -> None:
        """Set the IBKR symbols whose depth is shown now; every session requests it again."""
        self._depth_wanted = frozenset(symbols)
        if self._caches is not None:
            self._caches.depth.set_wanted(self._depth_wanted)
        if self._session is not None:
            self._session.renew_subscriptions()

    def refresh(self) -> None:
        """Request every price and the account again, if connected; known values stay current meanwhile."""
        if self._session is not None:
            self._session.request_again(self._elapsed_s(), is_wanted=True)

    def remap(self, overrides: Mapping[str, str]) -> None:
        """Set the trader's own names, IBKR symbol to HAMMER symbol; affected symbols are requested again."""
        before = dict(self._symbols.requested)
        self._symbols.remap(overrides)
        if self._caches is not None:
            self._caches.account.renamed()
        if self._symbols.requested != before:
            self._symbols_changed()

    def reconfigure(self, profile: HammerProfile) -> None:
        """Use another profile, effective from the next attempt on."""
        self._profile = profile
        self.link.retarget(f"{profile.host}:{profile.port}")
        self.link.reconnects = profile.reconnect

    async def run(self) -> None:
        """Serve the link until cancelled; the owner holds this as one task."""
        await self.link.run()

    def _symbols_changed(self) -> None:
        self._sinks.quotes.symbols_requested(self._symbols.requested)
        if self._caches is not None:
            self._caches.renew_wanted()
        if self._session is not None:
            self._session.renew_subscriptions()

    def _drop(self) -> None:
        if self._caches is not None:
            self._caches.drop()

    async def _attempt(self) -> None:
        known = self._caches = self._caches or caches.Caches(
            self._symbols, self._sinks, self._clock, timing=self._timing
        )
        known.depth.set_wanted(self._depth_wanted)
        self._session = session.HammerSession(
            self._profile,
            known,
            self.link,
            self._clock,
            self._elapsed_s,
            self.unreadable_frames,
            self._timing,
        )
        if not _is_this_computer(self._profile.host):
            self.link.warn(errors.UNENCRYPTED)
        try:
            await self._session.run()
        finally:
            self._session = None


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
