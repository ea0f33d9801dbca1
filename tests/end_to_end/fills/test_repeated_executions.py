"""Executions that TWS sends again under another id: no more of their order had filled by them."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_executions import script_with
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN
from tests.support.tws_messages import execution
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

SENTENCE = (
    "TWS reported equal executions under two ids by which their order had filled the same quantity "
    "(CIM PRB): one of them may be a repetition, and counted twice."
)


@pytest.mark.parametrize(
    ("other", "has_caveat"),
    [
        ({}, True),
        ({"filled": 200}, False),
        ({"filled": ""}, False),
        ({"price": 24.7}, False),
        ({"perm_id": 78}, False),
        ({"perm_id": 0}, False),
        ({"model": "Growth"}, False),
        ({"account": "U7654321"}, False),
        ({"time": "{today} 11:15:30 US/Eastern"}, True),
    ],
)
async def test_that_an_equal_execution_by_which_no_more_is_filled_may_be_counted_twice(
    other: dict[str, Any], has_caveat: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = execution(**{"perm_id": 77, "shares": 100, "price": 24.6, "number": 2, **other})
    of = script_with(execution(77, 100, 24.6), again, accounts="U1240821,U7654321")
    async with all_outputs(of, tmp_path, capsys, has_window=True) as seen:
        product = seen.product
        await product.connect_with_fills()
        await until(lambda: len(product.fills()) == 2)
        assert (SENTENCE in product.monitor.fills.state(GUN).caveats) is has_caveat
        assert (SENTENCE in (await seen.http("fills"))["gaps"][GUN.value]) is has_caveat
        assert (SENTENCE in product.window.fills.warning.text) is has_caveat


async def test_that_a_correction_is_no_repetition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = execution(77, 100, 24.6), execution(77, 100, 24.6, 2, filled=200)
    corrected = execution(77, 100, 24.6, filled=200)
    corrected[14] = corrected[14].removesuffix("01") + "02"
    async with all_outputs(script_with(first, second, corrected), tmp_path, capsys) as seen:
        await seen.product.connect_with_fills()
        await until(lambda: len(seen.product.fills()) == 2)
        assert SENTENCE not in seen.product.monitor.fills.state(GUN).caveats
