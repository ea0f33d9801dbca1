"""Messages that end before their ids or figures: what is not in them is a dash and is named, and no order is
gone.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.tws_messages import execution, listed, open_order, order_status
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def more_lists(product: ScriptedProduct) -> None:
    asked = product.tws.asked(16)
    await until(lambda: product.tws.asked(16) > asked + 3)


def warning(product: ScriptedProduct) -> str:
    return str(product.monitor.links[GUN].status.warning)


# Orders.


@pytest.mark.parametrize("length", [1, 2, 9, 14, 21, 25])
async def test_that_a_known_order_whose_message_ends_before_its_perm_id_is_not_gone(
    length: int, expected_errors: ExpectedErrors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    terms: dict[str, Any] = {"order_id": 8, "client_id": 5, "limit": 24.7, "reference": "LT"}
    async with all_outputs(script_with(listed(1), listed(2, **terms)), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        order, status = listed(2, filled=40, **terms)
        product.tws.answers["16"] = [*listed(1), order[:length], status]
        await until(lambda: product.orders()[2]["limit_price"] == "—")
        await more_lists(product)
        cells = {"symbol": "CIM PRB", "side": "SELL", "status": "Submitted", "filled": "40", "quantity": "—"}
        assert differences(product.orders()[2], cells) == {}
        right = {"symbol": "CIM PRB", "qty": None, "limit_price": None, "filled": 40, "order_ref": "LT"}
        assert differences((await seen.orders())[2], right) == {}
        assert working(product) == "SELL 100 +1 ?"
        assert "1 open order." in warning(product)
        product.tws.answers["16"] = [*listed(1), *listed(2, filled=40, **terms)]
        await until(lambda: working(product) == "SELL 160")
        await until(lambda: product.monitor.links[GUN].status.warning is None)


async def test_that_an_order_that_was_never_read_has_the_perm_id_of_the_status_after_it(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    order, status = listed(2, limit=24.7, filled=40)
    async with scripted(script_with(listed(1), [order[:22], status])) as product:
        await product.connect()
        await more_lists(product)
        cells = {"symbol": "CIM PRB", "side": "SELL", "status": "Submitted", "filled": "40", "quantity": "—"}
        assert differences(product.orders()[2], cells) == {}
        assert working(product) == "SELL 100 +1 ?"


async def test_that_a_message_that_is_cut_off_is_not_the_order_of_another_status(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    known: dict[str, Any] = {"order_id": 8, "client_id": 5}
    async with scripted(script_with(listed(1, **known), listed(2))) as product:
        await product.connect()
        cut_off = open_order(3, order_id=9, client_id=5)[:20]
        product.tws.answers["16"] = [*listed(1, **known), cut_off, order_status(1, **known)]
        await until(lambda: product.orders()[2]["status"] == "Gone")
        assert product.orders()[1]["limit_price"] == "24.90"
        assert set(product.orders()) == {1, 2}


# Statuses.


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
async def test_that_figures_behind_the_end_of_a_status_are_dashes_and_named(
    length: int, expected_errors: ExpectedErrors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    terms: dict[str, Any] = {"order_id": 8, "client_id": 5}
    async with all_outputs(script_with(listed(1), listed(2, filled=20, **terms)), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        assert working(product) == "SELL 180"
        order, status = listed(2, filled=40, **terms)
        product.tws.answers["16"] = [*listed(1), order, status[:length]]
        await until(lambda: "order status" in warning(product))
        await more_lists(product)
        names = ["status", "filled", "remaining", "average price"][max(length - 2, 0) :]
        assert all(f"{name} of order 2" in warning(product) for name in names)
        reported = (await seen.orders())[2]
        assert (reported["filled"], reported["remaining"]) == (
            40 if length > 3 else None,
            60 if length > 4 else None,
        )
        assert product.orders()[2]["filled"] == ("40" if length > 3 else "—")
        assert reported["status"] == "Submitted"
        assert working(product) == ("SELL 160" if length > 4 else "SELL 100 +1 ?")
        product.tws.answers["16"] = [*listed(1), order, status]
        await until(lambda: product.monitor.links[GUN].status.warning is None)


@pytest.mark.parametrize("length", [6, 7, 8, 9, 10])
async def test_that_a_status_without_what_stands_behind_its_figures_is_whole(length: int) -> None:
    terms: dict[str, Any] = {"order_id": 8, "client_id": 5}
    order, status = listed(2, filled=40, **terms)
    async with scripted(script_with(listed(1), [order, status[:length]])) as product:
        await product.connect()
        await more_lists(product)
        assert working(product) == "SELL 160"
        assert product.orders()[2]["filled"] == "40"
        assert product.monitor.links[GUN].status.warning is None


async def test_that_a_status_of_no_order_leaves_the_figures_of_the_one_before_it_unknown(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with scripted(script_with(listed(2, filled=20))) as product:
        await product.connect()
        product.tws.answers["16"] = [open_order(2), ["3", "x", "Submitted", "40", "60", "0", "y"]]
        await until(lambda: working(product) == "+1 ?")
        assert product.orders()[2]["filled"] == "—"
        assert "1 order status." in warning(product)


# Commissions.


@pytest.mark.parametrize(
    ("length", "names", "cost"),
    [
        (3, ["commission", "realized P&L"], (None, None)),
        (4, ["realized P&L"], (None, None)),
        (5, ["realized P&L"], (None, None)),
    ],
)
async def test_that_what_stands_behind_the_end_of_a_commission_is_a_dash_and_named(
    length: int,
    names: list[str],
    cost: tuple[float | None, float | None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = execution(77, 100, 24.6)
    whole = ["59", "1", done[14], "1.25", "USD", "45.00", "0", "0"]
    async with all_outputs(script_with(to_7=[done, whole[:length]]), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        await until(lambda: len(product.fills()) == 1)
        await until(lambda: "figure" in warning(product))
        assert all(f"{name} of execution {done[14]}" in warning(product) for name in names)
        (fill,), (line,) = await seen.fills(), await seen.exported()
        assert (fill["commission"], fill["realized_pnl"]) == cost
        assert (line["Commission"], line["Realized P&L"]) == (f"{cost[0]}" if cost[0] else "", "")
        product.tws.answers["7"] = [done, whole]
        await product.list_fills_again()
        await until(lambda: product.monitor.links[GUN].status.warning is None)
        await until(lambda: product.fills()[0]["realized_pnl"] == "+45.00")
