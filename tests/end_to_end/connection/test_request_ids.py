"""The ids of requests, which share one counter with those of orders."""

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import listed
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

_ID_FIELDS = {"7": 2, "62": 2, "76": 2}


@pytest.mark.parametrize("order_id", [2147483646, 2147483000, 4000000000, 9007199254740993])
async def test_that_requests_keep_ids_that_tws_can_read_beside_orders_with_the_last_ones(
    order_id: int,
) -> None:
    async with scripted(script_with(listed(1, order_id=order_id, client_id=1))) as product:
        await product.connect()
        assert product.api_orders()[1]["order_id"] == order_id
        asked = product.tws.asked(7)
        product.monitor.refresh()
        await until(lambda: product.tws.asked(7) > asked and product.monitor.fills.state(GUN).as_of)
        requests = [fields for fields in product.tws.received if fields[0] in _ID_FIELDS]
        assert requests
        assert all(0 < int(fields[_ID_FIELDS[fields[0]]]) < 2**31 for fields in requests)
