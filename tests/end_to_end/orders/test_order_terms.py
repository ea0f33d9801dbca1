"""Terms of orders, each as TWS sends them: in the window's cells, over HTTP and on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN, Clock
from tests.support.scripted_product import scripted
from tests.support.tws_messages import UNSET, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}
CIM = 700000001
NONE = "—"


def script_with(*orders: list[list[str]], **more: Any) -> dict[str, Any]:
    messages = [message for order in orders for message in order]
    return {"to_61": [position()], "to_16": messages, "hammer": HAMMER, **more}


PRICE_OF_SPY = ["1", "a", "1", "600.0", "756733", "SMART", "0"]
AT_TEN = ["3", "o", "1", "20991127 10:00:00 US/Eastern"]
HELD = {"status": "PreSubmitted"}

TERMS: dict[str, tuple[dict[str, Any], dict[str, str], dict[str, Any]]] = {
    "bound by hand, with an id below 0": (
        {"order_id": -2, "limit": 24.9},
        {"order_id": "1", "limit_price": "24.90"},
        {"order_id": -2, "perm_id": 1},
    ),
    "a trailing limit whose limit is not set": (
        {"order_type": "TRAIL LIMIT", "limit": UNSET, "aux": 0.3, "trail_stop": 23.8, **HELD},
        {"limit_price": NONE, "stop_price": "23.80", "where": "Stop not triggered", "to_fill": NONE},
        {"limit_price": None, "stop_price": 23.8, "near_fill": False},
    ),
    "a trailing stop that touches": (
        {"order_type": "TRAIL MIT", "limit": 0.0, "trail_stop": 24.9, **HELD},
        {"limit_price": NONE, "stop_price": "24.90", "where": "Stop not triggered"},
        {"limit_price": None, "stop_price": 24.9},
    ),
    "a stop without a stop": (
        {"order_type": "STP", "limit": 0.0, "aux": UNSET, **HELD},
        {"stop_price": NONE, "where": "Stop not triggered"},
        {"stop_price": None, "waits_for": "Stop not triggered"},
    ),
    "pegged to the middle with an offset": (
        {"order_type": "PEG MID", "limit": 0.0, "aux": 0.02},
        {"limit_price": NONE, "stop_price": NONE, "where": "", "to_fill": NONE},
        {"limit_price": None, "near_fill": False},
    ),
    "pegged to the best": (
        {"order_type": "PEG BEST", "limit": 0.0, "aux": 0.01},
        {"limit_price": NONE, "where": ""},
        {"limit_price": None, "near_fill": False},
    ),
    "the middle without a cap": (
        {"order_type": "MIDPRICE", "limit": 0.0},
        {"limit_price": NONE, "where": "", "to_fill": NONE},
        {"limit_price": None, "near_fill": False},
    ),
    "relative with a cap inside the spread": (
        {"order_type": "REL", "limit": 24.52, "aux": 0.01},
        {"limit_price": "24.52", "where": "", "to_fill": NONE},
        {"limit_price": 24.52, "near_fill": False},
    ),
    "top of the box": (
        {"order_type": "BOX TOP", "limit": 0.0},
        {"limit_price": NONE, "where": ""},
        {"limit_price": None, "near_fill": False},
    ),
    "an iceberg": (
        {"quantity": 500, "display_size": 10},
        {"quantity": "500", "remaining": "500", "order_type": "LMT · iceberg"},
        {"qty": 500, "remaining": 500, "display_size": 10, "hidden": False},
    ),
    "hidden": (
        {"quantity": 500, "hidden": 1},
        {"remaining": "500", "order_type": "LMT · hidden"},
        {"remaining": 500, "hidden": True, "display_size": None, "order_type": "LMT"},
    ),
    "with a display size of which nobody says what it means": (
        {"display_size": 0},
        {"order_type": "LMT"},
        {"hidden": False, "display_size": 0},
    ),
    "displayed wholly, in a word for it": (
        {"display_size": ""},
        {"order_type": "LMT"},
        {"hidden": False, "display_size": None},
    ),
    "a limit in an opening auction": (
        {"limit": 24.52, "tif": "AUC"},
        {"where": "Opening auction", "to_fill": NONE},
        {"waits_for": "Opening auction", "near_fill": False},
    ),
    "a closing limit of which half has filled": (
        {"order_type": "LOC", "limit": 24.52, "filled": 50},
        {"where": "Closing auction", "filled": "50", "remaining": "50"},
        {"filled": 50, "remaining": 50, "near_fill": False},
    ),
    "good till a time to come": (
        {"limit": 24.52, "tif": "GTD", "good_till": "20260918 14:00:00 US/Eastern"},
        {"where": "Inside spread"},
        {"good_till": "20260918 14:00:00 US/Eastern", "near_fill": True},
    ),
    "good till a time that has passed": (
        {"limit": 24.52, "tif": "GTD", "good_till": "20260918-13:59:59"},
        {"where": "Good-till passed", "to_fill": NONE},
        {"waits_for": "Good-till passed", "near_fill": False},
    ),
    "good till yesterday": (
        {"limit": 24.52, "tif": "GTD", "good_till": "20260917"},
        {"where": "Good-till passed"},
        {"near_fill": False},
    ),
    "good till today": (
        {"limit": 24.52, "tif": "GTD", "good_till": "20260918"},
        {"where": "Inside spread"},
        {"near_fill": True},
    ),
    "good till a time in no zone": (
        {"limit": 24.52, "tif": "GTD", "good_till": "20260918 09:00:00"},
        {"where": "Good-till passed"},
        {"good_till": "20260918 09:00:00"},
    ),
    "good after a time in no zone, held": (
        {"limit": 24.52, "good_after": "20260918 14:00:00", **HELD},
        {"where": "Waits for time", "to_fill": NONE},
        {"waits_for": "Waits for time", "near_fill": False},
    ),
    "good till a time in no zone, past in each": (
        {"limit": 24.52, "tif": "GTD", "good_till": "20260917 16:00:00"},
        {"where": "Good-till passed", "to_fill": NONE},
        {"waits_for": "Good-till passed", "near_fill": False},
    ),
    "good till a time in a zone that is not known": (
        {"limit": 24.52, "tif": "GTD", "good_till": "20260916 16:00 ET"},
        {"where": "Good-till passed"},
        {"near_fill": False},
    ),
    "good after a time in no zone, to come in each": (
        {"limit": 24.52, "good_after": "20260920 09:30:00"},
        {"where": "Waits for time", "to_fill": NONE},
        {"waits_for": "Waits for time", "near_fill": False},
    ),
    "good after a day to come": (
        {"limit": 24.52, "good_after": "20260921"},
        {"where": "Waits for time"},
        {"near_fill": False},
    ),
    "cancelled by two conditions": (
        {"limit": 24.52, "conditions": ["2", *PRICE_OF_SPY, *AT_TEN], "conditions_cancel": 1, **HELD},
        {"where": "Inside spread", "to_fill": "0.02"},
        {"waits_for": None},
    ),
    "with discretion to sell below its limit": (
        {"limit": 24.58, "discretion": 0.05},
        {"limit_price": "24.58", "where": "Inside spread", "to_touch": "−0.02", "to_fill": "0.03"},
        {"limit_price": 24.58, "near_fill": True, "discretionary_amt": 0.05},
    ),
    "with discretion to buy at the ask": (
        {"action": "BUY", "limit": 24.5, "discretion": 0.1},
        {"where": "Crosses ask", "to_touch": "0.00", "to_fill": "0.00"},
        {"near_fill": True},
    ),
    "without discretion, in a word for it": (
        {"limit": 24.58, "discretion": UNSET},
        {"where": "Inside spread", "to_fill": "0.08"},
        {"near_fill": False},
    ),
    "tied to two conditions": (
        {"limit": 24.3, "conditions": ["2", *PRICE_OF_SPY, *AT_TEN], **HELD},
        {"where": "Waits for condition", "to_fill": NONE},
        {"waits_for": "Waits for condition", "near_fill": False},
    ),
    "worked off by an algorithm": (
        {"limit": 24.3, "algorithm": "Twap"},
        {"order_type": "LMT · Twap", "limit_price": "24.30", "where": "By algorithm", "to_fill": NONE},
        {"order_type": "LMT", "algorithm": "Twap", "limit_price": 24.3, "near_fill": False},
    ),
    "at the market by an algorithm": (
        {"order_type": "MKT", "limit": 0.0, "algorithm": "Vwap"},
        {"order_type": "MKT · Vwap", "where": "By algorithm"},
        {"algorithm": "Vwap", "limit_price": None},
    ),
    "at the limit by an algorithm": (
        {"limit": 24.52, "algorithm": "Adaptive"},
        {"order_type": "LMT · Adaptive", "where": "Inside spread", "to_fill": "0.02"},
        {"algorithm": "Adaptive", "limit_price": 24.52, "near_fill": True},
    ),
    "of no quantity, as one by per cent of a position is": (
        {"quantity": 0, "limit": 24.9},
        {"quantity": NONE, "remaining": NONE},
        {"qty": None, "remaining": None},
    ),
    "of no type": (
        {"order_type": "", "limit": 24.52},
        {"order_type": NONE, "limit_price": "24.52", "where": "", "to_fill": NONE},
        {"near_fill": False},
    ),
    "of no side": (
        {"action": "", "limit": 24.52},
        {"side": NONE, "where": "", "to_fill": NONE},
        {"side": "", "near_fill": False},
    ),
    "at a price that is no number": (
        {"limit": "NaN"},
        {"limit_price": NONE, "where": "", "to_fill": NONE},
        {"limit_price": None, "near_fill": False},
    ),
    "allocated over a group, so of no account": (
        {"account": "", "limit": 24.9},
        {"limit_price": "24.90"},
        {"account": "", "limit_price": 24.9},
    ),
}


async def test_that_the_terms_of_an_order_are_read_rightly_wherever_it_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [listed(n, **terms) for n, (terms, _cells, _fields) in enumerate(TERMS.values(), 1)]
    of_the_time = {"near_fill", "waits_for", "perm_id"}
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        await seen.product.connect()
        shown, reported = seen.product.orders(), await seen.orders()
        printed = (await seen.command()).orders()
        assert len(shown) == len(reported) == len(printed) == len(TERMS)
        for number, (name, (_terms, cells, fields)) in enumerate(TERMS.items(), 1):
            assert differences(shown[number], cells) == {}, name
            assert differences(reported[number], fields) == {}, name
            always = {key: value for key, value in fields.items() if key not in of_the_time}
            assert differences(printed[number], always) == {}, name
        assert seen.product.monitor.links[GUN].status.warning is None


async def test_that_a_time_that_passes_takes_an_order_out_of_the_market() -> None:
    clock = Clock()
    till: dict[str, Any] = {"limit": 24.52, "tif": "GTD", "good_till": f"{clock():%Y%m%d-%H:%M}:30"}
    async with scripted(script_with(listed(1, **till)), clock=clock) as product:
        await product.connect()
        assert product.orders()[1]["where"] == "Inside spread"
        clock.advance(30)
        assert product.orders()[1]["where"] == "Good-till passed"
        assert "Good till" in product.tooltip(product.orders_table, "where")


async def test_that_own_hidden_quantities_are_reported_and_not_subtracted_from_those_ahead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at: dict[str, Any] = {"limit": 24.62, "quantity": 400}
    orders = [listed(1, **at), listed(2, hidden=1, **at), listed(3, display_size=100, **at)]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        leave = product.monitor.book.depths.watch("CIM PRB")
        await until(lambda: any(c.get("sub") == "L2" for c in product.hammer.received))
        asks = [{"price": 24.6, "size": 600, "MMID": "NYSE"}, {"price": 24.62, "size": 900, "MMID": "ARCA"}]
        bids = [{"price": 24.5, "size": 300, "MMID": "NYSE"}]
        product.hammer.send("L2Update", {"sym": "CIM-B", "bids": bids, "asks": asks})
        await until(lambda: product.orders()[1]["ahead"] != NONE)
        shown = {key: (cells["ahead"], cells["ahead_place"]) for key, cells in product.orders().items()}
        assert shown == {1: ("1,100", ""), 2: ("1,500", "hidden"), 3: ("1,400", "part hidden")}
        reported = await seen.orders()
        assert {key: (order["ahead"], order["ahead_place"]) for key, order in reported.items()} == {
            1: (1100, None),
            2: (1500, "hidden"),
            3: (1400, "part hidden"),
        }
        (depth,) = [await seen.api.get("depth", params={"symbol": "CIM PRB"})]
        displayed = {o["key"]: o["displayed"] for o in depth.json()["orders"]}
        assert displayed == {"U1240821/1": 400, "U1240821/2": 0, "U1240821/3": 100}
        leave()


# Orders that belong together.


async def test_that_of_three_that_cancel_each_other_the_largest_of_each_side_counts() -> None:
    group: dict[str, Any] = {"oca_group": "OC7"}
    orders = [
        listed(1, action="BUY", quantity=100, limit=24.4, **group),
        listed(2, quantity=200, limit=24.9, **group),
        listed(3, quantity=300, limit=25.1, **group),
        listed(4, quantity=50, limit=25.2),
    ]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        (held,) = product.positions()
        assert held["working"] == "B 100 S 350"
        text = product.tooltip(product.positions_table, "working")
        assert "2 SELL orders of 500 together (OCA group OC7)" in text
        assert "at most 300 can fill" in text
        record = product.snapshot()["positions"][0]
        assert (record["working_buy"], record["working_sell"], record["potential_qty"]) == (100, 350, 150)


async def test_that_a_child_waits_for_a_parent_that_has_filled_in_part() -> None:
    parent: dict[str, Any] = {
        "order_id": 20,
        "client_id": 3,
        "action": "BUY",
        "quantity": 300,
        "limit": 24.4,
    }
    child: dict[str, Any] = {"order_id": 21, "client_id": 3, "parent_id": 20, "limit": 24.52, "quantity": 300}
    async with scripted(script_with(listed(1, filled=100, **parent), listed(2, **HELD, **child))) as product:
        await product.connect()
        assert (product.orders()[1]["filled"], product.orders()[1]["remaining"]) == ("100", "200")
        assert product.orders()[2]["where"] == "Waits for parent"
        assert product.positions()[0]["working"] == "B 200 S 300"
        product.tws.answers["16"] = list(listed(2, **child))
        await until(lambda: product.orders()[2]["where"] == "Inside spread")


async def test_that_a_negative_remaining_quantity_is_not_subtracted_from_the_sum() -> None:
    orders = [listed(1, quantity=100, filled=150, order_id=7), listed(2, quantity=100)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        assert product.positions()[0]["working"] == "SELL 100 +1 ?"
        text = product.tooltip(product.positions_table, "working")
        assert "Not counted: order 7, less than nothing is said to remain of it" in text


async def test_that_an_order_listed_twice_is_one_order() -> None:
    async with scripted(script_with(listed(1), listed(1))) as product:
        await product.connect()
        assert len(product.snapshot()["orders"]) == len(product.orders()) == 1
        assert product.positions()[0]["working"] == "SELL 100"


async def test_that_orders_without_a_perm_id_that_share_both_ids_are_as_many_rows() -> None:
    ids: dict[str, Any] = {"order_id": 4, "client_id": 1}
    first, second = listed(0, limit=24.7, **ids), listed(0, limit=24.9, quantity=200, filled=50, **ids)
    async with scripted(script_with(first, second)) as product:
        await product.connect()

        def shown() -> list[tuple[str, str]]:
            return sorted((order["key"], str(order["remaining"])) for order in product.snapshot()["orders"])

        assert shown() == [("U1240821/1/4", "100.0"), ("U1240821/1/4/1", "150.0")]
        assert product.positions()[0]["working"] == "SELL 250"
        assert [row.filled for row in sorted(product.monitor.book.order_rows())] == [0, 50]
        product.tws.answers["16"] = [*first, *listed(0, limit=24.9, quantity=200, filled=80, **ids)]
        await until(lambda: shown() == [("U1240821/1/4", "100.0"), ("U1240821/1/4/1", "120.0")])
        # The one that leaves is gone, and the other is still there.
        product.tws.answers["16"] = list(first)
        await until(lambda: product.positions()[0]["working"] == "SELL 100")
        assert {order["key"]: order["status"] for order in product.snapshot()["orders"]} == {
            "U1240821/1/4": "Submitted",
            "U1240821/1/4/1": "Gone",
        }


async def test_that_an_order_of_an_account_of_no_login_is_shown_and_in_no_position_of_another() -> None:
    async with scripted(script_with(listed(1, account="U9990009"), listed(2))) as product:
        await product.connect()
        assert sorted(product.orders()) == [1, 2]
        assert product.positions()[0]["working"] == "SELL 100"


async def test_that_a_share_that_was_renamed_twice_is_one_share() -> None:
    cbl: dict[str, Any] = {"con_id": 104}
    orders = [
        listed(77, symbol="CBL", local_symbol="CBL PRD", limit=1.05, quantity=500, **cbl),
        listed(78, symbol="CBLQD", local_symbol="CBLQD", limit=1.08, quantity=200, **cbl),
    ]
    held = position(700, 21.5, symbol="CBLDQ", local_symbol="CBLDQ", exchange="PINK", **cbl)
    of = script_with(*orders, to_61=[held], hammer={"CBLDQ": [0.9, 1.1, 1.0, 1.0]})
    async with scripted(of) as product:
        await product.connect()
        assert product.positions()[0]["working"] == "SELL 700"
        shown = {key: (cells["symbol"], cells["ask"]) for key, cells in product.orders().items()}
        assert shown == {77: ("CBL PRD → CBLDQ", "1.10"), 78: ("CBLQD → CBLDQ", "1.10")}
        assert product.snapshot()["positions"][0]["other_names"] == ["CBL PRD", "CBLQD"]
        assert product.monitor.book.wanted_symbols == {"CBLDQ"}


async def test_that_a_trail_stop_beside_a_plain_limit_is_not_taken_for_the_orders() -> None:
    """As recorded: 5801.0 beside a limit of 5800."""
    async with scripted(script_with(listed(1, trail_stop=5801.0), listed(2, order_id=-2))) as product:
        await product.connect()
        assert (product.orders()[1]["stop_price"], product.api_orders()[1]["stop_price"]) == ("—", None)
        assert "5,801" not in product.tooltip(product.orders_table, "where")
        product.tws.answers["16"] = [*listed(1, trail_stop=5801.0), *listed(2, order_id=7)]
        await until(lambda: product.orders()[2]["order_id"] == "7")
        assert sorted(product.orders()) == [1, 2], "one that is bound to an id is no second one"
