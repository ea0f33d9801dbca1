"""Orders of which TWS does not tell the conId: they are on what is held under their name."""

from typing import Any

import pytest

from tests.end_to_end.orders.telling import telling, working
from tests.played import Stage, played
from tests.tws_messages import listed, position
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def unnamed(perm_id: int, **differs: Any) -> list[list[str]]:
    return listed(perm_id, **({"con_id": 0} | differs))


def told(stage: Stage) -> dict[str, Any]:
    (found,) = stage.snapshot()["positions"]
    return {key: found[key] for key in ("working_sell", "working_uncounted")}


async def test_that_an_order_without_a_con_id_works_on_the_share_that_is_held_under_its_name() -> None:
    async with played(telling(unnamed(1), listed(2, quantity=50))) as stage:
        await stage.connect()
        assert working(stage) == "SELL 150"
        assert told(stage) == {"working_sell": 150, "working_uncounted": 0}
        assert stage.orders()[1]["bid"] == stage.orders()[2]["bid"] == "24.50"
        assert {order["con_id"] for order in stage.api_orders().values()} == {700000001}


@pytest.mark.parametrize(
    "differs",
    [{"sec_type": "BOND"}, {"currency": "CAD"}, {"local_symbol": "CIM PRD"}, {"account": "U7654321"}],
)
async def test_that_an_order_without_a_con_id_on_anything_else_does_not_work_on_the_share(
    differs: dict[str, Any],
) -> None:
    async with played(telling(unnamed(1, **differs), accounts="U1240821,U7654321")) as stage:
        await stage.connect()
        assert stage.orders()[1]["status"] == "Submitted"
        assert working(stage) == ""
        assert told(stage) == {"working_sell": 0, "working_uncounted": 0}


async def test_that_an_order_without_a_con_id_works_on_the_share_once_it_is_held() -> None:
    async with played(telling(unnamed(1), to_61=[])) as stage:
        await stage.connect()
        assert not stage.positions()
        stage.tws.answers["61"] = [position()]
        stage.tws.say(position())
        await until(lambda: len(stage.positions()) == 1 and working(stage) == "SELL 100")
        asked = stage.tws.asked(16)
        await until(lambda: stage.tws.asked(16) > asked + 2)
        assert working(stage) == "SELL 100"
        assert [cells["status"] for cells in stage.orders().values()] == ["Submitted"]


async def test_that_an_order_that_is_given_its_con_id_works_once() -> None:
    async with played(telling(unnamed(1))) as stage:
        await stage.connect()
        stage.tws.answers["16"] = [*listed(1, limit=24.8)]
        await until(lambda: stage.orders()[1]["limit_price"] == "24.80")
        assert working(stage) == "SELL 100"
