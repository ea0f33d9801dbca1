"""The cost of an execution (message 59) whose fields cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import UNSET, UNSET_INT, execution
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

DONE = execution(77, 100, 24.6)


def with_cost(commission: str, currency: str, realized: str) -> dict[str, Any]:
    return script_with(to_7=[DONE, ["59", "1", DONE[14], commission, currency, realized, "0", "0"]])


@pytest.mark.parametrize("junk", ["inf", "nan", "4,50", "x", "1_000"])
async def test_that_nobody_says_that_nothing_was_closed_where_the_realized_pnl_cannot_be_read(
    junk: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with all_outputs(with_cost("1.25", "USD", junk), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        await until(
            lambda: f"realized P&L of execution {DONE[14]}" in str(product.monitor.links[GUN].status.warning)
        )
        await until(lambda: len(product.fills()) == 1)
        tip = product.tooltip(product.fills_table, "realized_pnl")
        assert tip == "Realized P&L not reported yet"
        (fill,), (line,) = await seen.fills(), await seen.exported()
        assert (fill["realized_pnl"], line["Realized P&L"]) == (None, "")
        product.tws.answers["7"] = with_cost("1.25", "USD", UNSET)["to_7"]
        await product.list_fills_again()
        opened = "It opened or added to the position: nothing was realized"
        await until(
            lambda: bool(product.fills()) and product.tooltip(product.fills_table, "realized_pnl") == opened
        )
        assert product.fills()[0]["commission"] == "1.25"


@pytest.mark.parametrize("currency", ["", " ", UNSET, UNSET_INT, "0", "-1.05"])
async def test_that_an_amount_whose_currency_is_none_is_a_dash(currency: str) -> None:
    async with scripted(with_cost("1.25", currency, "45.00")) as product:
        await product.connect_with_fills()
        await until(lambda: len(product.fills()) == 1)
        (cells,) = product.fills()
        assert (cells["commission"], cells["realized_pnl"]) == ("—", "—")
