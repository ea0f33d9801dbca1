"""Which order is which: ids that are shared, missing, or of models and other programs."""

from pathlib import Path
from typing import Any

import pytest

from psf_monitor.api import snapshot_records
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN, PED
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import execution, listed, order_status, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def listed_again(product: ScriptedProduct) -> None:
    """Wait until TWS has listed the orders several times more."""
    asked = product.tws.asked(16)
    await until(lambda: product.tws.asked(16) > asked + 2)


# Identity.


async def test_that_orders_of_model_portfolios_are_as_many_rows() -> None:
    models = (listed(901, model="Income", quantity=100), listed(902, model="Growth", quantity=300))
    async with scripted(script_with(*models, listed(903, quantity=50))) as product:
        await product.connect()
        quantities = {key: cells["quantity"] for key, cells in product.orders().items()}
        assert quantities == {901: "100", 902: "300", 903: "50"}
        assert working(product) == "SELL 450"
        assert sum(order["remaining"] for order in product.snapshot()["orders"]) == 450


async def test_that_orders_that_share_client_and_order_id_are_as_many_rows() -> None:
    async with scripted(script("duplicate_order_ids")) as product:
        await product.connect()
        assert {key: cells["limit_price"] for key, cells in product.orders().items()} == {
            1111111: "24.90",
            2222222: "24.70",
        }
        assert working(product) == "SELL 800"
        assert sum(order["remaining"] for order in product.snapshot()["orders"]) == 800
        product.tws.send(order_status(1111111, "Cancelled", 0, 0, order_id=57, client_id=7))
        product.tws.answers["16"] = product.tws.answers["16"][2:]
        await until(lambda: product.orders()[1111111]["status"] == "Cancelled")
        assert product.orders()[2222222]["status"] == "Submitted"
        assert product.api_orders()[2222222]["status"] == "Submitted"
        assert working(product) == "SELL 400"


NAMELESS: dict[str, Any] = {"order_id": 4, "client_id": 1, "account": ""}


@pytest.mark.parametrize(
    ("perm_id", "ids"),
    [(0, {"order_id": 0, "client_id": 0}), (0, {"order_id": 4, "client_id": 1}), (77, {}), (0, NAMELESS)],
)
async def test_that_orders_of_two_logins_that_share_their_ids_are_two(
    perm_id: int, ids: dict[str, Any]
) -> None:
    def login(account: str, limit: float) -> dict[str, Any]:
        held = position(400, account=account)
        return {
            "accounts": account,
            "to_61": [held],
            "to_16": listed(perm_id, limit=limit, **{"account": account, **ids}),
            "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
        }

    async with scripted(login("U1240821", 24.7), ped=login("U7654321", 24.8)) as product:
        await product.connect()
        product.monitor.links[PED].connect()
        await until(lambda: len(product.monitor.book.position_rows()) == 2)
        book = product.monitor.book
        await until(lambda: book.account_state(PED).orders_checked_at is not None)
        assert sorted((row.mode, row.limit_price) for row in book.order_rows()) == [(GUN, 24.7), (PED, 24.8)]
        works = "+1 ?" if ids is NAMELESS else "SELL 100"
        assert [row["working"] for row in product.positions()] == [works, works]
        orders = snapshot_records.snapshot(book, product.monitor.links, (GUN, PED)).orders
        assert sorted((order.account_type, order.limit_price) for order in orders) == [
            (GUN, 24.7),
            (PED, 24.8),
        ]
        assert len({order.key for order in orders}) == 2


async def test_that_a_fill_of_one_of_three_orders_with_one_id_is_its_own() -> None:
    orders = [listed(n, order_id=3, client_id=1, quantity=100 * n) for n in (1, 2, 3)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        reported = order_status(2, "Submitted", 50, 150, order_id=3, client_id=1)
        product.tws.answers["16"][3] = reported
        product.tws.send(reported)
        await until(lambda: product.orders()[2]["filled"] == "50")
        assert [product.orders()[n]["filled"] for n in (1, 3)] == ["0", "0"]
        assert working(product) == "SELL 550"


async def test_that_an_order_without_a_perm_id_is_no_second_one_when_it_is_given_one() -> None:
    ids: dict[str, Any] = {"order_id": 4, "client_id": 1}
    async with scripted(script_with(listed(0, **ids))) as product:
        await product.connect()
        product.tws.answers["16"] = list(listed(44, **ids))
        await until(lambda: list(product.orders()) == [44])
        assert working(product) == "SELL 100"


@pytest.mark.parametrize("unset", ["", "2147483647"])
async def test_that_a_client_that_tws_does_not_name_is_a_dash_everywhere(
    unset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nameless: dict[str, Any] = {"client_id": unset, "order_id": 57}
    orders = [
        listed(0, **nameless),
        listed(0, limit=24.8, client_id=0, order_id=57),
        listed(9, client_id=unset),
    ]
    sold = execution(77, 100, 24.6, client_id=unset)
    async with all_outputs(script_with(*orders, to_7=[sold]), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        cells = product.cells(product.orders_table)
        assert sorted((row["limit_price"], row["client_id"]) for row in cells) == [
            ("24.80", "0"),
            ("24.90", "—"),
            ("24.90", "—"),
        ]
        assert working(product) == "SELL 300"
        tips = [product.tooltip(product.orders_table, "order_id", place) for place in range(3)]
        assert sum(tip.endswith("TWS does not say by whom it was placed") for tip in tips) == 2
        assert sum(tip.endswith("placed in TWS itself") for tip in tips) == 1
        await until(lambda: len(product.fills()) == 1)
        assert product.fills()[0]["client_id"] == "—"
        tip = product.tooltip(product.fills_table, "order_id")
        assert tip == "Order id 0, permanent id 77, TWS does not say by whom it was placed"
        (line,) = await seen.exported()
        assert line["Client ID"] == ""
        received = order_status(0, "Cancelled", 0, 0, order_id=57, client_id=unset)
        product.tws.answers["16"] = [*orders[1], *orders[2]]
        product.tws.send(received)
        await until(lambda: "Cancelled" in {row["status"] for row in product.cells(product.orders_table)})
        (row,) = (row for row in product.cells(product.orders_table) if row["status"] == "Cancelled")
        assert row["client_id"] == "—"


@pytest.mark.parametrize("perm_id", [0, 44])
async def test_that_an_order_that_is_given_its_account_is_no_second_one(perm_id: int) -> None:
    ids: dict[str, Any] = {"order_id": 4, "client_id": 1}
    async with scripted(script_with(listed(perm_id, account="", **ids))) as product:
        await product.connect()
        assert working(product) == "+1 ?"
        product.tws.answers["16"] = list(listed(perm_id, **ids))
        await until(lambda: working(product) == "SELL 100")
        assert len(product.snapshot()["orders"]) == 1
        product.tws.answers["16"] = list(listed(perm_id, account="", **ids))
        await until(lambda: working(product) == "+1 ?")
        assert len(product.snapshot()["orders"]) == 1


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("is_named_first", [True, False])
async def test_that_one_perm_id_with_and_without_an_account_in_one_list_is_two_orders(
    is_named_first: bool, is_known: bool
) -> None:
    named, nameless = listed(44, limit=24.7), listed(44, limit=24.8, account="", quantity=300)
    both = (named, nameless) if is_named_first else (nameless, named)
    async with scripted(script_with(*((named,) if is_known else both))) as product:
        await product.connect()
        for again in range(3):
            product.tws.answers["16"] = [message for order in both for message in order]
            await listed_again(product)
            reported = product.snapshot()["orders"]
            assert sorted((order["limit_price"], order["remaining"]) for order in reported) == [
                (24.7, 100),
                (24.8, 300),
            ], again
        assert working(product) == "SELL 100 +1 ?"
        assert len({order["key"] for order in reported}) == 2
        product.tws.answers["16"] = [message for order in (named,) for message in order]
        await until(lambda: working(product) == "SELL 100")


async def test_that_a_notice_with_the_id_of_an_order_changes_no_status() -> None:
    async with scripted(script("informational_code")) as product:
        await product.connect()
        asked = product.tws.asked(16)
        product.tws.send_next()
        product.tws.send("4|2|57|201|Order rejected - reason: none that counts|")
        await until(lambda: product.tws.asked(16) > asked + 2)
        assert product.orders()[901]["status"] == "Submitted"
        assert product.api_orders()[901]["status"] == "Submitted"
        assert not [notice for notice in product.monitor.book.drain().notices if "cancelled" in notice.text]


async def test_that_a_notice_for_an_order_without_a_perm_id_changes_no_status() -> None:
    async with scripted(script_with(listed(0, order_id=57, client_id=1))) as product:
        await product.connect()
        product.tws.answers.pop("16")
        product.tws.send("4|2|57|10349|Order TIF was set to DAY based on order preset.|", position(300))
        await until(lambda: product.positions()[0]["quantity"] == "300")
        assert [cells["status"] for cells in product.orders().values()] == ["Submitted"]


async def test_that_an_order_status_that_fits_several_orders_requests_the_list_again() -> None:
    orders = [listed(n, order_id=3, client_id=1) for n in (1, 2)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        product.tws.send(order_status(0, "Cancelled", 0, 0, order_id=3, client_id=1))
        product.tws.answers["16"] = list(orders[1])
        await until(lambda: product.orders()[1]["status"] == "Gone")
        assert product.orders()[2]["status"] == "Submitted"


@pytest.mark.parametrize(
    "differs", [{"con_id": 700000009, "local_symbol": "CIM PRD"}, {"account": "U1770037"}]
)
async def test_that_an_execution_of_another_contract_or_account_fills_no_order_of_its_perm_id(
    differs: dict[str, Any],
) -> None:
    foreign = execution(301, 100, 24.9, filled=100, **differs)
    async with scripted(script_with(listed(301, order_id=8, client_id=5), to_7=[])) as product:
        await product.connect()
        product.tws.answers["7"] = [foreign]
        product.tws.answers["16"] = []
        await until(lambda: len(product.fills()) == 1)
        await until(lambda: product.orders()[301]["status"] == "Gone")
        assert product.orders()[301]["filled"] == "0"
        assert product.api_orders()[301]["status"] == "Gone"
        product.tws.answers["7"].append(execution(301, 100, 24.9, 2, filled=100))
        product.tws.send(position(300))
        await until(lambda: product.orders()[301]["status"] == "Filled")
        assert product.orders()[301]["filled"] == "100"


async def test_that_an_order_without_an_account_is_counted_in_none_and_named_in_each_possible_one() -> None:
    """Return an advisor's order as TWS sends it before its allocation is known."""
    other = "U7654321"
    held = [position(), position(100, account=other)]
    of = script_with(
        listed(1, account="", quantity=300), listed(2), to_61=held, accounts=f"F1,U1240821,{other}"
    )
    async with scripted(of) as product:
        await product.connect()
        working = [row["working"] for row in product.positions()]
        assert sorted(working) == ["+1 ?", "SELL 100 +1 ?"]
        text = product.tooltip(product.positions_table, "working")
        assert text.endswith("Not counted: order 1, it names no account")
        fields = {p["account"]: p for p in product.snapshot()["positions"]}
        assert {
            name: (p["working_sell"], p["working_uncounted"], p["potential_qty"])
            for name, p in fields.items()
        } == {
            "U1240821": (100, 1, None),
            other: (0, 1, None),
        }
