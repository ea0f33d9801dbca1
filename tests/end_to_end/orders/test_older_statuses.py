"""Statuses that arrive by themselves after newer ones: what has filled stays filled until a list takes it
back.
"""

from pathlib import Path
from typing import Any

import pytest

from psf_monitor.book.orders.account_orders import DONE_STAYS_S
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.tws_messages import listed, open_order, order_status
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

OWN: dict[str, Any] = {"order_id": 8, "client_id": 1}


async def lists_arrive(product: ScriptedProduct) -> None:
    """Return when a list has arrived that was requested from here on."""
    asked = product.tws.asked(16)
    await until(lambda: product.tws.asked(16) > asked + 2)


OLDER = {
    "a status": [order_status(1, "Submitted", 40, 60, **OWN)],
    "a repetition without figures": [order_status(1, "Filled", 0, 0, **OWN)],
    "a cancel of less": [order_status(1, "Cancelled", 0, 0, **OWN)],
    "an order": [open_order(1, status="Submitted", **OWN)],
    "an order and its status": [
        open_order(1, status="PreSubmitted", **OWN),
        order_status(1, "PreSubmitted", 0, 100, **OWN),
    ],
}


@pytest.mark.parametrize("older", OLDER.values(), ids=OLDER)
async def test_that_a_filled_order_stays_filled_whatever_older_arrives(
    older: list[list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with all_outputs(script_with(listed(1, **OWN)), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        filled = order_status(1, "Filled", 100, 0, average=24.9, **OWN)
        product.tws.answers["16"] = []
        product.tws.send(filled, *older)
        await until(lambda: product.orders()[1]["status"] == "Filled")
        await lists_arrive(product)
        assert differences(product.orders()[1], {"status": "Filled", "filled": "100", "to_fill": "—"}) == {}
        right = {"status": "Filled", "filled": 100, "remaining": 0}
        assert differences((await seen.orders())[1], right) == {}
        assert working(product) == ""
        assert product.monitor.links[GUN].status.warning is None


async def test_that_what_has_filled_does_not_become_less_by_an_older_status() -> None:
    async with scripted(script_with(listed(1, filled=20, **OWN))) as product:
        await product.connect()
        asked = product.tws.asked(16)
        product.tws.answers.pop("16")
        product.tws.send(order_status(1, "Submitted", 60, 40, average=24.9, **OWN))
        await until(lambda: working(product) == "SELL 40")
        product.tws.send(order_status(1, "Submitted", 40, 60, average=24.9, **OWN))
        # It is a reason to ask for the list.
        await until(lambda: product.tws.asked(16) > asked)
        assert (working(product), product.orders()[1]["filled"]) == ("SELL 40", "60")


async def test_that_a_list_takes_back_what_was_filled() -> None:
    """As after a busted execution."""
    async with scripted(script_with(listed(1, filled=60, **OWN))) as product:
        await product.connect()
        assert working(product) == "SELL 40"
        product.tws.send(order_status(1, "Filled", 100, 0, average=24.9, **OWN))
        product.tws.answers["16"] = list(listed(1, filled=40, **OWN))
        await until(lambda: working(product) == "SELL 60")
        assert (product.orders()[1]["status"], product.orders()[1]["filled"]) == ("Submitted · part", "40")


@pytest.mark.parametrize(("status", "filled"), [("Filled", 100), ("Cancelled", 40)])
async def test_that_an_ended_order_is_shown_as_long_as_it_is_listed(status: str, filled: int) -> None:
    ended = [open_order(2, status=status), order_status(2, status, filled, 100 - filled)]
    async with scripted(script_with(listed(1), ended)) as product:
        await product.connect()
        for _ in range(4):
            product.clock.advance(0.6 * DONE_STAYS_S)
            await lists_arrive(product)
            assert product.orders()[2]["status"] == status
            assert product.api_orders()[2]["filled"] == filled
        product.tws.answers["16"] = list(listed(1))
        await lists_arrive(product)
        product.clock.advance(DONE_STAYS_S)
        await until(lambda: set(product.orders()) == {1})
        assert set(product.api_orders()) == {1}
