"""One IBKR profile connected to a book over a real socket, and what the trader would see of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from msgspec import structs

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.book.rows import OrderRow, PositionRow
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.ibkr.connector import IbkrConnector
from psf_monitor.ibkr.sink import IbkrSinks
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.settings import IbkrProfile
from psf_monitor.sim.market.market import Market
from tests.support.records import GUN
from tests.support.waiting import PATIENCE_S, until

ACCOUNT = "U1240821"
NEVER = 3600.0
QUICK = IbkrTiming(
    handshake_s=PATIENCE_S,
    answer_s=PATIENCE_S,
    ask_again_s=0.05,
    orders_override_s=NEVER,
    orders_soonest_s=0.0,
    orders_rest_s=0.0,
    executions_every_s=NEVER,
    executions_soonest_s=0.0,
    executions_pause_per_s=0.0,
    heartbeat_every_s=NEVER,
    settle_s=0.0,
)
POLLING = replace(QUICK, orders_override_s=0.01)


BRISK = Backoff(0.01, 0.02)


class Login:
    """One profile connected to a book, as the monitor does it."""

    def __init__(
        self,
        market: Market,
        profile: IbkrProfile,
        timing: IbkrTiming,
        *,
        backoff: Backoff = BRISK,
        clock: Callable[[], datetime] | None = None,
        fills: Fills | None = None,
    ) -> None:
        self.book = Book(market.clock)
        self.fills = fills or Fills(market.clock)
        self.connector = IbkrConnector(
            profile,
            IbkrSinks(self.book, self.fills),
            clock or market.clock,
            timing=replace(timing, backoff=backoff),
        )
        self.link = self.connector.link

    @property
    def state(self) -> LinkState:
        return self.link.status.state

    def positions(self) -> dict[str, PositionRow]:
        self.book.drain()
        return {row.symbol: row for row in self.book.position_rows()}

    def orders(self) -> dict[int, OrderRow]:
        self.book.drain()
        return {row.perm_id: row for row in self.book.order_rows()}

    async def connect(self) -> None:
        self.link.connect()
        await self.reach(LinkState.READY)

    async def reach(self, state: LinkState) -> None:
        await until(lambda: self.state is state, what=f"{state} (it is {self.link.status})")

    @property
    def problem_text(self) -> str:
        return str(self.link.status.problem)


@asynccontextmanager
async def serving(login: Login) -> AsyncIterator[Login]:
    task = asyncio.create_task(login.connector.run())
    try:
        yield login
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def profile(port: int, **changes: object) -> IbkrProfile:
    return structs.replace(IbkrProfile(GUN, "127.0.0.1", port, 1), **changes)


def assert_equals_the_market(login: Login, market: Market) -> None:
    held = [h for h in market.holdings_of(ACCOUNT) if h.quantity]
    rows = login.positions()
    assert {s: row.quantity for s, row in rows.items()} == {h.security.local_symbol: h.quantity for h in held}
    assert {s: row.average_price for s, row in rows.items()} == pytest.approx(
        {h.security.local_symbol: h.average_cost for h in held}
    )
    working = {
        o.perm_id: (
            o.order_id,
            o.security.local_symbol,
            o.action,
            o.quantity,
            o.status,
            o.filled,
            o.remaining,
        )
        for o in market.orders.values()
        if o.account == ACCOUNT and o.status not in ("Filled", "Cancelled")
    }
    assert {
        key: (r.order_id, r.symbol, r.side, r.quantity, r.status, r.filled, r.remaining)
        for key, r in login.orders().items()
        if r.status not in ("Filled", "Cancelled")
    } == working
