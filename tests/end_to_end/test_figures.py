"""Figures that are impossible or unreadable: unknown wherever they appear, and nothing is lost with them."""

from pathlib import Path
from typing import Any

import pytest
from ib_insync import Contract

from psf_monitor.domain.valuation import MarkRule
from psf_monitor.ibkr import parsing
from tests.conftest import ExpectedErrors
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import execution, listed, open_order, order_status, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}
NONE = "—"


WRITTEN = ["1_000", "1,000", "four hundred", "nan", "-inf", "1e400", "-2147483648", "-9223372036854775808"]


async def test_that_a_quantity_that_is_no_number_is_unknown_and_every_row_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = [position(text, con_id=place) for place, text in enumerate(WRITTEN, 1)]
    async with all_outputs({"to_61": held, "hammer": HAMMER}, tmp_path, capsys) as seen:
        await seen.product.connect()
        shown = [(row["quantity"], row["market_value"]) for row in seen.product.positions()]
        assert shown == [(NONE, NONE)] * len(WRITTEN)
        reported = await seen.positions()
        assert {con_id: record["qty"] for con_id, record in reported.items()} == dict.fromkeys(
            range(1, len(WRITTEN) + 1)
        )
        warning = str(seen.product.monitor.links[GUN].status.warning)
        assert "5 figures of positions (quantity of CIM PRB)." in warning


async def test_that_a_negative_cost_of_a_share_is_unknown_and_makes_no_profit() -> None:
    others = (-300, -24.1, "MS PRK"), (100, "24,1", "T PRA")
    held = [position(400, -24.1)]
    held += [position(*figures, con_id=n, local_symbol=name) for n, (*figures, name) in enumerate(others, 2)]
    quotes = dict.fromkeys(("CIM-B", "MS-K", "T-A"), HAMMER["CIM-B"])
    async with scripted({"to_61": held, "hammer": quotes}) as product:
        await product.connect()
        for row in product.positions():
            assert (row["average_price"], row["unrealized_pnl"], row["pnl_pct"]) == (NONE, NONE, NONE)
        reported = product.snapshot()["positions"]
        assert {(record["avg_price"], record["unrealized_pnl"]) for record in reported} == {(None, None)}
        strip = product.monitor.book.strip(GUN)
        assert strip.unrealized_pnl is None
        assert strip.market_value == pytest.approx(200 * 24.55)


def test_that_a_future_may_cost_less_than_nothing() -> None:
    assert parsing.price(Contract(secType="FUT"), -37630.0) == -37630.0
    assert parsing.price(Contract(secType="STK"), -37630.0) is None


ORDERS: dict[str, tuple[list[list[str]], dict[str, str], dict[str, Any]]] = {
    "a limit below 0 on a share": (
        listed(1, limit=-24.9),
        {"limit_price": NONE, "where": "", "to_fill": NONE},
        {"limit_price": None, "near_fill": False},
    ),
    "a stop below 0 on a share": (
        listed(2, order_type="STP", limit=0, aux=-1, status="PreSubmitted"),
        {"stop_price": NONE, "where": "Stop not triggered"},
        {"stop_price": None},
    ),
    "a limit that cannot be read": (
        listed(3, limit="24,90"),
        {"limit_price": NONE, "quantity": "100", "where": ""},
        {"limit_price": None, "qty": 100.0},
    ),
    "a quantity that cannot be read": (
        [open_order(4, quantity="a hundred"), order_status(4)],
        {"limit_price": "24.90", "quantity": NONE, "remaining": NONE},
        {"limit_price": 24.9, "qty": None, "remaining": None},
    ),
    "discretion below nothing": (
        listed(5, limit=24.58, discretion=-0.05),
        {"to_fill": "0.08"},
        {"near_fill": False},
    ),
    "filled below nothing": (
        [open_order(6), order_status(6, filled=-5, remaining=100)],
        {"filled": NONE, "remaining": "100"},
        {"filled": None, "remaining": 100.0},
    ),
    "a count that cannot be read": (
        [open_order(7), order_status(7, filled="none", remaining="1.2.3")],
        {"status": "Submitted", "filled": NONE, "remaining": NONE},
        {"filled": None, "remaining": None},
    ),
    "fewer than nothing ordered": (
        listed(8, quantity=-100),
        {"quantity": NONE, "remaining": NONE},
        {"qty": None, "remaining": None},
    ),
    "less than nothing to spend": (listed(9, quantity=0, cash=-500), {"quantity": NONE}, {"qty": None}),
}


async def test_that_a_figure_of_an_order_that_cannot_be_true_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = [message for reported, _cells, _fields in ORDERS.values() for message in reported]
    of = {"to_61": [position()], "to_16": messages, "hammer": HAMMER}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        shown, reported = seen.product.orders(), await seen.orders()
        for number, (name, (_messages, cells, fields)) in enumerate(ORDERS.items(), 1):
            assert differences(shown[number], cells) == {}, name
            assert differences(reported[number], fields) == {}, name
        warning = str(seen.product.monitor.links[GUN].status.warning)
        assert "2 figures of order statuses (filled of order 7, remaining of order 7)." in warning


@pytest.mark.parametrize(
    ("filled", "remaining", "why"),
    [
        (0, 105, "more is said to remain of it than was ordered"),
        (0, 0, "nothing is said to remain of it, though not all of it has filled"),
        (40, 0, "nothing is said to remain of it, though not all of it has filled"),
    ],
)
async def test_that_what_cannot_remain_is_in_no_sum(filled: int, remaining: int, why: str) -> None:
    order = [open_order(1, order_id=7), order_status(1, filled=filled, remaining=remaining, order_id=7)]
    async with scripted({"to_61": [position()], "to_16": order, "hammer": HAMMER}) as product:
        await product.connect()
        assert product.positions()[0]["working"] == "+1 ?"
        text = product.tooltip(product.positions_table, "working")
        assert f"Not counted: order 7, {why}" in text
        (position_row,) = product.snapshot()["positions"]
        assert position_row["working_uncounted"] == 1


async def test_that_nothing_remains_of_what_has_filled_before_its_status_says_so() -> None:
    order = [open_order(1, order_id=7), order_status(1, filled=100, remaining=0, order_id=7)]
    async with scripted({"to_61": [position()], "to_16": order, "hammer": HAMMER}) as product:
        await product.connect()
        assert product.positions()[0]["working"] == ""
        assert product.snapshot()["positions"][0]["working_uncounted"] == 0


EXECUTIONS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, str]]] = {
    "fewer than no shares": ({"shares": -100, "price": 24.5}, {"qty": None, "price": 24.5}, {"Quantity": ""}),
    "shares that cannot be read": ({"shares": "?", "price": 24.5}, {"qty": None}, {"Quantity": ""}),
    "a price below 0": ({"shares": 100, "price": -24.5}, {"qty": 100.0, "price": None}, {"Price": ""}),
    "a price that cannot be read": ({"shares": 100, "price": "24,5"}, {"price": None}, {"Price": ""}),
    "a sum of the order that cannot be read": (
        {"shares": 100, "price": 24.5, "filled": "?"},
        {"qty": 100.0, "price": 24.5},
        {"Quantity": "100"},
    ),
}


async def test_that_a_figure_of_an_execution_that_cannot_be_true_is_unknown_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages = [
        execution(perm_id, number=1, execution_id=f"0000e0d5.{perm_id}.01", **reported)
        for perm_id, (reported, _fields, _exported) in enumerate(EXECUTIONS.values(), 1)
    ]
    of = {"to_61": [position()], "to_16": [], "to_7": messages, "hammer": HAMMER}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: len(seen.product.fills()) == len(messages), what="the executions")
        reported = {fill["perm_id"]: fill for fill in await seen.fills()}
        exported = {int(row["Perm ID"]): row for row in await seen.exported()}
        for perm_id, (name, (_reported, fields, cells)) in enumerate(EXECUTIONS.items(), 1):
            assert differences(reported[perm_id], fields) == {}, name
            assert differences(exported[perm_id], cells) == {}, name
        assert "5 figures of executions (" in str(seen.product.monitor.links[GUN].status.warning)


async def test_that_an_execution_that_cannot_be_read_is_counted_once_however_often_it_is_listed(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    bad = [*execution(9, 100, 24.5), "one field too many"]
    async with scripted({"to_61": [position()], "to_16": [], "to_7": [bad], "hammer": HAMMER}) as product:
        await product.connect()
        link = product.monitor.links[GUN]
        await until(lambda: product.tws.asked(7) >= 1 and link.status.warning is not None)
        for count in range(300, 304):
            asked = product.tws.asked(7)
            product.tws.send(position(count))
            await until(lambda asked=asked: product.tws.asked(7) > asked)  # type: ignore[misc]
        assert "missing here: 1 execution." in str(link.status.warning)
        product.tws.answers["7"] = [execution(9, 100, 24.5)]
        product.tws.send(position(400))
        await until(lambda: link.status.warning is None)


async def test_that_in_a_crossed_market_no_order_has_a_distance_or_is_near_fill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = [*listed(1, action="BUY", limit=24.58), *listed(2, action="SELL", limit=24.52)]
    of = {"to_61": [position()], "to_16": both, "hammer": {"CIM-B": [24.6, 24.5, 24.55, 24.4]}}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        cells = {"bid": "24.60", "ask": "24.50", "to_touch": NONE, "to_fill": NONE, "where": "Market crossed"}
        for shown in seen.product.orders().values():
            assert differences(shown, cells) == {}
        why = "bid above ask, nothing to measure a distance from"
        assert seen.product.tooltip(seen.product.orders_table, "to_fill") == f"No distance: {why}"
        record = {"near_fill": False, "no_price": why, "quote_state": "LIVE"}
        for reported in (await seen.orders()).values():
            assert differences(reported, record) == {}


async def test_that_a_stub_quote_is_shown_and_values_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stubs = {
        "CIM-B": ([0.01, 199_999.99, None, 24.4], "bid and ask too far apart for a price between them"),
        "CIM-C": ([None, 199_999.99, None, 24.4], "only a bid or ask, far from the previous close"),
    }
    names = {name: name.replace("-", " PR") for name in stubs}
    held = [position(con_id=n, local_symbol=name) for n, name in enumerate(names.values(), 1)]
    of = {"to_61": held, "hammer": {name: quote for name, (quote, _) in stubs.items()}}
    async with all_outputs(of, tmp_path, capsys, has_window=True) as seen:
        await seen.product.connect()
        for rule in MarkRule:
            seen.product.window.menus.mark_chosen.emit(rule)
            assert seen.product.monitor.book.rules.mark is rule
            reported = {each["symbol"]: each for each in (await seen.positions()).values()}
            shown = {row["symbol"]: (n, row) for n, row in enumerate(seen.product.positions())}
            for name, (_, begins) in stubs.items():
                why = f"{begins}, and no last to value it at"
                place, cells = shown[names[name]]
                none = dict.fromkeys(("mid", "mark", "market_value", "unrealized_pnl", "day_pnl"), NONE)
                assert differences(cells, {**none, "ask": "199,999.99"}) == {}
                reason = seen.product.tooltip(seen.product.positions_table, "mark", place)
                assert reason == f"Not valued: {why}"
                record = {"current_price": None, "ask": 199_999.99, "market_value": None, "no_price": why}
                assert differences(reported[names[name]], record) == {}
            assert seen.product.monitor.book.strip(GUN).market_value is None


# What a contract is called, and whether it is one or two.


async def test_that_contracts_without_an_id_are_as_many_as_their_listings() -> None:
    both = [position(400, con_id=0), position(100, con_id=0, exchange="LSE")]
    async with scripted({"to_61": both, "hammer": HAMMER}) as product:
        await product.connect()
        fields = {
            p["key"]: (p["qty"], p["market_value"], p["no_price"]) for p in product.snapshot()["positions"]
        }
        assert fields == {
            "U1240821/CIM PRB NYSE": (400.0, 400 * 24.55, None),
            "U1240821/CIM PRB LSE": (
                100.0,
                None,
                "listed at LSE, not at a US market: HAMMER is not asked",
            ),
        }
        assert sorted(row["quantity"] for row in product.positions()) == ["100", "400"]


async def test_that_an_order_without_an_id_of_its_contract_is_priced_by_its_own_listing() -> None:
    held = [position(400, con_id=0), position(100, con_id=0, symbol="GS", local_symbol="GS PRA")]
    abroad = listed(1, con_id=0, exchange="LSE", limit=24.58)
    async with scripted({"to_61": held, "to_16": abroad, "hammer": HAMMER}) as product:
        await product.connect()
        order = product.api_orders()[1]
        assert order["no_price"] == "listed at LSE, not at a US market: HAMMER is not asked"
        assert (product.orders()[1]["bid"], order["near_fill"]) == (NONE, False)


async def test_that_models_of_two_contracts_without_an_id_are_not_added_up() -> None:
    reported = [
        ["71", "1", "{req}", *position(quantity, 24.0, con_id=0, **name)[2:], model]
        for model, quantity, name in (
            ("Income", 400, {}),
            ("Growth", 100, {"symbol": "GS", "local_symbol": "GS PRA"}),
        )
    ]
    many = ",".join(f"U12408{n}" for n in range(21, 81))
    script = {"accounts": many, "account_id": "U1240821", "to_74": reported, "hammer": HAMMER}
    async with scripted(script) as product:
        await product.connect()
        assert {row["symbol"]: row["quantity"] for row in product.positions()} == {
            "CIM PRB": "400",
            "GS PRA": "100",
        }


async def test_that_a_contract_without_a_currency_is_marked() -> None:
    bare = position()
    bare[11] = ""
    async with scripted({"to_61": [bare], "hammer": HAMMER}) as product:
        await product.connect()
        (reported,) = product.snapshot()["positions"]
        assert reported["no_price"] == "TWS does not say in which currency, HAMMER is not asked"


async def test_that_a_contract_without_a_name_is_called_by_its_id_and_not_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nameless = position(symbol=" ", local_symbol="")
    order = listed(1, symbol="", local_symbol="")
    fill = execution(9, 100, 24.5, symbol="", local_symbol="")
    of = {"to_61": [nameless], "to_16": order, "to_7": [fill], "hammer": HAMMER}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: bool(seen.product.fills()), what="the execution")
        shown = {row["symbol"] for row in (*seen.product.positions(), *seen.product.orders().values())}
        assert shown | {row["symbol"] for row in seen.product.fills()} == {"contract 700000001"}
        record = (await seen.positions())[700000001]
        assert record["no_price"] == "TWS does not say what it is called, HAMMER is not asked"
        assert seen.product.hammer.asked_for == frozenset()


async def test_that_spaces_that_fill_up_a_name_are_no_part_of_it() -> None:
    async with scripted({"to_61": [position(local_symbol="CIM  PRB ")], "hammer": HAMMER}) as product:
        await product.connect()
        (held,) = product.positions()
        assert (held["symbol"], held["last"]) == ("CIM PRB", "24.55")


async def test_that_account_values_in_two_currencies_are_unknown_and_reported() -> None:
    account = "U1240821"
    rows = [(account, "NetLiquidation", "250000", "USD"), (account, "NetLiquidation", "230000", "EUR")]
    async with scripted({"to_61": [position()], "to_62": rows, "hammer": HAMMER}) as product:
        await product.connect()
        strip = product.monitor.book.strip(GUN)
        assert (strip.net_liquidation, strip.currency) == (None, None)
        (reported,) = product.snapshot()["summaries"]
        assert (reported["net_liquidation"], reported["currency"]) == (None, None)
        assert "in several currencies" in str(product.monitor.book.account_state(GUN).problem)


async def test_that_an_execution_in_the_years_to_come_is_at_no_known_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_come = execution(9, 100, 24.5, time="20280918 09:15:30 US/Eastern")
    of = {"to_61": [position()], "to_16": [], "to_7": [to_come], "hammer": HAMMER}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: bool(seen.product.fills()), what="the execution")
        (fill,) = await seen.fills()
        assert (fill["timestamp"], fill["trade_date"]) == (None, None)
        assert fill["time_as_reported"] == "20280918 09:15:30 US/Eastern"
        assert seen.product.fills()[0]["at"] == NONE
        (row,) = await seen.exported()
        assert (row["Trade date"], row["Note"]) == (
            "",
            "no time that can be read: 20280918 09:15:30 US/Eastern",
        )
