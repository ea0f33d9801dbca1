"""Orders that share client and order id, and what happens to one of them."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from psf_monitor.book.sums.order_sums import order_sums
from tests.end_to_end.connection.connection_texts import bannered, banners
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import ACCOUNT
from tests.support.tws_messages import execution, listed, order_status
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

IDS: dict[str, Any] = {"order_id": 57, "client_id": 7}


def one(perm_id: int, limit: float = 24.7, **differs: Any) -> list[list[str]]:
    return listed(perm_id, limit=limit, **(IDS | differs))


def other(perm_id: int, limit: float = 24.8, **differs: Any) -> list[list[str]]:
    return listed(perm_id, limit=limit, **(IDS | differs))


async def send_next_orders(product: ScriptedProduct, *orders: list[list[str]]) -> None:
    """Have TWS list these from now on, and wait until it has several times."""
    product.tws.answers["16"] = [message for order in orders for message in order]
    asked = product.tws.asked(16)
    await until(lambda: product.tws.asked(16) > asked + 2)


def shown(product: ScriptedProduct) -> list[tuple[str, str, str]]:
    """permId, limit and status of each order in the window."""
    cells = product.cells(product.orders_table)
    reported = product.snapshot()["orders"]
    assert sorted(f"{order['limit_price']:.2f}" for order in reported) == sorted(
        row["limit_price"] for row in cells
    )
    return sorted((row["perm_id"], row["limit_price"], str(row["status"])) for row in cells)


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("is_reported_first", [True, False])
async def test_that_the_one_of_twins_that_is_given_a_perm_id_is_no_third_order(
    is_first: bool, is_reported_first: bool
) -> None:
    async with scripted(script_with(one(0), other(0))) as product:
        await product.connect()
        assert working(product) == "SELL 200"
        given, left = (one(11), other(0)) if is_first else (other(12), one(0))
        await send_next_orders(product, *((given, left) if is_reported_first else (left, given)))
        limits = {"11": "24.70", "—": "24.80"} if is_first else {"12": "24.80", "—": "24.70"}
        assert shown(product) == sorted((number, limit, "Submitted") for number, limit in limits.items())
        assert working(product) == "SELL 200"
        await send_next_orders(product, one(11), other(12))
        assert shown(product) == [("11", "24.70", "Submitted"), ("12", "24.80", "Submitted")]


@pytest.mark.parametrize("is_first", [True, False])
async def test_that_the_one_of_twins_without_perm_ids_that_left_is_gone_with_its_own_limit(
    is_first: bool,
) -> None:
    async with scripted(script_with(one(0), other(0))) as product:
        await product.connect()
        await send_next_orders(product, other(0) if is_first else one(0))
        status = ("Gone", "Submitted") if is_first else ("Submitted", "Gone")
        assert shown(product) == [("—", "24.70", status[0]), ("—", "24.80", status[1])]
        assert working(product) == "SELL 100"


async def test_that_the_one_of_twins_without_a_perm_id_that_left_is_gone_and_not_the_other() -> None:
    async with scripted(script_with(one(11), other(0))) as product:
        await product.connect()
        await send_next_orders(product, one(11))
        assert shown(product) == [("11", "24.70", "Submitted"), ("—", "24.80", "Gone")]


@pytest.mark.parametrize("is_reported_first", [True, False])
async def test_that_a_twin_without_a_perm_id_that_was_modified_is_no_third_order(
    is_reported_first: bool,
) -> None:
    async with scripted(script_with(one(0), other(0))) as product:
        await product.connect()
        modified, left = one(0, limit=24.9), other(0)
        await send_next_orders(product, *((modified, left) if is_reported_first else (left, modified)))
        assert shown(product) == [("—", "24.80", "Submitted"), ("—", "24.90", "Submitted")]
        assert working(product) == "SELL 200"


async def test_that_twins_listed_in_another_order_keep_their_keys() -> None:
    async with scripted(script_with(one(0), other(0))) as product:
        await product.connect()
        keys = {order["key"]: order["limit_price"] for order in product.snapshot()["orders"]}
        await send_next_orders(product, other(0), one(0))
        assert {order["key"]: order["limit_price"] for order in product.snapshot()["orders"]} == keys


async def test_that_a_status_before_its_order_belongs_to_this_twin() -> None:
    status = order_status(12, "Submitted", 40, 60, **IDS)
    async with scripted(script_with(one(11))) as product:
        await product.connect()
        product.tws.send(status, other(12)[0])
        await send_next_orders(product, one(11), [status, other(12)[0]])
        assert {key: row["filled"] for key, row in product.orders().items()} == {11: "0", 12: "40"}
        assert working(product) == "SELL 160"


async def test_that_orders_of_two_clients_with_one_order_id_are_cancelled_each_by_itself() -> None:
    orders = [one(0, order_id=57, client_id=client) for client in (3, 4)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        product.tws.send(order_status(0, "Cancelled", 0, 0, order_id=57, client_id=3))
        await send_next_orders(product, orders[1])
        rows = product.cells(product.orders_table)
        assert {row["client_id"]: row["status"] for row in rows} == {"3": "Cancelled", "4": "Submitted"}


async def noticed(product: ScriptedProduct) -> list[str]:
    """The status line when TWS sends a message about its order 57."""
    product.tws.send("4|2|57|399|Order Message: it waits for the opening.|")
    notices: list[str] = []

    def came() -> bool:
        notices.extend(notice.text for notice in product.monitor.book.drain().notices)
        return bool(notices)

    await until(came)
    return notices


@pytest.mark.parametrize(
    ("differs", "about"),
    [
        ({}, " of order 57 CIM PRB"),
        ({"con_id": 700000009, "local_symbol": "CIM PRD"}, " of order 57 CIM PRB or order 57 CIM PRD"),
        ({"client_id": 7}, " of order 57 CIM PRB"),
    ],
)
async def test_that_a_notice_names_the_order_that_it_is_about(differs: dict[str, Any], about: str) -> None:
    async with scripted(
        script_with(one(11, client_id=1), other(12, **({"client_id": 1} | differs)))
    ) as product:
        await product.connect()
        product.monitor.book.drain()
        notices = await noticed(product)
        assert notices == [f"TWS says{about}: Order Message: it waits for the opening. (399)"]


async def test_that_a_notice_with_the_id_of_another_clients_order_names_no_order() -> None:
    async with scripted(script_with(one(11, client_id=7))) as product:
        await product.connect()
        product.monitor.book.drain()
        notices = await noticed(product)
        assert notices == ["TWS says: Order Message: it waits for the opening. (399)"]


async def test_that_a_notice_names_an_order_that_has_left_the_list() -> None:
    async with scripted(script_with(one(11, client_id=1), other(12))) as product:
        await product.connect()
        await send_next_orders(product, other(12))
        product.monitor.book.drain()
        notices = await noticed(product)
        assert notices[-1].startswith("TWS says of order 57 CIM PRB: Order Message")


async def test_that_a_code_that_nobody_published_names_each_order_that_it_is_about_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    text = "Something new was decided."
    own = script_with(one(11, client_id=1), other(12, client_id=1, order_id=58))
    async with all_outputs(own, tmp_path, capsys, has_window=True) as seen:
        product = seen.product
        await product.connect()
        product.monitor.book.drain()
        product.tws.send(*(f"4|2|{order_id}|7777|{text}|" for order_id in (57, 58, 58, 990)))
        await until(lambda: len(product.monitor.book.account_state(GUN).messages) == 3)
        texts = [
            f"TWS says{of}: {text} (7777)" for of in (" of order 57 CIM PRB", " of order 58 CIM PRB", "")
        ]
        assert [notice.text for notice in product.monitor.book.drain().notices] == texts
        assert "of order 57 CIM PRB: " in bannered(product)
        assert "of order 58 CIM PRB: " in bannered(product)
        reported = (await seen.status())["messages"]
        assert [each["about"] for each in reported] == ["order 57 CIM PRB", "order 58 CIM PRB", None]
        assert "TWS says of order or request 57: " in caplog.text
        QTest.mouseClick(banners(product)[0].buttons[0], Qt.MouseButton.LeftButton)
        product.tws.send(f"4|2|57|7777|{text}|", f"4|2|57|7778|{text}|")
        await until(lambda: 7778 in {each.code for each in product.monitor.book.account_state(GUN).messages})
        reported = (await seen.status())["messages"]
        assert [(each["code"], each["about"]) for each in reported] == [
            (7777, "order 58 CIM PRB"),
            (7777, None),
            (7778, "order 57 CIM PRB"),
        ]


async def test_that_the_sum_of_orders_counts_every_twin() -> None:
    async with scripted(script_with(one(0), other(0), one(11, quantity=300), other(12))) as product:
        await product.connect()
        assert working(product) == "SELL 600"
        (selected,) = order_sums(product.monitor.book.order_rows())
        assert selected.remaining == 600
        assert selected.value == pytest.approx(100 * 24.7 + 100 * 24.8 + 300 * 24.7 + 100 * 24.8)


async def test_that_orders_reported_twice_in_one_list_with_the_same_text_are_two() -> None:
    async with scripted(script_with(one(0), one(0))) as product:
        await product.connect()
        assert shown(product) == [("—", "24.70", "Submitted")] * 2
        assert working(product) == "SELL 200"
        assert len({order["key"] for order in product.snapshot()["orders"]}) == 2
        await send_next_orders(product, one(0), [one(0)[0], order_status(0, "Submitted", 40, 60, **IDS)])
        assert sorted(row["filled"] for row in product.cells(product.orders_table)) == ["0", "40"]
        assert working(product) == "SELL 160"
        await send_next_orders(product, one(0))
        assert shown(product) == [("—", "24.70", "Gone"), ("—", "24.70", "Submitted")]
        assert working(product) == "SELL 100"


async def test_that_an_own_order_sent_both_by_itself_and_in_the_list_is_one_order() -> None:
    own = one(0, client_id=1)
    async with scripted(script_with(own, own)) as product:
        await product.connect()
        assert shown(product) == [("—", "24.70", "Submitted")]
        assert working(product) == "SELL 100"


@pytest.mark.parametrize("unset", ["", "2147483647", "-2147483648"])
async def test_that_orders_with_an_unset_perm_id_are_distinguished_by_client_and_order_id(unset: Any) -> None:
    def reported(order_id: int, client_id: int) -> list[list[str]]:
        return listed(unset, order_id=order_id, client_id=client_id)

    async with scripted(script_with(reported(3, 5), reported(4, 5), reported(4, 6))) as product:
        await product.connect()
        assert shown(product) == [("—", "24.90", "Submitted")] * 3
        assert working(product) == "SELL 300"
        product.tws.send(order_status(unset, "Cancelled", 0, 0, order_id=4, client_id=5))
        await send_next_orders(product, reported(3, 5), reported(4, 6))
        status = {(r["client_id"], r["order_id"]): r["status"] for r in product.cells(product.orders_table)}
        assert status == {("5", "3"): "Submitted", ("5", "4"): "Cancelled", ("6", "4"): "Submitted"}


# One permId in one account.


def ids_in(product: ScriptedProduct) -> dict[str, tuple[str, str, str]]:
    """By order id, the limit, status and filled quantity of each order in the window."""
    rows = product.cells(product.orders_table)
    found = {row["order_id"]: (row["limit_price"], row["status"], row["filled"]) for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("client", [1, 7], ids=["of our client", "of another"])
async def test_that_two_orders_of_one_perm_id_under_two_order_ids_are_two_rows_everywhere(
    client: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twins = [one(11, client_id=client), other(11, client_id=client, order_id=58, quantity=300)]
    async with all_outputs(script_with(*twins), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        assert ids_in(product) == {"57": ("24.70", "Submitted", "0"), "58": ("24.80", "Submitted", "0")}
        assert working(product) == "SELL 400"
        reported = (await seen.http("account/ibkr/orders"))["orders"]
        keys = {each["key"]: each["order_id"] for each in reported}
        assert keys == {f"{ACCOUNT}/11": 57, f"{ACCOUNT}/11/1": 58}
        printed = await seen.command()
        assert printed.reported is not None
        assert sorted(each["qty"] for each in printed.reported["orders"]) == [100, 300]
        await send_next_orders(product, *reversed(twins))
        assert {each["key"]: each["order_id"] for each in product.snapshot()["orders"]} == keys
        await send_next_orders(product, *([order] for order, _ in twins))
        product.tws.send(order_status(11, "Submitted", 40, 260, order_id=58, client_id=client))
        await until(lambda: ids_in(product)["58"][2] == "40")
        assert ids_in(product)["57"][2] == "0"
        await send_next_orders(product, other(11, client_id=client, order_id=58, quantity=300, filled=40))
        assert ids_in(product) == {"57": ("24.70", "Gone", "0"), "58": ("24.80", "Submitted · part", "40")}
        assert working(product) == "SELL 260"


@pytest.mark.parametrize("is_in_status", [True, False])
async def test_that_orders_that_are_given_the_same_perm_id_stay_two(is_in_status: bool) -> None:
    async with scripted(script_with(one(0), other(0, order_id=58))) as product:
        await product.connect()
        if is_in_status:
            product.tws.send(*(order_status(11, order_id=order_id, client_id=7) for order_id in (57, 58)))
            await until(lambda: all(order["perm_id"] for order in product.snapshot()["orders"]))
        await send_next_orders(product, one(11), other(11, order_id=58))
        assert ids_in(product) == {"57": ("24.70", "Submitted", "0"), "58": ("24.80", "Submitted", "0")}
        assert working(product) == "SELL 200"


async def test_that_one_perm_id_of_two_contracts_is_two_orders() -> None:
    share: dict[str, Any] = {"con_id": 700000009, "local_symbol": "CIM PRD"}
    async with scripted(script_with(one(11), other(11, **share))) as product:
        await product.connect()
        await send_next_orders(product, other(11, **share), one(11))
        rows = {row["symbol"]: row["limit_price"] for row in product.cells(product.orders_table)}
        assert rows == {"CIM PRB": "24.70", "CIM PRD": "24.80"}
        assert working(product) == "SELL 100"


@pytest.mark.parametrize("order_id", [-2, 59])
async def test_that_an_order_of_tws_that_is_given_an_order_id_is_no_second_one(order_id: int) -> None:
    manual = {"client_id": 0, "order_id": 0}
    async with scripted(script_with(one(11, **manual))) as product:
        await product.connect()
        await send_next_orders(product, one(11, client_id=0, order_id=order_id))
        assert shown(product) == [("11", "24.70", "Submitted")]
        assert working(product) == "SELL 100"


async def test_that_an_execution_of_a_perm_id_of_two_orders_fills_neither() -> None:
    async with scripted(script_with(one(11), other(11, order_id=58))) as product:
        await product.connect()
        product.tws.send(execution(11, 100, 24.7))
        await send_next_orders(product, other(11, order_id=58))
        assert ids_in(product)["57"] == ("24.70", "Gone", "0")
