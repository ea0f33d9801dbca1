"""Updates that cannot be read: what was known stays, and nothing that may have changed is shown as
current.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import UNSET, execution, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def unreadable(perm_id: int, **differs: Any) -> list[list[str]]:
    """Messages 5 and 3 of an order, the first without one of its fields: they are not in their places."""
    order, status = listed(perm_id, **differs)
    return [[*order[:40], *order[41:]], status]


def too_long(message: list[str]) -> list[str]:
    return [*message, ""]


async def test_that_a_known_order_that_cannot_be_read_any_more_stays_with_dashes_and_is_not_gone(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(script_with(listed(1), listed(2, limit=24.7))) as product:
        await product.connect()
        assert working(product) == "SELL 200"
        product.tws.answers["16"] = [*listed(1), *unreadable(2, limit=24.8, filled=40)]
        await until(lambda: product.orders()[2]["limit_price"] == "—")
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 3)
        cells, reported = product.orders()[2], product.api_orders()[2]
        assert (cells["status"], cells["filled"], cells["quantity"]) == ("Submitted", "40", "—")
        assert (cells["to_fill"], cells["where"], reported["qty"], reported["limit_price"]) == (
            "—",
            "",
            None,
            None,
        )
        assert working(product) == "SELL 100 +1 ?"
        assert "1 open order." in str(product.monitor.links[GUN].status.warning)
        product.tws.answers["16"] = [*listed(1), *listed(2, limit=24.8, filled=40)]
        await until(lambda: product.orders()[2]["limit_price"] == "24.80")
        assert working(product) == "SELL 160"
        await until(lambda: product.monitor.links[GUN].status.warning is None)


async def test_that_a_known_order_that_cannot_be_read_is_not_gone_behind_another_connection(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(script_with(listed(1), listed(2, limit=24.7), listed(3))) as product:
        await product.connect()
        product.tws.answers["16"] = [*listed(1), *unreadable(2, limit=24.8), *unreadable(4)]
        product.tws.close_all()
        await until(lambda: product.orders()[2]["limit_price"] == "—")
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 3)
        status = {key: cells["status"] for key, cells in product.orders().items()}
        assert status == {1: "Submitted", 2: "Submitted", 3: "Gone", 4: "Submitted"}
        assert product.orders()[2]["symbol"] == "CIM PRB"
        assert working(product) == "SELL 100 +2 ?"
        assert "2 open orders." in str(product.monitor.links[GUN].status.warning)


async def test_that_a_known_position_that_cannot_be_read_any_more_is_of_unknown_size(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(script_with()) as product:
        await product.connect()
        product.tws.send(too_long(position(300)))
        await until(lambda: product.positions()[0]["quantity"] == "—")
        assert "1 position." in str(product.monitor.links[GUN].status.warning)
        product.tws.send(position(300))
        await until(lambda: product.positions()[0]["quantity"] == "300")


@pytest.mark.parametrize("is_in_list", [True, False])
async def test_that_a_known_position_that_cannot_be_read_behind_another_connection_is_of_unknown_size(
    is_in_list: bool, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    sold, new = (position(100, con_id=n, local_symbol=f"CIM PR{n}") for n in (700000002, 700000003))
    async with scripted(script_with(to_61=[position(), sold])) as product:
        await product.connect()
        lost, unknown = too_long(position(300)), too_long(new)
        product.tws.answers["61"] = [lost, unknown] if is_in_list else [position()]
        asked = product.tws.asked(61)
        product.tws.close_all()
        await until(lambda: product.tws.asked(61) > asked)
        symbols = {"CIM PRB", "CIM PR700000003"} if is_in_list else {"CIM PRB"}
        await until(lambda: {row["symbol"] for row in product.positions()} == symbols)
        if not is_in_list:
            product.tws.send(lost)
        await until(lambda: {row["quantity"] for row in product.positions()} == {"—"})
        reported = {each["con_id"]: each["qty"] for each in product.snapshot()["positions"]}
        assert reported == ({700000001: None, 700000003: None} if is_in_list else {700000001: None})
        count = "2 positions." if is_in_list else "1 position."
        await until(lambda: count in str(product.monitor.links[GUN].status.warning))
        product.tws.send(position(300))
        await until(lambda: "300" in {row["quantity"] for row in product.positions()})


async def test_that_an_order_that_could_never_be_read_is_shown_with_what_can_be_read_of_it(
    expected_errors: ExpectedErrors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    unnumbered = unreadable(0, order_id=57, client_id=7, action="BUY", reference="A")
    of = script_with(listed(1), unreadable(2, quantity=300, filled=40), unnumbered)
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 3)
        known = ("symbol", "account", "side", "order_type", "status", "filled", "reference")
        unknown = ("quantity", "limit_price", "remaining", "to_fill")
        rows = product.orders()
        assert [rows[2][name] for name in known] == ["CIM PRB", "GUN", "SELL", "LMT", "Submitted", "40", "—"]
        assert [rows[0][name] for name in known] == ["CIM PRB", "GUN", "BUY", "LMT", "Submitted", "0", "A"]
        assert {rows[key][name] for key in (0, 2) for name in unknown} == {"—"}
        assert (rows[0]["order_id"], rows[0]["client_id"]) == ("57", "7")
        assert working(product) == "SELL 100 +2 ?"
        received = (await seen.orders())[2]
        assert (received["symbol"], received["qty"], received["limit_price"], received["remaining"]) == (
            "CIM PRB",
            None,
            None,
            None,
        )
        warning = str(product.monitor.links[GUN].status.warning)
        assert "2 open orders. The orders and positions among them stand with dashes" in warning
        product.tws.answers["16"] = [*listed(1), *listed(2, quantity=300, filled=40)]
        await until(lambda: working(product) == "SELL 360")
        assert product.orders()[0]["status"] == "Gone"
        await until(lambda: product.monitor.links[GUN].status.warning is None)


async def test_that_an_unreadable_order_without_an_action_is_a_row_with_a_dash_for_it(
    expected_errors: ExpectedErrors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    of = script_with(listed(1), unreadable(2, action=""))
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        right = {"symbol": "CIM PRB", "account": "GUN", "order_type": "LMT", "side": "—", "quantity": "—"}
        assert differences(product.orders().get(2), right) == {}
        assert working(product) == "SELL 100 +1 ?"
        received = (await seen.orders())[2]
        assert (received["side"], received["qty"], received["limit_price"]) == ("", None, None)
        assert "1 open order." in str(product.monitor.links[GUN].status.warning)


@pytest.mark.parametrize(
    ("differs", "account", "side"),
    [
        ({"account": "DAY"}, "", "SELL"),
        ({"account": "U9999999"}, "U9999999", "SELL"),
        ({"action": "LMT"}, "U1240821", ""),
    ],
)
async def test_that_an_unreadable_order_of_another_account_or_action_is_a_row_with_a_dash_for_it(
    differs: dict[str, Any],
    account: str,
    side: str,
    expected_errors: ExpectedErrors,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with all_outputs(script_with(listed(1), unreadable(2, **differs)), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        cells = {"symbol": "CIM PRB", "order_type": "LMT", "side": side or "—", "quantity": "—"}
        assert differences(product.orders().get(2), cells) == {}
        reported, printed = (await seen.orders())[2], (await seen.command()).orders()[2]
        right = {"account": account, "side": side, "qty": None, "limit_price": None}
        assert differences(reported, right) == differences(printed, right) == {}
        assert "1 open order." in str(product.monitor.links[GUN].status.warning)


@pytest.mark.parametrize(
    "differs", [{"account": "DAY", "action": "LMT"}, {"account": "DAY", "con_id": "CIM"}]
)
async def test_that_a_message_with_shifted_fields_is_no_order(
    differs: dict[str, Any], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(script_with(listed(1), unreadable(2, **differs))) as product:
        await product.connect()
        assert list(product.orders()) == [1]
        assert "1 open order." in str(product.monitor.links[GUN].status.warning)


async def test_that_several_messages_that_cannot_be_read_are_counted_in_the_plural(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(script_with(unreadable(1), unreadable(2), listed(3))) as product:
        await product.connect()
        assert "2 open orders." in str(product.monitor.links[GUN].status.warning)


def with_field(fields: list[str], place: int, text: str) -> list[str]:
    return [*fields[:place], text, *fields[place + 1 :]]


WHOLE = execution(77, 100, 24.6, client_id=3)


@pytest.mark.parametrize(
    "lost",
    [WHOLE[:-1], [*WHOLE, ""]],
    ids=["too short", "too long"],
)
async def test_that_an_execution_that_cannot_be_read_is_a_row_with_what_can(
    lost: list[str],
    expected_errors: ExpectedErrors,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with all_outputs(script_with(to_7=[lost]), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        await until(lambda: len(product.fills()) == 1, what="the execution")
        (cells,), (reported,), (line,) = product.fills(), await seen.fills(), await seen.exported()
        assert (cells["symbol"], cells["side"], cells["perm_id"]) == ("CIM PRB", "SELL", "77")
        assert (cells["quantity"], cells["price"]) == ("—", "—")
        assert (reported["qty"], reported["price"], reported["perm_id"]) == (None, None, 77)
        assert (line["Quantity"], line["Price"]) == ("", "")
        assert "1 execution." in str(product.monitor.links[GUN].status.warning)
        assert product.positions()[0]["day_pnl"] == "—"
        product.tws.answers["7"] = [WHOLE]
        product.tws.send(position(300))
        await until(lambda: product.monitor.links[GUN].status.warning is None)
        await until(lambda: [row["quantity"] for row in product.fills()] == ["100"])
        product.tws.answers["7"] = [lost]
        for count in (400, 500):
            asked = product.tws.asked(7)
            product.tws.send(position(count))
            await until(lambda asked=asked: product.tws.asked(7) > asked)  # type: ignore[misc]
        assert [row["quantity"] for row in product.fills()] == ["100"]
        assert "anew under the same id" not in "".join(product.monitor.fills.state(GUN).gaps)


async def test_that_an_execution_of_nobodys_account_is_counted_and_one_of_no_side_has_a_dash_for_it(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    lost = [with_field(WHOLE[:-1], place, "x") for place in (16, 18)]
    async with scripted(script_with(to_7=[*lost, execution(78, 50, 24.6, 2)])) as product:
        await product.connect()
        await until(lambda: len(product.fills()) == 2, what="the executions")
        assert {row["perm_id"]: row["side"] for row in product.fills()} == {"77": "—", "78": "SELL"}
        named = "2 executions (0000e0d5.67fe66.01.01 of CIM PRB)."
        await until(lambda: named in str(product.monitor.links[GUN].status.warning))


@pytest.mark.parametrize(
    ("differs", "text", "unread"),
    [
        ({"limit": "24,9"}, "The limit that TWS reports cannot be read", ["limit"]),
        ({"limit": "market", "aux": "x"}, "The limit and the stop that TWS reports cannot be read", None),
        ({"limit": ""}, "No limit reported", []),
        ({"limit": UNSET}, "No limit reported", []),
    ],
)
async def test_that_a_limit_that_is_no_number_was_reported_and_cannot_be_read(
    differs: dict[str, Any],
    text: str,
    unread: list[str] | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with all_outputs(script_with(listed(1, **differs)), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        assert product.orders()[1]["limit_price"] == "—"
        assert product.tooltip(product.orders_table, "limit_price") == text
        right = ["limit", "stop"] if unread is None else unread
        assert (await seen.orders())[1]["unread"] == right
        assert product.api_orders()[1]["unread"] == right


async def test_that_an_unreadable_order_is_not_reported_to_have_no_limit(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(script_with(unreadable(4))) as product:
        await product.connect()
        text = product.tooltip(product.orders_table, "limit_price")
        assert text == "The limit and the stop that TWS reports cannot be read"


SECONDARY: dict[str, tuple[str, dict[str, Any]]] = {
    "outside_hours": ("outside_rth", {"outside_rth": None}),
    "hidden": ("hidden", {"hidden": None}),
    "display_size": ("display_size", {"display_size": None}),
    "discretion": ("discretionary_amt", {"discretionary_amt": None}),
    "trailing_percent": ("trailing_percent", {"trailing_percent": None}),
    "cash": ("cash_qty", {"cash_qty": None}),
    "all_or_none": ("all_or_none", {"attributes": {}}),
    "min_qty": ("min_qty", {"attributes": {}}),
    "oca_type": ("oca_type", {"attributes": {}}),
    "trigger": ("trigger_method", {"attributes": {}}),
    "duration": ("duration", {"attributes": {}}),
}


async def test_that_a_secondary_term_that_is_no_number_is_named_and_costs_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junk = {"strike": "x1"}
    orders = [listed(n, limit=24.7, **junk, **{field: "x1"}) for n, field in enumerate(SECONDARY, 1)]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        shown, reported, printed = product.orders(), await seen.orders(), (await seen.command()).orders()
        table = product.orders_table
        places = {table.line(place).row.perm_id: place for place in range(len(orders))}
        for number, (field, (name, fields)) in enumerate(SECONDARY.items(), 1):
            right = {"unread": [name], "limit_price": 24.7, "qty": 100, **fields}
            assert differences(reported[number], right) == {}, field
            assert differences(printed[number], right) == {}, field
            cells = {
                "order_type": "LMT · ?",
                "limit_price": "24.70",
                "quantity": "100",
                "status": "Submitted",
            }
            assert differences(shown[number], cells) == {}, field
            sentence = f"TWS reports terms that cannot be read: {name.replace('_', ' ')}"
            assert sentence in product.tooltip(table, "order_type", places[number]), field
            assert product.tooltip(table, "limit_price", places[number]).startswith("Limit 24.70"), field
        assert {key for key, cells in shown.items() if cells["to_fill"] == "—"} == {4}
        assert working(product) == f"SELL {100 * len(orders):,}"
        assert product.monitor.links[GUN].status.warning is None


JUNK = ["nan", "inf", "-Infinity", "1_000", "0x10", "\\uff11\\uff12", "1,000"]


@pytest.mark.parametrize("junk", JUNK)
async def test_that_a_text_that_python_reads_as_a_number_and_tws_never_writes_is_named_and_no_figure(
    junk: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [
        listed(1, limit=junk),
        listed(2, quantity=junk, limit=24.7),
        listed(3, discretion=junk, limit=24.7),
        listed(4, display_size=junk, limit=24.7),
        listed(5, limit=24.7),
    ]
    orders[4][1][3] = junk
    cost = ["59", "1", WHOLE[14], junk, "USD", UNSET, "0"]
    of = script_with(
        *orders,
        to_61=[position(junk), position(100, junk, con_id=2, symbol="MS", local_symbol="MS PRK")],
        to_7=[with_field(with_field(WHOLE, 19, junk), 21, "77"), cost],
    )
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        await until(lambda: len(product.fills()) == 1)
        shown, reported = product.orders(), await seen.orders()
        assert [shown[1]["limit_price"], shown[2]["quantity"], shown[5]["filled"]] == ["—"] * 3
        unread = {number: order["unread"] for number, order in reported.items()}
        named = [["limit"], ["total_quantity"], ["discretionary_amt"], ["display_size"], []]
        assert unread == dict(enumerate(named, 1))
        sentence = "TWS reports terms that cannot be read: total quantity"
        place = list(product.orders()).index(2)
        assert sentence in product.tooltip(product.orders_table, "order_type", place)
        held = {cells["symbol"]: cells for cells in product.positions()}
        assert (held["CIM PRB"]["quantity"], held["MS PRK"]["average_price"]) == ("—", "—")
        (fill,) = await seen.fills()
        assert (fill["qty"], fill["commission"]) == (None, None)
        await until(lambda: "commission of" in str(product.monitor.links[GUN].status.warning))
        warning = str(product.monitor.links[GUN].status.warning)
        assert "figures of positions (average cost of MS PRK, quantity of CIM PRB)" in warning
        assert "1 figure of an execution (shares of 0000e0d5.67fe66.01.01)" in warning
        assert "order statuses (filled of order 5, remaining of order 2)" in warning
