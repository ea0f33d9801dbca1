"""Orders of which TWS sends an id that is no number: their terms are shown, and the id is named."""

from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import listed, open_order, order_status
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

IDS = {"order_id": 1, "con_id": 2, "client_id": 24, "perm_id": 25}


def with_junk(perm_id: int, *places: int, junk: str = "x1", **differs: Any) -> list[list[str]]:
    """Messages 5 and 3 of an order, the first with ``junk`` in these places."""
    order, status = listed(perm_id, client_id=3, order_id=perm_id + 100, **differs)
    return [[junk if place in places else field for place, field in enumerate(order)], status]


@pytest.mark.parametrize("junk", ["x1", "nan", "-5.5", "1_0"])
async def test_that_an_id_that_is_no_number_is_named_and_costs_no_term(
    junk: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [with_junk(n, place, junk=junk, limit=24.7) for n, place in enumerate(IDS.values(), 1)]
    orders.append(with_junk(5, *IDS.values(), junk=junk, limit=24.7))
    strike = with_junk(6, 6, junk=junk, limit=24.7)
    async with all_outputs(script_with(*orders, strike), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        for _ in range(2):
            asked = product.tws.asked(16)
            await until(lambda asked=asked: product.tws.asked(16) > asked + 2)  # type: ignore[misc]
            shown, reported, printed = product.orders(), await seen.orders(), (await seen.command()).orders()
            assert sorted(reported) == sorted(printed) == [1, 2, 3, 4, 5, 6]
            for number, unread in enumerate([*([name] for name in IDS), [*IDS], []], 1):
                right = {"unread": unread, "limit_price": 24.7, "qty": 100, "filled": 0, "con_id": 700000001}
                assert differences(reported[number], right) == differences(printed[number], right) == {}
                cells = {"limit_price": "24.70", "quantity": "100", "tif": "DAY", "status": "Submitted"}
                assert differences(shown[number], cells) == {}
                assert ("· ?" in shown[number]["order_type"]) is bool(unread)
            assert working(product) == "SELL 600"
            assert product.monitor.links[GUN].status.warning is None
        place = list(product.orders()).index(4)
        sentence = "TWS reports terms that cannot be read: perm id"
        assert sentence in product.tooltip(product.orders_table, "order_type", place)


@pytest.mark.parametrize(
    ("places", "lost"),
    [((25,), "x1"), ((25,), ""), ((25,), "0"), ((1, 25), "x1"), ((24, 25), "x1"), ((24, 25), "")],
)
async def test_that_an_order_whose_perm_id_is_lost_is_the_order_it_was(
    places: tuple[int, ...], lost: str
) -> None:
    before = [with_junk(1, limit=24.7), with_junk(2, limit=24.8, filled=40)]
    async with scripted(script_with(*before)) as product:
        await product.connect()
        product.tws.answers["16"] = [
            *chain(*[with_junk(1, limit=24.7), with_junk(2, *places, junk=lost, limit=24.9, filled=50)])
        ]
        await until(lambda: product.orders()[2]["limit_price"] == "24.90")
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 3)
        shown = {
            key: (cells["limit_price"], cells["filled"], cells["status"])
            for key, cells in product.orders().items()
        }
        assert shown == {1: ("24.70", "0", "Submitted"), 2: ("24.90", "50", "Submitted · part")}
        assert working(product) == "SELL 150"


async def test_that_orders_without_any_id_are_as_many_rows() -> None:
    orders = [with_junk(n, *IDS.values(), limit=24.7)[:1] for n in range(3)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 3)
        assert [order["limit_price"] for order in product.snapshot()["orders"]] == [24.7] * 3
        assert working(product) == "+3 ?"


async def test_that_terms_beside_an_id_are_not_read_where_the_fields_are_not_in_place(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    # One field too many before the client id, and one before the account.
    shifted = [[*(fields := open_order(n))[:at], "", *fields[at:]] for n, at in ((11, 23), (12, 19))]
    shifted[0][24] = "my reference"
    async with scripted(script_with(listed(1), shifted)) as product:
        await product.connect()
        assert [order["limit_price"] for order in product.snapshot()["orders"] if order["perm_id"] != 1] in (
            [],
            [None],
        )
        assert "open orders." in str(product.monitor.links[GUN].status.warning)


@pytest.mark.parametrize("place", [1, 7, 9])
async def test_that_a_status_is_read_though_another_id_in_it_is_no_number(place: int) -> None:
    order, status = with_junk(1, filled=40)
    status[place] = "x1"
    async with scripted(script_with([order, status])) as product:
        await product.connect()
        cells = product.orders()[1]
        assert (cells["status"], cells["filled"], cells["to_fill"]) == ("Submitted · part", "40", "0.40")
        names = {1: "order id", 7: "parent id", 9: "client id"}
        warning = str(product.monitor.links[GUN].status.warning)
        assert f"1 figure of an order status ({names[place]} of order 1)." in warning


async def test_that_a_status_whose_perm_id_is_no_number_is_of_the_order_before_it() -> None:
    order, status = with_junk(1, filled=40)
    status[6] = "x1"
    async with scripted(script_with([order, status])) as product:
        await product.connect()
        assert product.orders()[1]["filled"] == "40"
        named = "1 figure of an order status (perm id of order 101)."
        assert named in str(product.monitor.links[GUN].status.warning)


async def test_that_a_status_without_any_id_is_counted_once_however_often_it_is_listed(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    order, status = with_junk(1, filled=40)
    status[1] = status[6] = "x1"
    async with scripted(script_with([order, status, order_status(9)])) as product:
        await product.connect()
        assert product.orders()[1]["filled"] == "—"
        for _ in range(3):
            asked = product.tws.asked(16)
            await until(lambda asked=asked: product.tws.asked(16) > asked + 1)  # type: ignore[misc]
            assert "1 order status." in str(product.monitor.links[GUN].status.warning)
        product.tws.answers["16"] = [order, status, status]
        await until(lambda: "2 order statuses." in str(product.monitor.links[GUN].status.warning))
        product.tws.answers["16"] = []
        await until(lambda: product.monitor.links[GUN].status.warning is None, what="a list without it")
