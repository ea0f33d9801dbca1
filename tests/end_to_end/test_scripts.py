"""The scripted servers: what a script sends reaches the cells of the window and the API."""

import pytest

from tests.support.records import NOON
from tests.support.scripted_product import scripted
from tests.support.scripted_tws import script
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_everything_a_script_reports_is_shown() -> None:
    async with scripted(script("informational_code")) as product:
        await product.connect()
        (held,) = product.positions()
        assert (held["symbol"], held["quantity"], held["last"]) == ("CIM PRB", "400", "24.55")
        (order,) = product.orders().values()
        assert (order["order_id"], order["limit_price"], order["status"]) == ("57", "24.90", "Submitted")
        assert product.snapshot()["orders"][0]["perm_id"] == 901
        assert product.hammer.asked_for == {"CIM-B"}


async def test_that_changes_on_the_server_are_followed() -> None:
    async with scripted(script("informational_code")) as product:
        await product.connect()
        product.hammer.quote("CIM-B", 24.7, 24.8, 24.75, 24.4)
        await until(lambda: product.positions()[0]["last"] == "24.75")
        product.tws.answers["16"] = []
        await until(lambda: product.orders()[901]["status"] == "Gone")


async def test_that_the_date_comes_from_the_clock_and_the_id_from_the_request() -> None:
    text = "11|{req}|0|7|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB|e.01|{today} 10:15:30 US/Eastern|U1240821"
    async with scripted({"to_7": [f"{text}|IEX|BOT|100|24.5|201|0|0|100|24.5|||||2"]}) as product:
        await product.connect()
        await until(lambda: product.monitor.fills.fills())
        (fill,) = product.monitor.fills.fills()
        assert fill.at == NOON.replace(hour=14, minute=15, second=30)


async def test_that_the_moments_of_a_script_come_when_they_are_called() -> None:
    position = "61|3|U1240821|7|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB|{}|24.125"
    later = [[3.0, position.format(5)], [4.0, [position.format(6), position.format(7).split("|")]]]
    async with scripted({"to_61": [position.format(4)], "later": later}) as product:
        await product.connect()
        for shown in ("5", "7"):
            product.tws.send_next()
            await until(lambda shown=shown: product.positions()[0]["quantity"] == shown)  # type: ignore[misc]
        assert product.tws.asked(61) == 1
