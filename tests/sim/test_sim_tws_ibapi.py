"""IB's own Python client, in the oldest protocol that is spoken, judges the simulated TWS too."""

import asyncio
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ibapi.client import EClient
from ibapi.wrapper import EWrapper

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.support.waiting import PATIENCE_S

GUN = "U1240821"


class Judge(EWrapper, EClient):  # type: ignore[misc]
    """Keeps what it receives; every end marker goes to a queue."""

    def __init__(self) -> None:
        EClient.__init__(self, self)
        self.ends: queue.Queue[str] = queue.Queue()
        self.positions: dict[int, tuple[str, float, float]] = {}
        self.orders: dict[int, tuple[Any, ...]] = {}
        self.statuses: dict[int, tuple[str, float, float]] = {}
        self.summary: dict[tuple[str, str], str] = {}
        self.errors: list[tuple[int, int, str]] = []
        self.accounts = ""

    def nextValidId(self, orderId: int) -> None:  # noqa: N802, N803, ARG002
        self.ends.put("ready")

    def managedAccounts(self, accountsList: str) -> None:  # noqa: N802, N803
        self.accounts = accountsList

    def error(self, reqId: int, errorCode: int, errorString: str) -> None:  # noqa: N803
        self.errors.append((reqId, errorCode, errorString))

    def position(self, account: str, contract: Any, position: float, avgCost: float) -> None:  # noqa: N803
        assert account == GUN
        self.positions[contract.conId] = (contract.localSymbol, position, avgCost)

    def positionEnd(self) -> None:  # noqa: N802
        self.ends.put("positions")

    def openOrder(self, orderId: int, contract: Any, order: Any, orderState: Any) -> None:  # noqa: N802, N803
        self.orders[order.permId] = (
            orderId,
            order.clientId,
            contract.localSymbol,
            order.action,
            order.totalQuantity,
            order.orderType,
            order.lmtPrice,
            order.tif,
            orderState.status,
        )

    def orderStatus(self, *fields: Any) -> None:  # noqa: N802
        _, status, filled, remaining, _, perm_id, *_ = fields
        self.statuses[perm_id] = (status, filled, remaining)

    def openOrderEnd(self) -> None:  # noqa: N802
        self.ends.put("orders")

    def accountSummary(self, reqId: int, account: str, tag: str, value: str, currency: str) -> None:  # noqa: N802, N803
        assert (reqId, account) == (7, GUN)
        self.summary[tag, currency] = value

    def accountSummaryEnd(self, reqId: int) -> None:  # noqa: N802, N803, ARG002
        self.ends.put("summary")


@contextmanager
def running(judge: Judge, port: int) -> Iterator[None]:
    """Connected, with the client's message loop in a thread that is joined at the end."""
    judge.connect("127.0.0.1", port, clientId=12)
    loop = threading.Thread(target=judge.run, name="ibapi")
    loop.start()
    try:
        yield
    finally:
        judge.disconnect()
        loop.join(PATIENCE_S)
        judge.reader_joined = not loop.is_alive()


def ask_everything(port: int) -> Judge:
    judge = Judge()
    with running(judge, port):
        for ask, end in (
            (lambda: None, "ready"),
            (judge.reqPositions, "positions"),
            (judge.reqAllOpenOrders, "orders"),
            (lambda: judge.reqAccountSummary(7, "All", "NetLiquidation,$LEDGER:ALL"), "summary"),
        ):
            ask()
            assert judge.ends.get(timeout=PATIENCE_S) == end
    return judge


async def test_that_ibs_own_client_finds_what_the_market_holds() -> None:
    market = Market(scenario("normal"))
    async with SimTws(market, "IBKR_GUN") as tws:
        judge = await asyncio.to_thread(ask_everything, tws.port)
    assert judge.accounts == GUN
    assert judge.positions == {
        held.security.con_id: (held.security.local_symbol, held.quantity, held.average_cost)
        for held in market.holdings_of(GUN)
    }
    placed = [order for order in market.orders.values() if order.account == GUN]
    assert judge.orders == {
        order.perm_id: (
            order.order_id,
            order.client_id,
            order.security.local_symbol,
            order.action,
            order.quantity,
            order.order_type,
            order.limit_price,
            order.tif,
            order.status,
        )
        for order in placed
    }
    assert judge.statuses == {
        order.perm_id: (order.status, order.filled, order.remaining) for order in placed
    }
    values = {(row.tag, row.currency): row.value for row in market.account_values(GUN)}
    assert judge.summary["NetLiquidation", "USD"] == values["NetLiquidation", "USD"]
    assert judge.summary["UnrealizedPnL", "BASE"] == values["UnrealizedPnL", "BASE"]
    assert [code for _, code, _ in judge.errors if code < 2000] == []
