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


def reported(stage: ScriptedProduct) -> dict[str, Any]:
    (found,) = stage.snapshot()["positions"]
    return {key: found[key] for key in ("working_sell", "working_uncounted")}


async def test_that_an_order_without_a_con_id_works_on_the_share_that_is_held_under_its_name() -> None:
    async with scripted(script_with(unnamed(1), listed(2, quantity=50))) as stage:
        await stage.connect()
        assert working(stage) == "SELL 150"
        assert reported(stage) == {"working_sell": 150, "working_uncounted": 0}
        assert stage.orders()[1]["bid"] == stage.orders()[2]["bid"] == "24.50"
        assert {order["con_id"] for order in stage.api_orders().values()} == {700000001}


@pytest.mark.parametrize(
    "differs",
    [{"sec_type": "BOND"}, {"currency": "CAD"}, {"local_symbol": "CIM PRD"}, {"account": "U7654321"}],
)
async def test_that_an_order_without_a_con_id_on_anything_else_does_not_work_on_the_share(
    differs: dict[str, Any],
) -> None:
    async with scripted(script_with(unnamed(1, **differs), accounts="U1240821,U7654321")) as stage:
        await stage.connect()
        assert stage.orders()[1]["status"] == "Submitted"
        assert working(stage) == ""
        assert reported(stage) == {"working_sell": 0, "working_uncounted": 0}


async def test_that_an_order_without_a_con_id_works_on_the_share_once_it_is_held() -> None:
    async with scripted(script_with(unnamed(1), to_61=[])) as stage:
        await stage.connect()
        assert not stage.positions()
        stage.tws.answers["61"] = [position()]
        stage.tws.send(position())
        await until(lambda: len(stage.positions()) == 1 and working(stage) == "SELL 100")
        asked = stage.tws.asked(16)
        await until(lambda: stage.tws.asked(16) > asked + 2)
        assert working(stage) == "SELL 100"
        assert [cells["status"] for cells in stage.orders().values()] == ["Submitted"]


async def test_that_an_order_that_is_given_its_con_id_works_once() -> None:
    async with scripted(script_with(unnamed(1))) as stage:
        await stage.connect()
        stage.tws.answers["16"] = [*listed(1, limit=24.8)]
        await until(lambda: stage.orders()[1]["limit_price"] == "24.80")
        assert working(stage) == "SELL 100"


# Executions.


async def test_that_executions_without_a_con_id_are_of_the_share_that_is_held_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold = [execution(77, 100, 24.6, con_id=0), execution(78, 50, 24.6, 2)]
    async with all_outputs(script_with(to_7=sold), tmp_path, capsys) as seen:
        stage = seen.stage
        await stage.connect_with_fills()
        await until(lambda: len(stage.fills()) == 2)
        assert [(t["fills"], t["sold"]) for t in stage.fill_totals()] == [("2", "150")]
        assert {fill["con_id"] for fill in await seen.fills()} == {700000001}
        # 550 at the open: all rose by 0.15, and 150 of them were sold 0.05 above the mark.
        await until(lambda: stage.positions()[0]["day_pnl"] == "+90")
        stage.tws.answers["61"] = [position(300)]
        stage.tws.answers["7"].append(execution(79, 100, 24.6, 3, con_id=0))
        stage.tws.send(position(300))
        await until(lambda: stage.positions()[0]["quantity"] == "300" and len(stage.fills()) == 3)
        await stage.list_fills_again(3)
        assert stage.gaps == ""
        assert [total["sold"] for total in stage.fill_totals()] == ["250"]
        # Once it is sold off, and behind another connection, they are of the same share.
        stage.tws.answers["61"] = []
        stage.tws.answers["7"].append(execution(80, 300, 24.6, 4, con_id=0))
        stage.tws.send(position(0))
        await until(lambda: not stage.positions() and len(stage.fills()) == 4)
        await stage.list_fills_again(3)
        assert stage.gaps == ""
        asked = stage.tws.asked(7)
        stage.tws.close_all()
        await until(lambda: stage.tws.asked(7) > asked + 1)
        assert [total["sold"] for total in stage.fill_totals()] == ["550"]
        assert {fill["con_id"] for fill in await seen.fills()} == {700000001}


@pytest.mark.parametrize(
    "differs", [{"sec_type": "BOND"}, {"local_symbol": "CIM PRD"}, {"account": "U7654321"}]
)
async def test_that_an_execution_without_a_con_id_of_anything_else_is_not_of_the_share(
    differs: dict[str, Any],
) -> None:
    other = execution(77, 100, 24.6, con_id=0, **differs)
    async with scripted(script_with(to_7=[other], accounts="U1240821,U7654321")) as stage:
        await stage.connect_with_fills()
        await until(lambda: len(stage.fills()) == 1)
        assert [fill["con_id"] for fill in stage.api_fills().values()] == [None]
        await until(lambda: stage.positions()[0]["day_pnl"] == "+60")


async def test_that_an_execution_without_a_con_id_is_of_the_share_once_it_is_held() -> None:
    bought = execution(77, 400, 24.5, con_id=0, side="BOT")
    async with scripted(script_with(to_61=[], to_7=[])) as stage:
        await stage.connect_with_fills()
        stage.tws.answers["7"], stage.tws.answers["61"] = [bought], [position()]
        stage.tws.send(position())
        await until(lambda: [fill["con_id"] for fill in stage.api_fills().values()] == [700000001])
        await stage.list_fills_again(3)
        assert stage.gaps == ""
        await until(lambda: stage.positions()[0]["day_pnl"] == "+20")
