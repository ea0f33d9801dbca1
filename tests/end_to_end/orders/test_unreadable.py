"""What cannot be read of what was known: it stays, and nothing of it is told that may be another by now."""

from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with, working
from tests.played import played
from tests.records import GUN
from tests.tws_messages import listed, position
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def unreadable(perm_id: int, **differs: Any) -> list[list[str]]:
    """Messages 5 and 3 of an order of which a flag is no number."""
    return listed(perm_id, outside_hours="none", **differs)


async def test_that_a_known_order_that_cannot_be_read_any_more_stays_with_dashes_and_is_not_gone(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with played(script_with(listed(1), listed(2, limit=24.7))) as stage:
        await stage.connect()
        assert working(stage) == "SELL 200"
        stage.tws.answers["16"] = [*listed(1), *unreadable(2, limit=24.8, filled=40)]
        await until(lambda: stage.orders()[2]["limit_price"] == "—")
        asked = stage.tws.asked(16)
        await until(lambda: stage.tws.asked(16) > asked + 3)
        cells, reported = stage.orders()[2], stage.api_orders()[2]
        assert (cells["status"], cells["filled"], cells["quantity"]) == ("Submitted", "40", "—")
        assert (cells["to_fill"], cells["where"], reported["qty"], reported["limit_price"]) == (
            "—",
            "",
            None,
            None,
        )
        assert working(stage) == "SELL 100 +1 ?"
        assert "1 open order." in str(stage.monitor.links[GUN].status.warning)
        stage.tws.answers["16"] = [*listed(1), *listed(2, limit=24.8, filled=40)]
        await until(lambda: stage.orders()[2]["limit_price"] == "24.80")
        assert working(stage) == "SELL 160"
        await until(lambda: stage.monitor.links[GUN].status.warning is None)


async def test_that_a_known_order_that_cannot_be_read_is_not_gone_behind_another_connection(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with played(script_with(listed(1), listed(2, limit=24.7), listed(3))) as stage:
        await stage.connect()
        stage.tws.answers["16"] = [*listed(1), *unreadable(2, limit=24.8), *unreadable(4)]
        stage.tws.close_all()
        await until(lambda: stage.orders()[2]["limit_price"] == "—")
        asked = stage.tws.asked(16)
        await until(lambda: stage.tws.asked(16) > asked + 3)
        status = {key: cells["status"] for key, cells in stage.orders().items()}
        assert status == {1: "Submitted", 2: "Submitted", 3: "Gone"}
        assert stage.orders()[2]["symbol"] == "CIM PRB"
        assert working(stage) == "SELL 100 +1 ?"
        assert "2 open orders." in str(stage.monitor.links[GUN].status.warning)


async def test_that_a_known_position_that_cannot_be_read_any_more_is_of_unknown_size(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with played(script_with()) as stage:
        await stage.connect()
        lost = position(300)
        lost[7] = "none"
        stage.tws.send(lost)
        await until(lambda: stage.positions()[0]["quantity"] == "—")
        assert "1 position." in str(stage.monitor.links[GUN].status.warning)
        stage.tws.send(position(300))
        await until(lambda: stage.positions()[0]["quantity"] == "300")


@pytest.mark.parametrize("is_in_list", [True, False])
async def test_that_a_known_position_that_cannot_be_read_behind_another_connection_is_of_unknown_size(
    is_in_list: bool, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    sold, new = (position(100, con_id=n, local_symbol=f"CIM PR{n}") for n in (700000002, 700000003))
    async with played(script_with(to_61=[position(), sold])) as stage:
        await stage.connect()
        lost, unknown = position(300), list(new)
        lost[7] = unknown[7] = "none"
        stage.tws.answers["61"] = [lost, unknown] if is_in_list else [position()]
        asked = stage.tws.asked(61)
        stage.tws.close_all()
        await until(lambda: stage.tws.asked(61) > asked)
        await until(lambda: len(stage.positions()) == 1)
        if not is_in_list:
            stage.tws.send(lost)
        await until(lambda: stage.positions()[0]["quantity"] == "—")
        (reported,) = stage.snapshot()["positions"]
        assert (reported["symbol"], reported["con_id"], reported["qty"]) == ("CIM PRB", 700000001, None)
        count = "2 positions." if is_in_list else "1 position."
        await until(lambda: count in str(stage.monitor.links[GUN].status.warning))
        stage.tws.send(position(300))
        await until(lambda: stage.positions()[0]["quantity"] == "300")


async def test_that_several_messages_that_cannot_be_read_are_counted_in_the_plural(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    lost = [listed(n, outside_hours="none") for n in (1, 2)]
    async with played(script_with(*lost, listed(3)), has_window=False) as stage:
        await stage.connect()
        assert "2 open orders." in str(stage.monitor.links[GUN].status.warning)
