"""Orders that are not in the market yet, or only at an auction."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from psf_monitor.ibkr.executions.tws_time import TwsClock, order_time
from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with
from tests.support.records import NOON, Clock
from tests.support.scripted_product import scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import listed, open_order
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


# What waits.


async def test_that_an_order_not_yet_in_the_market_shows_what_it_waits_for() -> None:
    async with scripted(script("not_in_the_market_yet")) as product:
        await product.connect()
        texts = {key: cells["where"] for key, cells in product.orders().items()}
        assert texts == {
            3: "Waits for time",
            4: "Waits for condition",
            8: "Not touched",
            5: "Behind bid",
            6: "Waits for parent",
        }
        assert next(iter(texts)) == 5
        for key in (3, 4, 6, 8):
            reported = product.api_orders()[key]
            assert product.orders()[key]["to_fill"] == "—"
            assert (reported["near_fill"], reported["waits_for"]) == (False, texts[key])


async def test_that_an_order_that_ibkr_holds_for_any_reason_has_no_distance_and_names_it() -> None:
    held: dict[str, Any] = {"status": "PreSubmitted", "limit": 24.3}
    orders = listed(1, "child", **held), listed(2, "trigger", **held), listed(3, "trigger", limit=24.52)
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        shown = {key: (cells["where"], cells["to_fill"]) for key, cells in product.orders().items()}
        assert shown == {
            1: ("Waits for parent", "—"),
            2: ("Held by IBKR", "—"),
            3: ("Inside spread", "0.02"),
        }
        places = list(product.orders())
        assert "TWS holds it for: trigger" in product.tooltip(product.orders_table, "where", places.index(2))
        reported = product.api_orders()
        assert [reported[key]["waits_for"] for key in (1, 2, 3)] == ["Waits for parent", "Held by IBKR", None]


async def test_that_an_order_enters_the_market_when_its_condition_is_met() -> None:
    parent: dict[str, Any] = {"order_id": 20, "client_id": 3, "action": "BUY", "limit": 24.4}
    child: dict[str, Any] = {"order_id": 21, "client_id": 3, "parent_id": 20, "limit": 24.52}
    late: dict[str, Any] = {
        "good_after": "20260918 12:00:10 US/Eastern",
        "limit": 24.53,
        "status": "PreSubmitted",
    }
    async with scripted(
        script_with(listed(1, **parent), listed(2, **child, status="PreSubmitted"), listed(3, **late))
    ) as product:
        await product.connect()
        assert product.orders()[2]["where"] == "Waits for parent"
        product.tws.answers["16"] = [*listed(2, **child), *listed(3, **late)]
        await until(lambda: product.orders()[2]["where"] == "Inside spread")
        assert product.api_orders()[2]["near_fill"] is True
        assert product.orders()[3]["where"] == "Waits for time"
        product.clock.advance(10)
        assert product.orders()[3]["where"] == "Inside spread"


TEN = [
    "20260918 10:00:00 US/Eastern",
    "20260918 10:00:00 Eastern Daylight Time",
    "20260918 10:00:00 EDT",
    "20260918 17:00:00 T\\u00fcrkiye Saati",
    "20260918 16:00 Central European Summer Time",
    "20260918 22:00:00 Hong Kong Time",
    "20260918 10:00:00 GMT-04:00",
    "20260918-14:00",
    "20260918 15:00:00",
    "1789740000",
]
"""Ten o'clock in New York, as a TWS in London may write it."""


@pytest.mark.parametrize("text", TEN)
async def test_that_an_order_begins_and_ends_at_the_moment_that_tws_means_however_it_is_written(
    text: str,
) -> None:
    terms: dict[str, Any] = {"limit": 24.52, "status": "PreSubmitted", "outside_hours": 1}
    orders = listed(1, good_after=text, **terms), listed(2, good_till=text, tif="GTD", **terms)
    ten = datetime(2026, 9, 18, 14, tzinfo=UTC)
    clock = Clock(ten - timedelta(seconds=1))
    of = script_with(*orders, handshake_time="20260918 14:59:59 British Summer Time")
    async with scripted(of, clock=clock) as product:
        await product.connect()
        where = {key: cells["where"] for key, cells in product.orders().items()}
        assert where == {1: "Waits for time", 2: "Inside spread"}
        clock.advance(1)
        where = {key: cells["where"] for key, cells in product.orders().items()}
        assert where == {1: "Inside spread", 2: "Good-till passed"}
        reported = product.api_orders()
        assert (reported[1]["waits_for"], reported[2]["waits_for"]) == (None, "Good-till passed")


@pytest.mark.parametrize(
    "text", ["20260918 10:00:00 Narnia", "20260918", "soon", "20261101 01:30:00 EST5EDT"]
)
def test_that_texts_without_a_time_are_unknown(text: str) -> None:
    assert order_time(text, TwsClock("", ZoneInfo("America/New_York"))) is None


async def test_that_an_order_of_an_auction_names_it_and_is_never_near_fill() -> None:
    async with scripted(script("auction_only")) as product:
        await product.connect()
        cells = product.orders()
        assert {key: cells[key]["where"] for key in cells} == {1: "Closing auction", 2: "Opening auction"}
        assert {cells[key]["limit_price"] for key in cells} == {"24.52"}
        assert {cells[key]["to_fill"] for key in cells} == {"—"}
        assert not any(order["near_fill"] for order in product.snapshot()["orders"])


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({"order_type": "MOC", "limit": 0.0}, "Closing auction"),
        ({"order_type": "MKT", "limit": 0.0, "tif": "OPG"}, "Opening auction"),
        ({"order_type": "LOO"}, "Opening auction"),
    ],
)
async def test_that_the_other_orders_of_an_auction_name_it_too(terms: dict[str, Any], text: str) -> None:
    async with scripted(script_with(listed(1, **{"limit": 24.5, **terms}))) as product:
        await product.connect()
        assert product.orders()[1]["where"] == text
        assert product.api_orders()[1]["near_fill"] is False


async def test_that_a_limit_that_is_live_in_the_extended_session_is_near_fill_by_price() -> None:
    held: dict[str, Any] = {"status": "PreSubmitted", "limit": 24.52}
    clock = Clock(NOON.replace(hour=21))
    async with scripted(
        script_with(listed(1, outside_hours=1, **held), listed(2, **held)), clock=clock
    ) as product:
        await product.connect()
        assert {key: cells["where"] for key, cells in product.orders().items()} == {
            1: "Inside spread",
            2: "Waits for open",
        }
        assert [product.api_orders()[key]["near_fill"] for key in (1, 2)] == [True, False]
        clock.advance(4 * 3600)
        assert product.orders()[1]["where"] == "Waits for open"
        assert product.api_orders()[1]["near_fill"] is False


async def test_that_a_child_whose_parent_cannot_be_read_is_not_in_the_market(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    broken = open_order(5, order_id=20, client_id=3, limit=24.4, conditions=("1", "9", "a"))
    child: dict[str, Any] = {"order_id": 21, "client_id": 3, "parent_id": 20, "limit": 24.52}
    of = script_with([broken], listed(6, status="PreSubmitted", **child))
    async with scripted(of) as product:
        await product.connect()
        cells = product.orders()[6]
        assert (cells["where"], cells["to_fill"]) == ("Waits for parent", "—")
        reported = product.api_orders()[6]
        assert (reported["near_fill"], reported["waits_for"]) == (False, "Waits for parent")
        product.tws.answers["16"] = [broken, *listed(6, **child)]
        await until(lambda: product.orders()[6]["where"] == "Inside spread", what="it is in the market")


async def test_that_an_order_in_no_known_status_has_no_place_in_the_market_and_is_never_near_fill() -> None:
    statuses = ["", "Unknown", "submitted", "Expired", "0"]
    orders = [listed(n, limit=24.52, status=status) for n, status in enumerate(statuses, 1)]
    async with scripted(script_with(*orders, listed(9, limit=24.52))) as product:
        await product.connect()
        shown, reported = product.orders(), product.api_orders()
        assert (shown[9]["where"], reported[9]["near_fill"]) == ("Inside spread", True)
        for number, status in enumerate(statuses, 1):
            cells = shown[number]
            assert (cells["status"], cells["where"], cells["to_fill"]) == (status or "—", "", "—")
            assert (reported[number]["status"], reported[number]["near_fill"]) == (status, False)
        assert product.positions()[0]["working"] == f"SELL 100 +{len(statuses)} ?"
