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


NAMED = ("15", "1", "U1240821")


@pytest.mark.parametrize(
    ("handshake", "kind"),
    [
        ([NAMED, ("9", "1", "first")], "1 request id."),
        ([NAMED, ("9", "1", "1.5")], "1 request id."),
        ([NAMED, ("9", "1", "")], "1 request id."),
        ([("9", "1"), NAMED], "1 request id."),
        ([NAMED, ("9", "1", "2147483647")], ""),
        ([NAMED, ("9", "1", "9" * 30)], ""),
        ([NAMED, ("9", "1", "7.0", "more")], ""),
        ([("15", "1", " U1240821 ,, ", "more"), ("9", "1", "7")], ""),
        ([("15", "1"), NAMED, ("9", "1", "7")], ""),
        ([("x", "1"), NAMED, ("9", "1", "7")], "1 unknown message."),
        ([(), NAMED, ("9", "1", "7")], "1 unknown message."),
    ],
)
async def test_that_a_handshake_in_another_form_is_finished_and_what_is_wrong_in_it_is_named(
    handshake: list[tuple[str, ...]], kind: str
) -> None:
    async with scripted(script_with(listed(1), handshake=handshake)) as product:
        await product.connect()
        assert (len(product.positions()), product.orders()[1]["quantity"]) == (1, "100")
        assert [row["account"] for row in product.snapshot()["summaries"]] == ["U1240821"]
        requests = [fields for fields in product.tws.received if fields[0] in _ID_FIELDS]
        assert all(0 < int(fields[_ID_FIELDS[fields[0]]]) < 2**31 for fields in requests)
        warning = product.monitor.links[GUN].status.warning
        assert kind in str(warning) if kind else warning is None
