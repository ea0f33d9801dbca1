"""An order whose quantity was raised, and that filled, between two lists of orders."""

from pathlib import Path

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.support.all_outputs import all_outputs
from tests.support.scripted_product import scripted
from tests.support.tws_messages import execution, listed, order_status, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_a_raised_order_that_left_has_filled_what_its_executions_add_up_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with all_outputs(script_with(listed(901, quantity=200)), tmp_path, capsys) as shown:
        product = shown.product
        await product.connect()
        product.tws.answers["7"] = [
            execution(901, 100, 24.9, 1, filled=100),
            execution(901, 200, 24.9, 2, filled=300),
        ]
        product.tws.answers["16"], product.tws.answers["61"] = [], [position(100)]
        product.tws.send(position(100))
        await until(lambda: len(product.fills()) == 2)
        await until(lambda: product.orders()[901]["status"] == "Gone")
        await until(lambda: product.orders()[901]["filled"] == "300", what="its executions")
        cells = product.orders()[901]
        assert (cells["quantity"], cells["remaining"]) == ("—", "—")
        assert product.tooltip(product.orders_table, "status").endswith(
            "says why, only how much of it filled"
        )
        for order in (product.api_orders()[901], (await shown.orders())[901]):
            assert (order["filled"], order["qty"], order["remaining"]) == (300, None, None)


async def test_that_an_order_that_filled_more_than_it_is_known_to_be_has_no_quantity() -> None:
    async with scripted(script_with(listed(901, quantity=200))) as product:
        await product.connect()
        product.tws.answers["16"] = []
        product.tws.send(order_status(901, "Filled", 300, 0, average=24.9))
        await until(lambda: product.orders()[901]["status"] == "Filled")
        cells = product.orders()[901]
        assert (cells["quantity"], cells["filled"]) == ("—", "300")
        order = product.api_orders()[901]
        assert (order["qty"], order["filled"]) == (None, 300)
