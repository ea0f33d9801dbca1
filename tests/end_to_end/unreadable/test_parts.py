"""Orders that TWS sends with a count, a leg or a condition that is no number: all else is shown, and they are
named.
"""

from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import listed, open_order, order_status
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def with_field(fields: list[str], place: int, text: str) -> list[str]:
    return [*fields[:place], text, *fields[place + 1 :]]


LEG = ["12", "1", "SELL", "SMART", "0", "0", "", "-1"]


def with_legs(*legs: list[str]) -> list[str]:
    combination = {"sec_type": "BAG", "con_id": 28812380, "symbol": "CIM", "limit": 24.7}
    return [*(fields := open_order(1, **combination))[:79], str(len(legs)), *chain(*legs), *fields[80:]]


def with_algorithm(parameters: str) -> list[str]:
    return with_field(open_order(1, algorithm="Twap", limit=24.7), 92, parameters)


NO_COUNTS = {
    "legs": (open_order(1, legs="none", limit=24.7), "combo_legs"),
    "legs below 0": (open_order(1, legs="-1", limit=24.7), "combo_legs"),
    "more legs than fields": (open_order(1, legs="99", limit=24.7), "combo_legs"),
    "legs as only Python reads them": (open_order(1, legs="0_0", limit=24.7), "combo_legs"),
    "no legs": (open_order(1, legs="", limit=24.7), "combo_legs"),
    "prices of legs": (with_field(open_order(1, limit=24.7), 80, "x"), "order_combo_legs"),
    "routing": (with_field(open_order(1, limit=24.7), 81, "x"), "smart_combo_routing_params"),
    "the increment of a scale": (with_field(open_order(1, limit=24.7), 84, "0,01"), "scale_price_increment"),
    "an increment of nan": (with_field(open_order(1, limit=24.7), 84, "nan"), "scale_price_increment"),
    "delta neutral": (with_field(open_order(1, limit=24.7), 90, "x"), "clearing_intent"),
    "parameters": (with_algorithm("x"), "algo_strategy"),
    "conditions": (open_order(1, conditions=("x",), limit=24.7), "conditions"),
    "the kind of a condition": (open_order(1, conditions=("1", "9", "a"), limit=24.7), "conditions"),
    "nothing after the conditions": (open_order(1, limit=24.7)[:112], "adjusted_order_type"),
    "the end": (open_order(1, limit=24.7)[:-2], "min_trade_qty"),
}


async def test_that_what_stands_before_a_count_that_is_none_is_shown_and_the_rest_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [
        [with_field(fields, 25, str(number)), order_status(number)]
        for number, (fields, _) in enumerate(NO_COUNTS.values(), 1)
    ]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        shown, reported, printed = product.orders(), await seen.orders(), (await seen.command()).orders()
        table = product.orders_table
        places = {table.line(place).row.perm_id: place for place in range(len(orders))}
        terms = {"limit_price": 24.7, "qty": 100, "tif": "DAY", "side": "SELL", "status": "Submitted"}
        cells = {"limit_price": "24.70", "quantity": "100", "tif": "DAY", "side": "SELL", "filled": "0"}
        for number, (name, (_, first)) in enumerate(NO_COUNTS.items(), 1):
            assert differences(reported[number], terms) == differences(printed[number], terms) == {}, name
            assert reported[number]["unread"][0] == first, name
            assert differences(shown[number], cells) == {}, name
            assert "· ?" in shown[number]["order_type"], name
            sentence = f"TWS reports terms that cannot be read: {first.replace('_', ' ')}"
            assert sentence in product.tooltip(table, "order_type", places[number]), name
            # An algorithm or a scale would decide how much of it stands at the limit.
            is_placed = not {"algo_strategy", "scale_price_increment"} & {*reported[number]["unread"]}
            assert (shown[number]["to_fill"] != "—", bool(shown[number]["where"])) == (is_placed,) * 2, name
        assert working(product) == f"SELL {100 * len(orders):,}"
        warning = str(product.monitor.links[GUN].status.warning)
        assert f"{len(orders)} parts of open orders." in warning
        product.tws.answers["16"] = [*listed(1)]
        await until(lambda: product.monitor.links[GUN].status.warning is None)


CUTS: dict[int, tuple[str, dict[str, Any]]] = {
    26: ("outside_rth", {"outside_rth": None, "hidden": None, "good_till": None, "algorithm": None}),
    30: ("fa_group", {"outside_rth": False, "hidden": False, "display_size": None}),
    50: ("block_order", {"display_size": 40, "good_till": "20991231"}),
    63: ("combo_legs", {"parent_id": None, "attributes": {"oca_type": 3}}),
    70: ("combo_legs", {"hidden": False, "legs": ""}),
}


async def test_that_what_stands_before_the_end_of_a_message_that_is_cut_off_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terms: dict[str, Any] = {"limit": 24.7, "good_till": "20991231", "display_size": 40, "oca_group": "g"}
    orders = [[open_order(n, **terms)[:n], order_status(n, filled=40, remaining=60)] for n in CUTS]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 3)
        shown, reported, printed = product.orders(), await seen.orders(), (await seen.command()).orders()
        read = {"limit_price": 24.7, "qty": 100, "tif": "DAY", "side": "SELL", "filled": 40, "remaining": 60}
        cells = {"limit_price": "24.70", "quantity": "100", "tif": "DAY", "filled": "40", "where": ""}
        for length, (first, right) in CUTS.items():
            assert differences(reported[length], {**read, **right}) == {}, length
            assert differences(printed[length], {**read, **right}) == {}, length
            assert reported[length]["unread"][0] == first, length
            assert differences(shown[length], {**cells, "status": "Submitted · part"}) == {}, length
            assert "· ?" in shown[length]["order_type"], length
        warning = str(product.monitor.links[GUN].status.warning)
        assert f"{len(orders)} parts of open orders" in warning


async def test_that_the_stop_of_a_trailing_order_that_is_cut_off_was_reported_and_cannot_be_read() -> None:
    fields = open_order(1, order_type="TRAIL LIMIT", limit=24.7, aux=0.3, trail_stop=24.6)[:70]
    async with scripted(script_with([fields, order_status(1)])) as product:
        await product.connect()
        order = product.api_orders()[1]
        assert (order["limit_price"], order["stop_price"], order["offset"]) == (24.7, None, 0.3)
        assert order["unread"][:2] == ["stop", "trailing_percent"]
        tip = product.tooltip(product.orders_table, "limit_price")
        assert tip == "Limit 24.70 USD\nThe stop that TWS reports cannot be read"


async def test_that_an_order_held_back_of_which_the_conditions_cannot_be_read_has_no_place() -> None:
    fields = open_order(1, conditions=("x",), limit=24.7, status="PreSubmitted")
    async with scripted(script_with([fields, order_status(1, "PreSubmitted")])) as product:
        await product.connect()
        cells = product.orders()[1]
        assert (cells["status"], cells["where"], cells["to_fill"]) == ("PreSubmitted", "", "—")
        assert "(conditions of order 1)" in str(product.monitor.links[GUN].status.warning)
        product.tws.answers["16"] = [fields]
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 2)
        assert product.orders()[1]["status"] == "PreSubmitted"


@pytest.mark.parametrize(
    ("fields", "name", "right"),
    [
        (with_legs(["x", *LEG[1:]], LEG), "combo_legs", {"legs": "SELL 1 of ?, SELL 1 of 12"}),
        (with_legs([LEG[0], "0x1", *LEG[2:]], LEG), "combo_legs", {"legs": "SELL ? of 12, SELL 1 of 12"}),
        (
            open_order(1, conditions=("1", "1", "a", "1", "4,7", "756733", "SMART", "0"), limit=24.7),
            "conditions",
            {"attributes": {"conditions": "a condition that cannot be read"}},
        ),
        (open_order(1, parent_id="x", limit=24.7), "parent_id", {"parent_id": None}),
        (with_field(open_order(1, limit=24.7), 93, "x"), "what_if", {}),
        (
            open_order(1, conditions=("1", "3", "a", "1", "20991130"), conditions_cancel="x", limit=24.7),
            "conditions_cancel_order",
            {"attributes": {"conditions": "the time after 20991130"}},
        ),
    ],
)
async def test_that_a_part_of_an_order_that_is_no_number_is_named_and_costs_nothing_else(
    fields: list[str], name: str, right: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with all_outputs(script_with([fields, order_status(1)]), tmp_path, capsys) as seen:
        await seen.product.connect()
        terms = {"unread": [name], "limit_price": 24.7, "qty": 100, "status": "Submitted", **right}
        reported, printed = (await seen.orders())[1], (await seen.command()).orders()[1]
        assert differences(reported, terms) == differences(printed, terms) == {}
        cells = seen.product.orders()[1]
        assert (cells["limit_price"], "· ?" in cells["order_type"]) == ("24.70", True)
        assert seen.product.monitor.links[GUN].status.warning is None
