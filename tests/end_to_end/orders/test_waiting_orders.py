"""Orders that are not in the market yet, or only at an auction."""

from typing import Any

import pytest

from tests.end_to_end.orders.telling import telling
from tests.played import played
from tests.records import NOON, Clock
from tests.scripted_tws import script
from tests.tws_messages import listed
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


# What waits.


async def test_that_what_is_not_in_the_market_yet_says_what_it_waits_for() -> None:
    async with played(script("not_in_the_market_yet")) as stage:
        await stage.connect()
        words = {key: cells["where"] for key, cells in stage.orders().items()}
        assert words == {
            3: "Waits for time",
            4: "Waits for condition",
            8: "Not touched",
            5: "Behind bid",
            6: "Waits for parent",
        }
        assert next(iter(words)) == 5
        for key in (3, 4, 6, 8):
            told = stage.api_orders()[key]
            assert stage.orders()[key]["to_fill"] == "—"
            assert (told["near_fill"], told["waits_for"]) == (False, words[key])


async def test_that_what_it_waited_for_brings_an_order_into_the_market() -> None:
    parent: dict[str, Any] = {"order_id": 20, "client_id": 3, "action": "BUY", "limit": 24.4}
    child: dict[str, Any] = {"order_id": 21, "client_id": 3, "parent_id": 20, "limit": 24.52}
    late: dict[str, Any] = {
        "good_after": "20260918 12:00:10 US/Eastern",
        "limit": 24.53,
        "status": "PreSubmitted",
    }
    async with played(
        telling(listed(1, **parent), listed(2, **child, status="PreSubmitted"), listed(3, **late))
    ) as stage:
        await stage.connect()
        assert stage.orders()[2]["where"] == "Waits for parent"
        stage.tws.answers["16"] = [*listed(2, **child), *listed(3, **late)]
        await until(lambda: stage.orders()[2]["where"] == "Inside spread")
        assert stage.api_orders()[2]["near_fill"] is True
        assert stage.orders()[3]["where"] == "Waits for time"
        stage.clock.advance(10)
        assert stage.orders()[3]["where"] == "Inside spread"


async def test_that_an_order_of_an_auction_names_it_and_is_never_near_fill() -> None:
    async with played(script("auction_only")) as stage:
        await stage.connect()
        cells = stage.orders()
        assert {key: cells[key]["where"] for key in cells} == {1: "Closing auction", 2: "Opening auction"}
        assert {cells[key]["limit_price"] for key in cells} == {"24.52"}
        assert {cells[key]["to_fill"] for key in cells} == {"—"}
        assert not any(order["near_fill"] for order in stage.snapshot()["orders"])


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"order_type": "MOC", "limit": 0.0}, "Closing auction"),
        ({"order_type": "MKT", "limit": 0.0, "tif": "OPG"}, "Opening auction"),
        ({"order_type": "LOO"}, "Opening auction"),
    ],
)
async def test_that_the_other_orders_of_an_auction_name_it_too(terms: dict[str, Any], words: str) -> None:
    async with played(telling(listed(1, **{"limit": 24.5, **terms}))) as stage:
        await stage.connect()
        assert stage.orders()[1]["where"] == words
        assert stage.api_orders()[1]["near_fill"] is False


async def test_that_a_limit_that_is_live_in_the_extended_session_is_near_fill_by_price() -> None:
    held: dict[str, Any] = {"status": "PreSubmitted", "limit": 24.52}
    clock = Clock(NOON.replace(hour=21))
    async with played(telling(listed(1, outside_hours=1, **held), listed(2, **held)), clock=clock) as stage:
        await stage.connect()
        assert {key: cells["where"] for key, cells in stage.orders().items()} == {
            1: "Inside spread",
            2: "Waits for open",
        }
        assert [stage.api_orders()[key]["near_fill"] for key in (1, 2)] == [True, False]
        clock.advance(4 * 3600)
        assert stage.orders()[1]["where"] == "Waits for open"
        assert stage.api_orders()[1]["near_fill"] is False
