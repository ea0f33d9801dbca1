"""What is shown beside what a plain ib_insync client reads off the same TWS, while the market lives."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ib_insync import IB, ExecutionFilter

from psf_monitor.domain.orders.order import DONE_STATUSES, Side
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import OrderIds, SimOrder
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import ACCOUNT, POLLING, Login, profile, serving
from tests.support.waiting import until

OFTEN = replace(POLLING, orders_override_s=0.05, executions_every_s=0.05)
LOOK_EVERY = 10
SHORT_STEPS, LONG_STEPS = 40, 200
SHORT_SEEDS, LONG_SEEDS = range(2), range(20)
SIDES = {Side.BUY.value: "BOT", Side.SELL.value: "SLD"}

SentPrice = tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]
MarketEvent = Callable[[Market, random.Random], object]


def _order(market: Market, chance: random.Random) -> SimOrder:
    return chance.choice([order for order in market.orders.values() if order.account == ACCOUNT])


def _place(market: Market, chance: random.Random) -> None:
    symbol, login = chance.choice(list(market.securities)), chance.choice(["BUY", "SELL"])
    ids = OrderIds(client_id=chance.choice([0, 1, 3, 9]))
    market.place_order(ACCOUNT, symbol, login, chance.choice([17, 100, 300]), chance.randint(15, 30), ids=ids)


def _amend(market: Market, chance: random.Random) -> None:
    order = _order(market, chance)
    status = chance.choice(["Submitted", "PreSubmitted", "Inactive", "PendingCancel"])
    limit, quantity = float(chance.randint(15, 30)), order.filled + chance.choice([10, 500])
    market.set_status(order.perm_id, status)
    market.amend_order(order.perm_id, limit_price=limit, quantity=quantity)


def _fill(market: Market, chance: random.Random) -> None:
    order = _order(market, chance)
    market.fill_order(order.perm_id, max(1, order.remaining // chance.choice([1, 3])), chance.randint(20, 26))


def _correct(market: Market, chance: random.Random) -> None:
    known = chance.choice([each for each in market.executions if each.account == ACCOUNT])
    market.correct_execution(known.exec_id, shares=known.shares + 5, price=known.price + 0.01)


def _bust(market: Market, chance: random.Random) -> None:
    known = chance.choice([each for each in market.executions if each.account == ACCOUNT])
    market.correct_execution(known.exec_id, shares=0, price=0.0)


def _transfer(market: Market, chance: random.Random) -> None:
    quantity, cost = chance.choice([0, -300, 400, 1234.5]), chance.choice([20.5, 33.125])
    market.set_position(ACCOUNT, chance.choice(list(market.securities)), quantity, cost)


MARKET_EVENTS: tuple[MarketEvent, ...] = (
    lambda market, chance: market.step(chance.choice([0.1, 1.0, 5.0])),
    lambda market, chance: market.cancel_order(_order(market, chance).perm_id),
    lambda market, chance: market.vanish_order(_order(market, chance).perm_id),
    _place,
    _place,
    _amend,
    _fill,
    _correct,
    _bust,
    _transfer,
)


def shown(login: Login) -> SentPrice:
    """Positions, working orders and executions, as the window has them."""
    held = {row.symbol: (row.quantity, row.average_price) for row in login.positions().values()}
    working = {
        row.perm_id: (row.order_id, row.symbol, row.side, row.quantity, row.status, row.filled, row.remaining)
        for row in login.orders().values()
        if row.status not in DONE_STATUSES
    }
    executed = {
        fill.fill_id: (fill.revision, SIDES[fill.side], fill.quantity, fill.price, fill.instrument.symbol)
        for fill in login.fills.fills()
    }
    return held, working, executed


async def read(plain: IB) -> SentPrice:
    """The same, asked for by a client that keeps nothing."""
    # A position that changed during the list is in it twice: the later one counts.
    listed = {each.contract.localSymbol: each for each in await plain.reqPositionsAsync()}
    held = {symbol: (each.position, each.avgCost) for symbol, each in listed.items() if each.position}
    plain.wrapper.trades.clear()
    plain.wrapper.permId2Trade.clear()
    working = {}
    for trade in await plain.reqAllOpenOrdersAsync():
        order, status = trade.order, trade.orderStatus
        counts = (status.status, status.filled, status.remaining)
        texts = (order.orderId, trade.contract.localSymbol, order.action, order.totalQuantity)
        working[order.permId] = (*texts, *counts)
    executed: dict[str, Any] = {}
    for fill in await plain.reqExecutionsAsync(ExecutionFilter()):
        reported = fill.execution
        fill_id, _, revision = reported.execId.rpartition(".")
        latest = (
            int(revision),
            reported.side,
            reported.shares,
            reported.price or None,
            fill.contract.localSymbol,
        )
        executed[fill_id] = max(latest, executed.get(fill_id, latest))
    return held, working, executed


async def compare(seed: int, steps: int) -> None:
    """Run one market, and check periodically that both report the same."""
    market, chance = Market(scenario("normal"), seed), random.Random(seed)
    async with SimTws(market, "IBKR_GUN", refresh_s=0.0) as tws:
        login, plain = Login(market, profile(tws.port), OFTEN), IB()
        plain.client.MaxRequests = 0
        async with serving(login):
            await login.connect()
            await plain.connectAsync("127.0.0.1", tws.port, clientId=9, readonly=True)
            for step in range(1, steps + 1):
                is_any = any(order.account == ACCOUNT for order in market.orders.values())
                (chance.choice(MARKET_EVENTS) if is_any else _place)(market, chance)
                if step % LOOK_EVERY == 0:
                    right = await read(plain)

                    def is_right(right: SentPrice = right) -> bool:
                        return shown(login) == right

                    await until(is_right, what=f"seed {seed}, step {step}: {right}")
            plain.disconnect()


async def test_that_the_depth_shown_is_the_one_a_plain_client_reads(request: pytest.FixtureRequest) -> None:
    is_long = request.config.getoption("--long")
    for seed in LONG_SEEDS if is_long else SHORT_SEEDS:
        await compare(seed, LONG_STEPS if is_long else SHORT_STEPS)
