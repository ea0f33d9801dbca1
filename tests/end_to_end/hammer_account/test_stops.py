"""Stop orders of HAMMER's own account, which calls them Open before they are triggered and after."""

import pytest

from tests.end_to_end.hammer_account.test_impossible_figures import NONE, loaded, order, script
from tests.support.scripted_product import scripted

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_a_stop_limit_that_may_not_be_triggered_yet_is_at_no_place_in_the_market() -> None:
    stop = {"Action": "Sell", "OrderType": "Stop Limit", "LimitPrice": 24.52}
    orders = [
        order("1", **stop, StopPrice=20.0),
        order("2", **stop, StopPrice="?"),
        order("3", **stop, StopPrice=20.0, FilledQTY=40, RemainingQTY=60),
    ]
    async with scripted(script(transactions=orders)) as product:
        reported = {o.order_id: o for o in (await loaded(product)).orders}
        rows = product.cells(product.orders_table)
        cells = {row["order_id"]: (row["to_fill"], row["where"]) for row in rows}
        assert cells == {"1": (NONE, ""), "2": (NONE, ""), "3": ("0.02", "Inside spread")}
        assert {name: o.near_fill for name, o in reported.items()} == {"1": False, "2": False, "3": True}
