"""A HAMMER that gives an answer the number of another question: no answer counts as what it is not."""

from typing import Any

import pytest

from psf_monitor.connection.status import LinkState
from tests.end_to_end.hammer_account.test_impossible_figures import HELD, order, script
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def seen_all(product: ScriptedProduct) -> None:
    """Return when everything that HAMMER has sent so far was read."""
    product.hammer.quote("MS-A", 30.0, 30.2, 30.1, 30.0)
    rows = product.monitor.book.order_rows
    await until(lambda: any(row.bid == 30.0 for row in rows()), what="the last quote sent")


def own(product: ScriptedProduct) -> list[tuple[str, float | None]]:
    return [(row.symbol, row.quantity) for row in product.monitor.book.position_rows() if row.mode is HAMMER]


async def test_that_orders_are_not_taken_for_positions_nor_positions_for_orders() -> None:
    async with scripted(script(transactions=[order("9", Symbol="MS-A", QTY=300)])) as product:
        product.hammer.mixes_up = frozenset({"getPositions", "getTransactions"})
        await product.connect()
        await until(lambda: bool(product.monitor.book.summaries(HAMMER)), what="the balances")
        await until(lambda: len(commands(product, "getPositions", "getTransactions")) >= 2)
        changed: dict[str, Any] = {"setOrChange": "set", "transactions": [order("8", Symbol="MS-A")]}
        product.hammer.send("transactionsUpdate", changed)
        await seen_all(product)
        assert own(product) == []
        product.hammer.send("positionsUpdate", {"setOrChange": "set", "positions": [HELD]})
        await until(lambda: own(product) == [("CIM PRB", 100.0)])
        assert {row.order_id for row in product.monitor.book.order_rows() if row.mode is HAMMER} == {8}


async def test_that_a_list_of_positions_does_not_let_anybody_in() -> None:
    async with scripted(script()) as product:
        product.hammer.lets_in.clear()
        link = product.monitor.links[HAMMER]
        link.connect()
        await until(lambda: bool(commands(product, "connect")))
        number = commands(product, "connect")[0]["reqID"]
        product.hammer.say({"cmd": "getPositions", "reqID": number, "success": "fail", "result": "401"})
        product.hammer.lets_in.set()
        await until(lambda: link.status.state in (LinkState.READY, LinkState.FAILED))
        assert link.status.state is LinkState.READY


async def test_that_earlier_trades_are_those_of_the_share_that_hammer_names() -> None:
    at = "2026-09-18T14:00:00Z"
    async with scripted(script(positions=[{**HELD, "Symbol": "GS-A"}])) as product:
        product.hammer.ticks = {
            name: [{"t": at, "p": price, "s": 100, "e": "NYSE"}] * 5
            for name, price in (("CIM-B", 24.5), ("GS-A", 20.0))
        }
        product.hammer.mixes_up = frozenset({"getTicks"})
        await product.connect()
        rows = product.monitor.book.position_rows
        known = {"CIM PRB": 24.5, "GS PRA": 20.0}
        await until(lambda: {row.symbol: row.grpan for row in rows() if row.symbol in known} == known)


def commands(product: ScriptedProduct, *names: str) -> list[dict[str, Any]]:
    return [command for command in product.hammer.received if command["cmd"] in names]
