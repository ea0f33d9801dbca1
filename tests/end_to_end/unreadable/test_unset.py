"""Terms of an order and of its contract that TWS marks as not set, in whatever way it writes that."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import (
    UNSET,
    UNSET_INT,
    execution,
    listed,
    open_order,
    order_status,
    position,
)
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

UNSET_LONG = "9223372036854775807"
MARKERS = ["", " ", UNSET, UNSET_INT, UNSET_LONG, "-2147483648"]
FLAGS = ["outside_hours", "hidden", "block", "sweep", "all_or_none", "not_held", "what_if"]
NUMBERS = ["display_size", "short_slot", "min_qty", "duration", "parent_id", "trigger", "client_id"]

CLIENT: dict[str, Any] = {"client_id": 3}


@pytest.mark.parametrize("marker", MARKERS)
async def test_that_a_term_that_is_not_set_is_none_however_tws_marks_it(
    marker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terms: dict[str, Any] = {"order_type": "STP LMT", "aux": 24.6}
    fields = [*FLAGS, *NUMBERS, "good_after"]
    orders = [listed(n, **terms, **{**CLIENT, field: marker}) for n, field in enumerate(fields, 2)]
    async with all_outputs(script_with(listed(1, client_id=3, **terms), *orders), tmp_path, capsys) as seen:
        await seen.product.connect()
        shown, reported, printed = seen.product.orders(), await seen.orders(), (await seen.command()).orders()
        same = (
            "outside_rth",
            "hidden",
            "display_size",
            "parent_id",
            "waits_for",
            "attributes",
            "unread",
            "qty",
        )
        right = {name: reported[1][name] for name in same}
        cells = {name: shown[1][name] for name in ("order_type", "tif", "quantity", "to_fill", "where")}
        for number, field in enumerate(fields, 2):
            assert differences(reported[number], right) == differences(printed[number], right) == {}, field
            assert differences(shown[number], cells) == {}, field
        assert shown[2 + fields.index("client_id")]["client_id"] == "—"
        assert seen.product.monitor.links[GUN].status.warning is None


@pytest.mark.parametrize("junk", ["2", "-1"])
async def test_that_a_number_that_is_no_flag_is_named_and_hides_no_order(junk: str) -> None:
    orders = [listed(n, **{field: junk}) for n, field in enumerate(FLAGS, 1)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        names = {"outside_hours": "outside_rth", "block": "block_order", "sweep": "sweep_to_fill"}
        reported, shown = product.api_orders(), product.orders()
        for number, field in enumerate(FLAGS, 1):
            order = reported[number]
            assert order["unread"] == [names.get(field, field)]
            assert (order["limit_price"], order["attributes"]) == (24.9, {})
            assert "· ?" in shown[number]["order_type"]


@pytest.mark.parametrize("marker", [UNSET_INT, UNSET_LONG, "-1"])
async def test_that_a_contract_whose_id_is_not_set_is_known_by_its_name(
    marker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = position(con_id=marker, local_symbol="MS PRK")
    fill = execution(7, 100, 24.5, con_id=marker, liquidation=UNSET_INT)
    of = script_with(listed(1, con_id=marker), to_61=[position(), other], to_7=[fill])
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        held = {each["symbol"]: each for each in product.snapshot()["positions"]}
        assert (held["MS PRK"]["con_id"], held["MS PRK"]["key"]) == (None, "U1240821/MS PRK NYSE")
        assert product.api_orders()[1]["con_id"] == 700000001
        await until(lambda: len(product.fills()) == 1, what="the execution")
        (reported,) = await seen.fills()
        assert (reported["con_id"], reported["liquidation"]) == (700000001, False)


CONDITIONS = {
    "direction": ("1", "a", None, "24.5", "756733", "SMART", "0"),
    "price": ("1", "a", "1", None, "756733", "SMART", "0"),
    "contract": ("1", "a", "1", "24.5", None, "SMART", "0"),
    "exchange": ("6", "a", "1", "1000", "756733", None),
    "volume": ("6", "a", "1", None, "756733", "SMART"),
    "change": ("7", "a", "1", None, "756733", "SMART"),
    "cushion": ("4", "a", "0", None),
    "time": ("3", "a", "1", None),
    "share": ("5", "a", "STK", "SMART", None),
}


@pytest.mark.parametrize("marker", MARKERS)
async def test_that_a_condition_that_lacks_a_part_has_no_number_or_direction_made_up(marker: str) -> None:
    orders = [
        listed(n, conditions=("1", *(marker if part is None else part for part in parts)))
        for n, parts in enumerate(CONDITIONS.values(), 1)
    ]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        reported = product.api_orders()
        for number, name in enumerate(CONDITIONS, 1):
            right = {
                "unread": ["conditions"],
                "attributes": {"conditions": "a condition that cannot be read"},
            }
            assert differences(reported[number], right) == {}, name


@pytest.mark.parametrize("marker", MARKERS)
async def test_that_a_leg_that_lacks_a_part_has_a_question_mark_there(marker: str) -> None:
    leg, other = (
        ["12", "1", "BUY", "SMART", "0", "0", "", "-1"],
        ["13", "2", "SELL", "SMART", "0", "0", "", "-1"],
    )
    legs = {"? of 12": [leg[0], marker, *leg[2:]], "1 of ?": [marker, *leg[1:]]}
    orders = []
    for number, lacking in enumerate(legs.values(), 1):
        fields = open_order(number, sec_type="BAG", con_id=28812380, symbol="CIM")
        orders.append([[*fields[:79], "2", *lacking, *other, *fields[80:]], order_status(number)])
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        reported = product.api_orders()
        for number, text in enumerate(legs, 1):
            assert differences(reported[number], {"legs": f"BUY {text}, SELL 2 of 13"}) == {}


@pytest.mark.parametrize("marker", [*MARKERS, "1e20", "10.0", "x"])
async def test_that_an_order_keeps_its_terms_whatever_its_delta_neutral_contract_is(marker: str) -> None:
    fields = open_order(1, limit=24.7, algorithm="Twap")
    fields[90:91] = ["1", marker, marker, marker]
    async with scripted(script_with([fields, order_status(1)])) as product:
        await product.connect()
        right = {"limit_price": 24.7, "qty": 100, "algorithm": "Twap", "attributes": {}, "unread": []}
        assert differences(product.api_orders()[1], right) == {}


@pytest.mark.parametrize("marker", MARKERS)
async def test_that_a_text_that_is_not_set_is_no_term(marker: str) -> None:
    adjusted = (marker, *[UNSET] * 6, "0")
    orders = [
        listed(1, location=marker),
        listed(2, hedge=("P", marker)),
        listed(3, model=marker),
        listed(4, fa_group=marker),
    ]
    async with scripted(
        script_with(*orders, listed(5, adjusted=adjusted) if not marker.strip() else [])
    ) as product:
        await product.connect()
        reported = product.api_orders()
        assert reported[2]["attributes"] == {"hedge_type": "P"}
        assert [reported[n].get("attributes") for n in reported if n != 2] == [{}] * (len(reported) - 1)


async def test_that_a_stop_that_is_set_in_one_of_its_places_is_shown() -> None:
    fields = open_order(1, order_type="TRAIL", limit="0.0", aux=0.3, trail_stop=24.6)
    orders = [[*fields[:114], unset, *fields[115:]] for unset in ("", UNSET)]
    script = script_with(*([[*f[:25], str(n), *f[26:]], order_status(n)] for n, f in enumerate(orders, 1)))
    async with scripted(script) as product:
        await product.connect()
        assert [order["stop_price"] for order in product.api_orders().values()] == [24.6, 24.6]
