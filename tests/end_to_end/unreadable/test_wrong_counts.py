"""Orders with a count that does not fit what is counted: nothing is taken for a term that is none."""

from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.support.all_outputs import all_outputs, differences
from tests.support.tws_messages import open_order, order_status

pytestmark = pytest.mark.usefixtures("qapp")

PRICE = ("1", "a", "1", "24.5", "756733", "SMART", "0")
LEGS = [(str(con_id), "1", side, "SMART", "0", "0", "", "-1") for con_id, side in [(12, "BUY"), (13, "SELL")]]
SCALE = ("50", "10", "0.05", "0.01", "60", "0.10", "1", "0", "0", "0")


def counting(wrong: str, place: int, **terms: Any) -> list[str]:
    """An order with this count in the place of the one that fits."""
    fields = open_order(1, limit=24.7, **terms)
    return [*fields[:place], wrong, *fields[place + 1 :]]


def with_legs(wrong: str) -> list[str]:
    fields = open_order(1, limit=24.7, sec_type="BAG", con_id=28812380, symbol="CIM")
    return [*fields[:79], wrong, *chain(*LEGS), *fields[80:]]


TWAP: dict[str, Any] = {"algorithm": "Twap", "parameters": ("a", "x", "b", "y")}
WRONG_COUNTS = {
    "no conditions": (counting("0", 111, conditions=("2", *PRICE, *PRICE)), "conditions"),
    "a condition of two": (counting("1", 111, conditions=("2", *PRICE, *PRICE)), "conditions"),
    "a condition of none": (counting("1", 111), "conditions"),
    "no parameters": (counting("0", 92, **TWAP), "algo_strategy"),
    "a parameter of two": (counting("1", 92, **TWAP), "algo_strategy"),
    "three parameters of two": (counting("3", 92, **TWAP), "algo_strategy"),
    "parameters to the end": (counting("19", 92, **TWAP), "algo_strategy"),
    "no legs": (with_legs("0"), "combo_legs"),
    "a leg of two": (with_legs("1"), "combo_legs"),
    "three legs of two": (with_legs("3"), "combo_legs"),
    "routing": (counting("1", 81), "combo_legs"),
    "much routing": (counting("10", 81), "smart_combo_routing_params"),
    "a scale without increment": (counting("", 84, scale=SCALE), "combo_legs"),
    "an increment without scale": (counting("0.05", 84), "combo_legs"),
    "a hedge without parameter": (counting("P", 85), "hedge_type"),
    "a parameter without hedge": (counting("", 85, hedge=("P", "2")), "clearing_intent"),
}


async def test_that_nothing_behind_a_count_that_does_not_fit_is_shown_as_a_term(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [
        [[*fields[:25], str(number), *fields[26:]], order_status(number)]
        for number, (fields, _) in enumerate(WRONG_COUNTS.values(), 1)
    ]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        await seen.product.connect()
        shown, reported, printed = seen.product.orders(), await seen.orders(), (await seen.command()).orders()
        known = {"limit_price": 24.7, "qty": 100, "status": "Submitted", "legs": ""}
        none = {"cash_qty": None, "algorithm": lambda name: name in ("", None)}
        for number, (name, (_, first)) in enumerate(WRONG_COUNTS.items(), 1):
            right = {**known, **none, "attributes": {}}
            assert differences(reported[number], right) == differences(printed[number], right) == {}, name
            assert first in reported[number]["unread"], name
            assert (shown[number]["limit_price"], shown[number]["quantity"]) == ("24.70", "100"), name
            assert "· ?" in shown[number]["order_type"], name
