"""Orders and executions without a conId from TWS belong to what is held under their name."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.tws_messages import execution, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def unnamed(perm_id: int, **differs: Any) -> list[list[str]]:
    return listed(perm_id, **({"con_id": 0} | differs))


def reported(product: ScriptedProduct) -> dict[str, Any]:
    (found,) = product.snapshot()["positions"]
    return {key: found[key] for key in ("working_sell", "working_uncounted")}


async def test_that_an_order_without_a_con_id_works_on_the_share_that_is_held_under_its_name() -> None:
    async with scripted(script_with(unnamed(1), listed(2, quantity=50))) as product:
        await product.connect()
        assert working(product) == "SELL 150"
        assert reported(product) == {"working_sell": 150, "working_uncounted": 0}
        assert product.orders()[1]["bid"] == product.orders()[2]["bid"] == "24.50"
        assert {order["con_id"] for order in product.api_orders().values()} == {700000001}


@pytest.mark.parametrize(
    "differs",
    [{"sec_type": "BOND"}, {"currency": "CAD"}, {"local_symbol": "CIM PRD"}, {"account": "U7654321"}],
)
async def test_that_an_order_without_a_con_id_on_anything_else_does_not_work_on_the_share(
    differs: dict[str, Any],
) -> None:
    async with scripted(script_with(unnamed(1, **differs), accounts="U1240821,U7654321")) as product:
        await product.connect()
        assert product.orders()[1]["status"] == "Submitted"
        assert working(product) == ""
        assert reported(product) == {"working_sell": 0, "working_uncounted": 0}


async def test_that_an_order_without_a_con_id_works_on_the_share_once_it_is_held() -> None:
    async with scripted(script_with(unnamed(1), to_61=[])) as product:
        await product.connect()
        assert not product.positions()
        product.tws.answers["61"] = [position()]
        product.tws.send(position())
        await until(lambda: len(product.positions()) == 1 and working(product) == "SELL 100")
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 2)
        assert working(product) == "SELL 100"
        assert [cells["status"] for cells in product.orders().values()] == ["Submitted"]


async def test_that_an_order_that_is_given_its_con_id_works_once() -> None:
    async with scripted(script_with(unnamed(1))) as product:
        await product.connect()
        product.tws.answers["16"] = [*listed(1, limit=24.8)]
        await until(lambda: product.orders()[1]["limit_price"] == "24.80")
        assert working(product) == "SELL 100"


# Executions.


async def test_that_executions_without_a_con_id_are_of_the_share_that_is_held_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold = [execution(77, 100, 24.6, con_id=0), execution(78, 50, 24.6, 2)]
    async with all_outputs(script_with(to_7=sold), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect_with_fills()
        await until(lambda: len(product.fills()) == 2)
        assert [(t["fills"], t["sold"]) for t in product.fill_totals()] == [("2", "150")]
        assert {fill["con_id"] for fill in await seen.fills()} == {700000001}
        # 550 at the open: all rose by 0.15, and 150 of them were sold 0.05 above the mark.
        await until(lambda: product.positions()[0]["day_pnl"] == "+90")
        product.tws.answers["61"] = [position(300)]
        product.tws.answers["7"].append(execution(79, 100, 24.6, 3, con_id=0))
        product.tws.send(position(300))
        await until(lambda: product.positions()[0]["quantity"] == "300" and len(product.fills()) == 3)
        await product.list_fills_again(3)
        assert product.gaps == ""
        assert [total["sold"] for total in product.fill_totals()] == ["250"]
        # Once it is sold off, and behind another connection, they are of the same share.
        product.tws.answers["61"] = []
        product.tws.answers["7"].append(execution(80, 300, 24.6, 4, con_id=0))
        product.tws.send(position(0))
        await until(lambda: not product.positions() and len(product.fills()) == 4)
        await product.list_fills_again(3)
        assert product.gaps == ""
        asked = product.tws.asked(7)
        product.tws.close_all()
        await until(lambda: product.tws.asked(7) > asked + 1)
        assert [total["sold"] for total in product.fill_totals()] == ["550"]
        assert {fill["con_id"] for fill in await seen.fills()} == {700000001}


@pytest.mark.parametrize(
    "differs", [{"sec_type": "BOND"}, {"local_symbol": "CIM PRD"}, {"account": "U7654321"}]
)
async def test_that_an_execution_without_a_con_id_of_anything_else_is_not_of_the_share(
    differs: dict[str, Any],
) -> None:
    other = execution(77, 100, 24.6, con_id=0, **differs)
    async with scripted(script_with(to_7=[other], accounts="U1240821,U7654321")) as product:
        await product.connect_with_fills()
        await until(lambda: len(product.fills()) == 1)
        assert [fill["con_id"] for fill in product.api_fills().values()] == [None]
        await until(lambda: product.positions()[0]["day_pnl"] == "+60")


async def test_that_an_execution_without_a_con_id_is_of_the_share_once_it_is_held() -> None:
    bought = execution(77, 400, 24.5, con_id=0, side="BOT")
    async with scripted(script_with(to_61=[], to_7=[])) as product:
        await product.connect_with_fills()
        product.tws.answers["7"], product.tws.answers["61"] = [bought], [position()]
        product.tws.send(position())
        await until(lambda: [fill["con_id"] for fill in product.api_fills().values()] == [700000001])
        await product.list_fills_again(3)
        assert product.gaps == ""
        await until(lambda: product.positions()[0]["day_pnl"] == "+20")
