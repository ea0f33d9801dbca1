"""What HAMMER reports of a change in its own account, up to the rows."""

from typing import Any

import pytest

from tests.end_to_end.hammer_account.test_impossible_figures import loaded, order, script
from tests.support.scripted_product import HAMMER, scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("empty", [None, ""])
async def test_that_a_change_that_leaves_a_field_empty_takes_nothing_away(empty: str | None) -> None:
    async with scripted(script()) as product:
        await loaded(product)
        # No list comes that reports it again.
        product.hammer.account = None
        holding = {"Symbol": "CIM-B", "QTY": empty, "Paid": empty}
        product.hammer.send("positionsUpdate", {"setOrChange": "change", "positions": [holding]})
        product.hammer.send("balancesUpdate", {"accountKey": product.hammer.key, "NetLiq": empty})
        working = order("9", QTY=empty, LimitPrice=empty, Symbol=empty, FilledQTY=40, RemainingQTY=empty)
        product.hammer.send("transactionsUpdate", {"setOrChange": "change", "transactions": [working]})
        book = product.monitor.book
        await until(lambda: [row.filled for row in book.order_rows() if row.hammer_id == "9"] == [40.0])
        (row,) = (row for row in book.order_rows() if row.hammer_id == "9")
        assert (row.symbol, row.quantity, row.limit_price) == ("CIM PRB", 100.0, 24.4)
        (held,) = (row for row in book.position_rows() if row.mode is HAMMER)
        assert (held.quantity, held.average_price) == (100.0, 24.1)
        assert book.summaries(HAMMER)[0].net_liquidation == 250_000.5


async def test_that_a_limit_order_that_becomes_one_at_market_has_no_limit() -> None:
    async with scripted(script()) as product:
        await loaded(product)
        product.hammer.account = None
        at_market = order("9", OrderType="Market", LimitPrice=None)
        product.hammer.send("transactionsUpdate", {"setOrChange": "change", "transactions": [at_market]})
        book = product.monitor.book
        await until(lambda: [row.order_type for row in book.order_rows() if row.hammer_id == "9"] == ["MKT"])
        assert [row.limit_price for row in book.order_rows() if row.hammer_id == "9"] == [None]


@pytest.mark.parametrize(
    ("ended", "status", "filled"),
    [
        ({"StatusID": "Filled", "FilledQTY": 100, "RemainingQTY": 0, "FilledPrice": 24.4}, "Filled", 100.0),
        (
            {"StatusID": "Canceled", "FilledQTY": 30, "RemainingQTY": 70, "FilledPrice": 24.4},
            "Cancelled",
            30.0,
        ),
        ({"StatusID": "Rejected"}, "Rejected", 0.0),
    ],
)
async def test_that_an_order_that_ended_while_the_line_was_lost_ends_as_hammer_lists_it(
    ended: dict[str, Any], status: str, filled: float
) -> None:
    async with scripted(script()) as product:
        await loaded(product)
        product.hammer.account = {**(product.hammer.account or {}), "transactions": [order("9", **ended)]}
        await product.hammer.close_all()

        def shown() -> list[tuple[str, float | None]]:
            rows = product.monitor.book.order_rows()
            return [(row.status, row.filled) for row in rows if row.hammer_id == "9"]

        await until(lambda: shown() != [("Submitted", 0.0)], what="the list after the loss")
        assert shown() == [(status, filled)]
        assert [row["status"] for row in product.orders().values()] == [status]
