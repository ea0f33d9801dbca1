"""Both servers at once: GUN's and PED's TWS and HAMMER over one market, and the events of the scenario."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Self

from psf_monitor.domain.market_hours import NEW_YORK
from psf_monitor.sim.hammer.account import OwnAccount
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.fact_file import fact_file
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import SESSION_START, SimPrint
from psf_monitor.sim.market.scenarios import scenario as scenario_named
from psf_monitor.sim.tws.server import SimTws

_STEP_S = 0.1
_MOST_LIVED_S = 60.0
SHARE_AT_WORK = "CIM PRB"
"""The share that the scenario ``depth`` is about."""
HAMMER_LOST_AFTER_S = 3.0
"""Seconds until HAMMER stops in the scenario ``hammer-lost``, once everything held has been requested."""


class TwsOptions(NamedTuple):
    """The highest version of the protocol, and how long after a move account values are sent."""

    max_version: int = 176
    refresh_s: float = 2.0


DEFAULT_TWS = TwsOptions()
_PED_CLIENT_ID = 2
"""The default client id, which the scenario ``ibkr-failed`` refuses."""


class Gateways:
    """Three listeners on 127.0.0.1 and the task that moves their market, from ``start`` to ``stop``.

    Scenarios: ``ibkr-failed`` refuses PED's client id, ``hammer-lost`` stops HAMMER after a while,
    ``hammer-account`` gives HAMMER's user an account of his own, ``depth`` an hour of trading in one share
    has happened, ``my-file`` the trader has a file of his own, ``fact_file``; the others are in the market.
    """

    def __init__(
        self,
        scenario: str = "normal",
        *,
        seed: int = 7,
        start: datetime = SESSION_START,
        clock: Callable[[], datetime] | None = None,
        tws: TwsOptions = DEFAULT_TWS,
    ) -> None:
        """``start`` is the market's first moment. With a ``clock`` the market follows that clock."""
        self._clock = clock
        self._subscribed_at: datetime | None = None
        self.market = Market(scenario_named(scenario), seed, start if clock is None else clock())
        self.scenario = scenario
        refused = {_PED_CLIENT_ID} if scenario == "ibkr-failed" else set()
        self.gun = SimTws(self.market, "IBKR_GUN", max_version=tws.max_version, refresh_s=tws.refresh_s)
        self.ped = SimTws(
            self.market,
            "IBKR_PED",
            max_version=tws.max_version,
            refused_client_ids=frozenset(refused),
            refresh_s=tws.refresh_s,
        )
        self.hammer = SimHammer(
            self.market, accounts=[self._own_account()] if scenario == "hammer-account" else ()
        )
        if scenario == "depth":
            self._trade_before(seed)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(
        self, *, gun_port: int = 0, ped_port: int = 0, hammer_port: int = 0, moves: bool = True
    ) -> None:
        """Listen on the given ports, or on free ones for 0. Raises ``OSError`` if one is taken.

        A market that does not move by itself stands still until somebody uses its controls.
        """
        try:
            await self.gun.start(gun_port)
            await self.ped.start(ped_port)
            await self.hammer.start(hammer_port)
        except OSError:
            await self.stop()
            raise
        if moves:
            self._tasks.add(asyncio.create_task(self._move()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await self.hammer.stop()
        await self.ped.stop()
        await self.gun.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def fact_file(self) -> str:
        """The trader's own file, as text; empty if the scenario has none."""
        if self.scenario != "my-file":
            return ""
        today = self.market.clock().astimezone(NEW_YORK).date()
        return fact_file(scenario_named(self.scenario).securities, today)

    def _own_account(self) -> OwnAccount:
        account = OwnAccount(
            self.market.clock,
            holdings={"CIM-B": (800.0, 24.11), "GS-A": (-200.0, 22.31), "MS-K": (1_200.0, 24.64)},
        )
        account.place("Buy", "CIM-B", 300, 24.40)
        account.place("Sell", "MS-K", 600, 25.30)
        account.fill(account.place("Sell", "MS-K", 200, 24.98), 200, 24.98)
        account.fill(account.place("Buy", "CIM-B", 100, 24.55), 100, 24.55)
        return account

    def _trade_before(self, seed: int) -> None:
        """Add the prints of ``SHARE_AT_WORK`` in the hour before."""
        rng = random.Random(seed)
        security, now = self.market.security(SHARE_AT_WORK), self.market.clock()
        prices = (24.61, 24.60, 24.59, 24.57, 24.56, 24.55, 24.55, 24.55, 24.54, 24.54, 24.53, 24.51)
        prints = [
            SimPrint(
                now - timedelta(seconds=rng.uniform(2, 3_500)),
                rng.choice(prices),
                rng.choice((7, 12, 25, 50, 85, 100, 100, 200, 300, 400)),
                rng.choice(("NYSE", "NYSE", "FNRA", "NSDQ", "EDGX", "MEMX")),
                security.bid,
                security.ask,
            )
            for _ in range(60)
        ]
        security.prints.extend(sorted(prints, key=lambda trade: trade.time))

    async def _move(self) -> None:
        """Advance the market one step per step of real time; after a pause it does not catch up."""
        clock: Callable[[], float] = asyncio.get_running_loop().time
        due = clock()
        while True:
            self._step()
            if self._is_over_for_hammer():
                await self.hammer.stop()
            due = max(due + _STEP_S, clock() - _STEP_S)
            await asyncio.sleep(max(due - clock(), 0))

    def _step(self) -> None:
        if self._clock is None:
            self.market.step(_STEP_S)
            return
        behind_s = (self._clock() - self.market.clock()).total_seconds()
        # After a sleep of the computer the missed time is skipped.
        self.market.clock.advance(max(behind_s - _MOST_LIVED_S, 0.0))
        self.market.step(min(max(behind_s, 0.0), _MOST_LIVED_S))

    def _is_over_for_hammer(self) -> bool:
        """Return whether it is time to stop HAMMER, in market time: a slow computer changes nothing."""
        if self.scenario != "hammer-lost":
            return False
        if self._subscribed_at is None:
            held = {holding.security.hammer_symbol for holding in self.market.holdings.values()}
            if held - {None} <= self.hammer.subscribed:
                self._subscribed_at = self.market.clock()
            return False
        return (self.market.clock() - self._subscribed_at).total_seconds() >= HAMMER_LOST_AFTER_S
