"""When the orders of Hammer Pro's own account were placed."""

import pytest

from tests.end_to_end.hammer_account.test_impossible_figures import loaded, order, script
from tests.support.scripted_product import scripted

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_an_order_was_placed_when_hammer_says() -> None:
    orders = [
        order("1", OrderDT="2026-09-18T14:26:00"),
        order("2"),
        order("3", OrderDT="0001-01-01T00:00:00"),
    ]
    async with scripted(script(transactions=orders)) as product:
        reported = {each.order_id: each for each in (await loaded(product)).orders}
        assert reported["1"].placed_at == "2026-09-18T14:26:00+00:00"
        assert [reported[n].placed_at_reported for n in "123"] == [True, False, False]
        cells = {row["order_id"]: n for n, row in enumerate(product.cells(product.orders_table))}
        tooltips = [str(product.tooltip(product.orders_table, "placed", cells[n])) for n in "12"]
        assert tooltips[0] == "Placed at 10:26:00 ET, as HAMMER reports it"
        assert tooltips[1] == "HAMMER reports no time; it was already open when psf_monitor connected"
