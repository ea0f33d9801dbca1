"""Executions in accounts that the login does not list, and of one order in a master account and another."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.end_to_end.test_executions import script_with, shown
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import execution
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

UNLISTED = "U7654321"


@pytest.mark.parametrize("account_id", ["", "U1240821"], ids=["every account", "one account"])
async def test_that_an_execution_in_an_account_that_the_login_does_not_list_is_named_everywhere(
    account_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = execution(78, 50, 24.6, 2, account=UNLISTED)
    of = script_with(execution(77, 100, 24.6), stranger)
    async with all_outputs(of, tmp_path, capsys, account_id=account_id, has_window=True) as seen:
        product = seen.product
        await product.connect_with_fills()
        but = ": not shown, because another account is set" if account_id else ""
        sentence = (
            f"TWS reported executions in an account that the login does not list (CIM PRB in U••••321){but}."
        )
        await until(lambda: sentence in product.monitor.fills.state(GUN).caveats)
        assert sentence in (await seen.http("fills"))["gaps"][GUN.value]
        numbers = {"77"} if account_id else {"77", "78"}
        assert {cells["perm_id"] for cells in product.fills()} == numbers
        assert {str(each["perm_id"]) for each in await seen.fills()} == numbers
        assert sentence in product.window.fills.warning.text
        # TWS may name it later.
        product.tws.send(("15", "1", f"U1240821,{UNLISTED}"))
        await product.list_fills_again()
        await until(lambda: sentence not in product.monitor.fills.state(GUN).caveats)


async def test_that_an_execution_that_cannot_be_read_in_such_an_account_is_a_row(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    lost = execution(78, 50, 24.6, account=UNLISTED)[:-1]
    async with scripted(script_with(lost)) as product:
        await product.connect_with_fills()
        assert shown(product, "perm_id", "quantity") == [("78", "—")]
        assert "1 execution." in str(product.monitor.links[GUN].status.warning)
        assert "(CIM PRB in U••••321)" in product.gaps


@pytest.mark.parametrize(
    ("other", "account", "has_caveat"),
    [
        ({}, "F1234567", True),
        ({"number": 2}, "F1234567", True),
        ({"number": 2, "shares": 40}, "DF1234567", True),
        ({"number": 2, "perm_id": 78}, "F1234567", False),
        ({}, UNLISTED, False),
    ],
    ids=["one id", "one order", "a part", "two orders", "two accounts of an advisor"],
)
async def test_that_an_order_executed_in_a_master_account_and_another_may_be_counted_twice(
    other: dict[str, Any], account: str, has_caveat: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_master = execution(**{"perm_id": 77, "shares": 100, "price": 24.6, **other}, account=account)
    of = script_with(execution(77, 100, 24.6), of_master, accounts=f"U1240821,{account}")
    async with all_outputs(of, tmp_path, capsys, has_window=True) as seen:
        product = seen.product
        await product.connect_with_fills()
        await until(lambda: len(product.fills()) == 2)
        sentence = (
            "TWS reported executions of one order both in a master account and in one to which it may have "
            "been allocated (CIM PRB): they may be counted twice."
        )
        assert (sentence in product.monitor.fills.state(GUN).caveats) is has_caveat
        assert (sentence in (await seen.http("fills"))["gaps"][GUN.value]) is has_caveat
        assert (sentence in product.window.fills.warning.text) is has_caveat
