"""What else TWS says of how an order trades: in cells and tooltips, over HTTP, on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import UNSET, execution, listed, open_order, order_status, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_an_order_capped_by_ibkr_is_shown_at_the_cap_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [
        [open_order(1, action="BUY", limit=30.0), order_status(1, cap=24.52)],
        [open_order(2, limit=20.0), order_status(2, cap=24.58)],
        [open_order(3, limit=24.58), order_status(3, cap=24.0)],
        [open_order(4, order_type="MKT", limit=0.0), order_status(4, cap=24.3)],
        [open_order(5, limit=24.58), order_status(5, cap=UNSET)],
    ]
    caps = {1: 24.52, 2: 24.58, 3: 24.0, 4: 24.3, 5: None}
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        shown = product.orders()
        cells = {n: (o["limit_price"], o["to_fill"], o["where"]) for n, o in shown.items()}
        assert cells == {
            1: ("30.00", "0.08", "Inside spread"),
            2: ("20.00", "0.08", "Inside spread"),
            3: ("24.58", "0.08", "Inside spread"),
            4: ("—", "—", "Market order"),
            5: ("24.58", "0.08", "Inside spread"),
        }
        assert {n: o["order_type"].endswith(" · capped") for n, o in shown.items()} == {
            n: cap is not None for n, cap in caps.items()
        }
        reported = await seen.orders()
        assert {n: order["capped_at"] for n, order in reported.items()} == caps
        assert not any(order["near_fill"] for order in reported.values())
        assert {n: order["capped_at"] for n, order in (await seen.command()).orders().items()} == caps
        table = product.orders_table
        for place, n in enumerate(table.line(each).row.perm_id for each in range(len(orders))):
            for column in ("limit_price", "where"):
                text = product.tooltip(table, column, place)
                assert (f"IBKR caps it at {caps[n]:.2f} for now" in text) if caps[n] else ("caps" not in text)


AT_600 = ["1", "a", "1", "600.0", "756733", "SMART", "0"]
BEFORE_TEN = ["3", "o", "0", "20991127 10:00:00 US/Eastern"]
CUSHION, TRADED = ["4", "a", "0", "30"], ["5", "a", "STK", "SMART", "SPY"]
VOLUME, CHANGE = ["6", "a", "1", "1000000", "756733", "SMART"], ["7", "o", "0", "-2.5", "756733", "SMART"]

ATTRIBUTES: dict[str, tuple[dict[str, Any], dict[str, Any], str, dict[str, str]]] = {
    "nothing else": ({}, {}, "", {}),
    "what TWS says of it": (
        {"status": "PreSubmitted", "warning": "It is not placed before 2026-12-01"},
        {"warning_text": "It is not placed before 2026-12-01"},
        "TWS says of it: It is not placed before 2026-12-01",
        {},
    ),
    "all or none": (
        {"all_or_none": 1},
        {"all_or_none": True},
        "All or none: it fills whole or not at all",
        {"order_type": "LMT · AON"},
    ),
    "a minimum": ({"min_qty": 50}, {"min_qty": 50}, "Minimum quantity 50", {"order_type": "LMT"}),
    "no minimum": ({"min_qty": ""}, {}, "", {}),
    "relative by percent": (
        {"order_type": "REL", "percent_offset": 0.02},
        {"percent_offset": 0.02},
        "Percent offset 0.02",
        {},
    ),
    "a stop triggered by the last price": (
        {"order_type": "STP", "aux": 24.0, "limit": 0.0, "trigger": 2, "status": "PreSubmitted"},
        {"trigger_method": 2},
        "Triggered by the last price",
        {"where": "Stop not triggered"},
    ),
    "a limit has no trigger": ({"trigger": 2}, {}, "", {}),
    "to be adjusted": (
        {
            "order_type": "STP",
            "aux": 24.0,
            "limit": 0.0,
            "adjusted": ["TRAIL", "25.1", "24.0", UNSET, "24.5", UNSET, "1.5", "100"],
        },
        {
            "adjusted_order_type": "TRAIL",
            "trigger_price": 25.1,
            "adjusted_stop_price": 24.5,
            "adjusted_trailing_percent": 1.5,
        },
        "Becomes an order of type TRAIL",
        {"stop_price": "24.00"},
    ),
    "a scale": (
        {"quantity": 1000, "limit": 24.52, "scale": ["100", "50", "0.05", "", "", "0.2", "0", "", "", "0"]},
        {
            "scale_init_level_size": 100,
            "scale_subs_level_size": 50,
            "scale_price_increment": 0.05,
            "scale_profit_offset": 0.2,
        },
        "Scale: levels 0.05 apart, so only the first stands at the limit",
        {"order_type": "LMT · scale", "where": "By algorithm", "to_fill": "—", "remaining": "1,000"},
    ),
    "a scale with sizes below 0": (
        {"scale": ["-5", "-2147483648", "0.05", "", "", "", "0", "", "", "0"]},
        {"scale_price_increment": 0.05},
        "Scale: levels 0.05 apart",
        {},
    ),
    "an algorithm's parameters": (
        {"algorithm": "Twap", "parameters": ["startTime", "10:00:00", "allowPastEndTime", "1"]},
        {"algo_params": "startTime 10:00:00; allowPastEndTime 1"},
        "Parameters: startTime 10:00:00; allowPastEndTime 1",
        {"order_type": "LMT · Twap"},
    ),
    "minutes": ({"tif": "Minutes", "duration": 5}, {"duration": 5}, "Good for 5 minutes", {"tif": "Minutes"}),
    "a group of an advisor": (
        {"fa_group": "Growth", "fa_method": "NetLiq", "account": ""},
        {"fa_group": "Growth", "fa_method": "NetLiq"},
        "Allocated to the group Growth",
        {},
    ),
    "a model portfolio": (
        {"model": "Income"},
        {"model_code": "Income"},
        "Of the model portfolio Income",
        {},
    ),
    "a hedge": ({"hedge": ["D", ""]}, {"hedge_type": "D"}, "Hedge of its parent by delta", {}),
    "a hedge with a parameter": (
        {"hedge": ["B", "0.5 of it"]},
        {"hedge_type": "B", "hedge_param": "0.5 of it"},
        "Hedge parameter: 0.5 of it",
        {},
    ),
    "one of a group that reduce each other": (
        {"oca_group": "OC9", "oca_type": 3},
        {"oca_type": 3},
        "OCA: a fill in part reduces the others, which may trade meanwhile",
        {"order_type": "LMT · OCA"},
    ),
    "shares from elsewhere": (
        {"short_slot": 2, "location": "ABC"},
        {"short_sale_slot": 2, "designated_location": "ABC"},
        "Short sale: the shares come from elsewhere",
        {},
    ),
    "swept, not held": (
        {"sweep": 1, "not_held": 1},
        {"sweep_to_fill": True, "not_held": True},
        "Sweep to fill: the best prices of all venues at once",
        {},
    ),
    "two conditions": (
        {"conditions": ["2", *AT_600, *BEFORE_TEN], "status": "PreSubmitted"},
        {
            "conditions": "the price of contract 756733 at SMART at or above 600"
            " and the time before 20991127 10:00:00 US/Eastern"
        },
        "Condition: the price of contract 756733 at SMART at or above 600 and the time before",
        {"where": "Waits for condition"},
    ),
    "conditions joined in an unknown way": (
        {"conditions": ["2", *CUSHION[:1], "x", *CUSHION[2:], *TRADED]},
        {"conditions": "the margin cushion at or below 30% and/or a trade of SPY (STK) at SMART"},
        "at or below 30% and/or a trade",
        {},
    ),
    "conditions of every other kind": (
        {"conditions": ["4", *CUSHION, *TRADED, *CHANGE, *VOLUME], "status": "PreSubmitted"},
        {
            "conditions": "the margin cushion at or below 30% and a trade of SPY (STK) at SMART"
            " and the change of contract 756733 at SMART at or below -2.5%"
            " or the volume of contract 756733 at SMART at or above 1000000"
        },
        "the margin cushion at or below 30%",
        {},
    ),
}


async def test_that_every_order_attribute_is_read_and_reported_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [listed(n, **attributes) for n, (attributes, *_) in enumerate(ATTRIBUTES.values(), 1)]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        table = product.orders_table
        shown, reported, printed = product.orders(), await seen.orders(), (await seen.command()).orders()
        places = {table.line(place).row.perm_id: place for place in range(len(orders))}
        for number, (name, (_terms, fields, text, cells)) in enumerate(ATTRIBUTES.items(), 1):
            assert reported[number]["attributes"] == printed[number]["attributes"] == fields, name
            assert differences(shown[number], cells) == {}, name
            assert (text or "—") in shown[number]["attributes"], name
            sentence = product.tooltip(table, "order_type", places[number])
            assert sentence.endswith(text) if not text else text in sentence, name
        assert product.monitor.links[GUN].status.warning is None


async def test_that_a_term_that_changes_is_followed() -> None:
    async with scripted(script_with(listed(1, all_or_none=1))) as product:
        await product.connect()
        assert product.orders()[1]["order_type"] == "LMT · AON"
        product.tws.answers["16"] = list(listed(1, warning="Held for review"))
        await until(lambda: product.api_orders()[1]["attributes"] == {"warning_text": "Held for review"})
        assert product.orders()[1]["order_type"] == "LMT"
        assert "TWS says of it: Held for review" in product.tooltip(product.orders_table, "where")


async def test_that_an_order_over_a_group_is_named_in_the_positions_of_each_account() -> None:
    group: dict[str, Any] = {"account": "F1000", "fa_group": "Growth", "quantity": 600}
    held = [position(400, account="U1000"), position(200, account="U2000")]
    own = listed(2, account="U1000", quantity=50)
    of = script_with(listed(1, order_id=7, **group), own, accounts="F1000,U1000,U2000", to_61=held)
    of["to_7"] = [execution(1, 60, 24.5, 1, account="U1000"), execution(1, 40, 24.5, 2, account="U2000")]
    async with scripted(of) as product:
        await product.connect()
        assert {each["working"] for each in product.positions()} == {"SELL 50 +1 ?", "+1 ?"}
        text = product.tooltip(product.positions_table, "working")
        assert "Not counted: order 7, it is allocated to several accounts" in text
        assert {p["potential_qty"] for p in product.snapshot()["positions"]} == {None}
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        product.tws.answers["16"] = list(own)
        await until(lambda: product.orders()[1]["filled"] == "100", what="what filled in its accounts")
        assert {each["working"] for each in product.positions()} == {"SELL 50", ""}


async def test_that_own_orders_that_may_not_be_displayed_are_not_subtracted_from_those_ahead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at: dict[str, Any] = {"limit": 24.62, "quantity": 400}
    orders = [listed(1, all_or_none=1, **at), listed(2, not_held=1, **at), listed(3, **at)]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        leave = product.monitor.book.depths.watch("CIM PRB")
        await until(lambda: any(c.get("sub") == "L2" for c in product.hammer.received))
        asks = [{"price": 24.6, "size": 600, "MMID": "NYSE"}, {"price": 24.62, "size": 900, "MMID": "ARCA"}]
        bids = [{"price": 24.5, "size": 300, "MMID": "NYSE"}]
        product.hammer.send("L2Update", {"sym": "CIM-B", "bids": bids, "asks": asks})
        await until(lambda: product.orders()[1]["ahead"] != "—")
        shown = {key: (cells["ahead"], cells["ahead_place"]) for key, cells in product.orders().items()}
        assert shown == {1: ("1,500", "may be hidden"), 2: ("1,500", "may be hidden"), 3: ("1,100", "")}
        (depth,) = [await seen.api.get("depth", params={"symbol": "CIM PRB"})]
        displayed = {order["key"]: order["displayed"] for order in depth.json()["orders"]}
        assert displayed == {"U1240821/1": 0, "U1240821/2": 0, "U1240821/3": 400}
        leave()
