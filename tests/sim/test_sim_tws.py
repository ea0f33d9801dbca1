"""The real ib_insync client judges the simulated TWS: what it decodes must be what the market holds."""

import asyncio
from collections.abc import AsyncIterator

import ib_insync
import pytest
from ib_insync import IB, Contract, ExecutionFilter, LimitOrder

from psf_monitor.sim.market.market import Market, SimOrder
from psf_monitor.sim.market.records import OrderIds
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.support.waiting import PATIENCE_S

GUN = "U1240821"
PED = "U1770037"
SPOKEN = [157, 158, 162, 166, 170, 176, 178]


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


@pytest.fixture
async def tws(market: Market) -> AsyncIterator[SimTws]:
    async with SimTws(market, "IBKR_GUN", refresh_s=0.01) as server:
        yield server


async def connected(tws: SimTws, client_id: int = 11, *, readonly: bool = False) -> IB:
    ib = IB()
    ib.RaiseRequestErrors = True
    await ib.connectAsync("127.0.0.1", tws.port, client_id, timeout=PATIENCE_S, readonly=readonly)
    return ib


async def received(event: ib_insync.Event) -> tuple[object, ...]:
    """The next emission of an ib_insync event, whatever it carries."""
    future: asyncio.Future[tuple[object, ...]] = asyncio.get_running_loop().create_future()

    def listener(*carried: object) -> None:
        if not future.done():
            future.set_result(carried)

    event += listener
    try:
        return await asyncio.wait_for(future, PATIENCE_S)
    finally:
        event -= listener


def as_held(market: Market, account: str) -> dict[int, tuple[str, str, float, float]]:
    return {
        held.security.con_id: (
            held.security.symbol,
            held.security.local_symbol,
            held.quantity,
            held.average_cost,
        )
        for held in market.holdings_of(account)
    }


def as_placed(order: SimOrder) -> tuple[object, ...]:
    return (
        order.account,
        order.security.local_symbol,
        order.perm_id,
        order.order_id,
        order.client_id,
        order.action,
        order.quantity,
        order.order_type,
        order.limit_price,
        order.aux_price or 0.0,
        order.tif,
        order.status,
        order.filled,
        order.remaining,
    )


def as_decoded(trade: ib_insync.Trade) -> tuple[object, ...]:
    order, status = trade.order, trade.orderStatus
    assert status.permId == order.permId
    return (
        order.account,
        trade.contract.localSymbol,
        order.permId,
        order.orderId,
        order.clientId,
        order.action,
        order.totalQuantity,
        order.orderType,
        order.lmtPrice,
        order.auxPrice,
        order.tif,
        status.status,
        status.filled,
        status.remaining,
    )


@pytest.mark.parametrize("max_version", SPOKEN)
async def test_that_a_plain_client_finds_what_the_market_holds(market: Market, max_version: int) -> None:
    async with SimTws(market, "IBKR_GUN", max_version=max_version) as tws:
        ib = await connected(tws)
        try:
            assert ib.client.serverVersion() == min(max_version, 176)
            assert ib.managedAccounts() == [GUN]
            positions = await asyncio.wait_for(ib.reqPositionsAsync(), PATIENCE_S)
            assert {
                row.contract.conId: (row.contract.symbol, row.contract.localSymbol, row.position, row.avgCost)
                for row in positions
            } == as_held(market, GUN)
            ib.wrapper.trades.clear()
            ib.wrapper.permId2Trade.clear()
            trades = await asyncio.wait_for(ib.reqAllOpenOrdersAsync(), PATIENCE_S)
            placed = [order for order in market.orders.values() if order.account == GUN]
            assert sorted(map(as_decoded, trades), key=str) == sorted(map(as_placed, placed), key=str)
            await asyncio.wait_for(ib.reqAccountSummaryAsync(), PATIENCE_S)
            summary = {(row.tag, row.currency): row.value for row in ib.wrapper.acctSummary.values()}
            held = {(row.tag, row.currency): row.value for row in market.account_values(GUN)}
            asked = ("NetLiquidation", "USD"), ("ExcessLiquidity", "USD"), ("UnrealizedPnL", "BASE")
            assert {key: summary[key] for key in asked} == {key: held[key] for key in asked}
            assert ("AccountReady", "") not in summary, "nobody asked for it"
            fills = [fill for fill in market.executions if fill.account == GUN]
            assert {fill.execution.execId for fill in ib.fills()} == {fill.exec_id for fill in fills}
            assert tws.refused == []
        finally:
            ib.disconnect()


@pytest.mark.parametrize("max_version", SPOKEN)
async def test_that_completed_orders_are_found_in_every_version(market: Market, max_version: int) -> None:
    order = next(order for order in market.orders.values() if order.account == GUN)
    market.cancel_order(order.perm_id)
    async with SimTws(market, "IBKR_GUN", max_version=max_version) as tws:
        ib = await connected(tws, readonly=True)
        try:
            done = await asyncio.wait_for(ib.reqCompletedOrdersAsync(apiOnly=False), PATIENCE_S)
        finally:
            ib.disconnect()
    ours = {item.perm_id: item for item in market.completed.values() if item.account == GUN}
    assert {trade.order.permId for trade in done} == ours.keys()
    for trade in done:
        item = ours[trade.order.permId]
        assert trade.orderStatus.status == item.status
        assert trade.contract.localSymbol == item.security.local_symbol
        assert (trade.order.lmtPrice, trade.order.tif) == (item.limit_price, item.tif)
        assert trade.order.filledQuantity == item.filled


async def test_that_an_execution_arrives_whole_with_its_time_and_commission(
    market: Market, tws: SimTws
) -> None:
    order = market.place_order(GUN, "T PRC", "BUY", 200, 19.09, ids=OrderIds(31))
    filled = market.fill_order(order.perm_id, 200, 19.09)
    ib = await connected(tws, readonly=True)
    try:
        fills = await asyncio.wait_for(ib.reqExecutionsAsync(ExecutionFilter(clientId=31)), PATIENCE_S)
        (fill,) = [fill for fill in fills if fill.execution.execId == filled.exec_id]
        assert fill.contract.conId == filled.security.con_id
        assert (fill.execution.side, fill.execution.shares, fill.execution.price) == ("BOT", 200, 19.09)
        assert fill.execution.permId == order.perm_id
        assert fill.execution.cumQty == 200
        assert fill.time == filled.time.replace(microsecond=0)
        (kept,) = [fill for fill in ib.fills() if fill.execution.execId == filled.exec_id]
        assert kept.commissionReport.commission == filled.commission
        assert kept.commissionReport.realizedPNL == pytest.approx(filled.realized_pnl)
        sold = await asyncio.wait_for(ib.reqExecutionsAsync(ExecutionFilter(side="SELL")), PATIENCE_S)
        assert {fill.execution.execId for fill in sold} == {
            known.exec_id for known in market.executions if (known.account, known.side) == (GUN, "SLD")
        }
    finally:
        ib.disconnect()


async def test_that_account_updates_bring_values_and_the_portfolio(market: Market, tws: SimTws) -> None:
    ib = await connected(tws)
    try:
        values = {(row.tag, row.currency): row.value for row in ib.accountValues()}
        assert values == {(row.tag, row.currency): row.value for row in market.account_values(GUN)}
        portfolio = {item.contract.conId: (item.position, item.marketPrice) for item in ib.portfolio()}
        assert portfolio == {
            held.security.con_id: (held.quantity, held.security.mark) for held in market.holdings_of(GUN)
        }
    finally:
        ib.disconnect()


async def test_that_profits_arrive_and_follow_the_market(market: Market, tws: SimTws) -> None:
    ib = await connected(tws)
    try:
        item = market.security("CIM PRB")
        single = ib.reqPnLSingle(GUN, "", item.con_id)
        await received(ib.pnlSingleEvent)
        held = market.holdings[GUN, item.con_id]
        assert single.position == 3_000
        assert single.value == pytest.approx(3_000 * 24.55)
        assert single.unrealizedPnL == pytest.approx(3_000 * (24.55 - held.average_cost))
        whole = ib.reqPnL(GUN)
        await received(ib.pnlEvent)
        before = market.profit(GUN)
        assert whole.dailyPnL == pytest.approx(before.daily, abs=1e-3)
        assert whole.unrealizedPnL == pytest.approx(before.unrealized, abs=1e-3)
        market.trade("CIM PRB", 24.60, 100)
        await received(ib.pnlEvent)
        assert whole.unrealizedPnL == pytest.approx(before.unrealized + 3_000 * 0.05, abs=1e-3)
        ib.cancelPnL(GUN)
        ib.cancelPnLSingle(GUN, "", item.con_id)
    finally:
        ib.disconnect()


async def test_that_positions_are_live_and_a_closed_one_arrives_as_zero(market: Market, tws: SimTws) -> None:
    ib = await connected(tws)
    try:
        news = asyncio.ensure_future(received(ib.positionEvent))
        await asyncio.sleep(0)
        market.set_position(GUN, "T PRC", 0, 0.0)
        (row,) = await news
        assert isinstance(row, ib_insync.Position)
        assert (row.contract.localSymbol, row.position) == ("T PRC", 0)
        news = asyncio.ensure_future(received(ib.positionEvent))
        await asyncio.sleep(0)
        market.set_position(GUN, "USB PRH", 12.5, 20.9)
        (row,) = await news
        assert isinstance(row, ib_insync.Position)
        assert (row.contract.localSymbol, row.position, row.avgCost) == ("USB PRH", 12.5, 20.9)
    finally:
        ib.disconnect()


async def test_that_live_orders_go_to_their_own_client_and_the_master_only(market: Market) -> None:
    async with SimTws(market, "IBKR_GUN", master_client_id=90) as tws:
        clients = {number: await connected(tws, number) for number in (31, 45, 90)}
        received_by: dict[int, list[int]] = {number: [] for number in clients}
        try:
            for number, ib in clients.items():
                ib.openOrderEvent += lambda trade, number=number: received_by[number].append(
                    trade.order.permId
                )
            order = market.place_order(GUN, "DUK PRA", "BUY", 100, 25.00, ids=OrderIds(31))
            market.place_order(PED, "DUK PRA", "BUY", 100, 25.00, ids=OrderIds(31))
            for ib in clients.values():
                await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
            assert received_by == {31: [order.perm_id], 45: [], 90: [order.perm_id]}
            fill = asyncio.ensure_future(received(clients[31].execDetailsEvent))
            await asyncio.sleep(0)
            market.fill_order(order.perm_id, 100, 25.00)
            trade, _ = await fill
            assert isinstance(trade, ib_insync.Trade)
            await asyncio.wait_for(clients[31].reqCurrentTimeAsync(), PATIENCE_S)
            assert trade.orderStatus.status == "Filled"
            assert trade.fills[0].commissionReport.commission == 1.0
            assert order.perm_id not in {known.execution.permId for known in clients[45].fills()}
        finally:
            for ib in clients.values():
                ib.disconnect()


async def test_that_changed_account_values_are_repeated_and_the_same_ones_are_not(
    market: Market, tws: SimTws
) -> None:
    ib = await connected(tws, readonly=True)
    try:
        await asyncio.wait_for(ib.reqAccountSummaryAsync(), PATIENCE_S)
        texts: list[str] = []
        ib.accountSummaryEvent += lambda row: texts.append(row.tag)
        market.trade("CIM PRB", 24.60, 100)
        row = await received(ib.accountSummaryEvent)
        await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
        assert row
        assert "NetLiquidation" in texts
        assert "TotalCashValue" not in texts
    finally:
        ib.disconnect()


async def test_that_the_clock_of_the_market_is_reported(market: Market, tws: SimTws) -> None:
    ib = await connected(tws, readonly=True)
    try:
        market.clock.advance(3600)
        assert await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S) == market.clock()
    finally:
        ib.disconnect()


async def test_that_whatever_changes_state_is_refused_remembered_and_changes_nothing(
    market: Market, tws: SimTws, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    ib = await connected(tws)
    contract = Contract(conId=market.security("CIM PRB").con_id, exchange="SMART")
    before = {perm_id: as_placed(order) for perm_id, order in market.orders.items()}
    errors: list[int] = []
    ib.errorEvent += lambda _request, code, _shown, _contract: errors.append(code)
    try:
        ib.placeOrder(contract, LimitOrder("BUY", 100, 24.0))
        ib.client.cancelOrder(1047)
        ib.reqGlobalCancel()
        ib.client.reqAutoOpenOrders(True)
        ib.client.setServerLogLevel(5)
        ib.client.replaceFA(1, 1, "<xml/>")
        ib.client.exerciseOptions(9, contract, 1, 1, GUN, 1)
        ib.client.updateDisplayGroup(7, "1")
        ib.client.verifyRequest("name", "1.0")
        ib.client.verifyMessage("data")
        ib.client.send(72, 1, "name", "1.0", "key")
        ib.client.send(73, 1, "data", "answer")
        await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
    finally:
        ib.disconnect()
    assert [request for _, request in tws.refused] == [3, 4, 58, 15, 14, 19, 21, 69, 65, 66, 72, 73]
    assert {client for client, _ in tws.refused} == {11}
    assert errors == [321] * 12
    assert {perm_id: as_placed(order) for perm_id, order in market.orders.items()} == before


async def test_that_client_zero_cannot_bind_manual_orders(
    market: Market, tws: SimTws, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    ib = await connected(tws, 0, readonly=True)
    try:
        ib.client.reqOpenOrders()
        await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
        assert tws.refused == [(0, 15), (0, 5)]
    finally:
        ib.disconnect()
    assert any(order.order_id == 0 for order in market.orders.values())


@pytest.mark.parametrize("fields", [(83, 5, "a6"), (99_999, 1)])
async def test_that_an_unknown_request_gets_an_error_and_the_connection_stays(
    tws: SimTws, expected_errors: ExpectedErrors, fields: tuple[object, ...]
) -> None:
    expected_errors.allow("ib_insync")
    ib = await connected(tws, readonly=True)
    try:
        ib.client.send(*fields)
        _, code, text, _ = await received(ib.errorEvent)
        assert code == 321
        assert str(fields[0]) in str(text)
        assert await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
    finally:
        ib.disconnect()


@pytest.mark.parametrize("fields", [("x",), (62, 1), (7, 3, 1, "nobody"), (63, 1)])
async def test_that_a_malformed_request_gets_an_error_and_the_connection_stays(
    tws: SimTws, expected_errors: ExpectedErrors, fields: tuple[object, ...]
) -> None:
    expected_errors.allow("ib_insync")
    ib = await connected(tws, readonly=True)
    try:
        ib.client.send(*fields)
        _, code, _, _ = await received(ib.errorEvent)
        assert code == 320
        assert await asyncio.wait_for(ib.reqCurrentTimeAsync(), PATIENCE_S)
    finally:
        ib.disconnect()


async def test_that_a_third_account_summary_is_refused(tws: SimTws, expected_errors: ExpectedErrors) -> None:
    expected_errors.allow("ib_insync")
    ib = await connected(tws, readonly=True)
    try:
        for number in (501, 502, 503):
            ib.client.reqAccountSummary(number, "All", "NetLiquidation")
        request_id, code, _, _ = await received(ib.errorEvent)
        assert (request_id, code) == (503, 322)
        ib.client.cancelAccountSummary(501)
        ib.client.reqAccountSummary(503, "All", "BuyingPower")
        row = await received(ib.accountSummaryEvent)
        assert row
    finally:
        ib.disconnect()
