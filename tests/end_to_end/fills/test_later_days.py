"""Executions that are dated on a day that has not begun, over a restart of the program."""

from pathlib import Path

import pytest

from tests.end_to_end.fills.execution_script import CIM, NEW_YORK, NOW, execution
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN, Clock
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

OF_LATER_DAY = "1 of them is dated on a day that has not begun: shown here, and in no sum."


@pytest.mark.parametrize("stamp", ["20261130-15:15:30", "20270104-15:15:30"])
async def test_that_an_execution_of_a_later_day_is_still_shown_after_a_restart_before_tws_lists_it(
    stamp: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = {
        "handshake_time": NEW_YORK,
        "to_61": [f"61|3|U1240821|700000001|{CIM}|400|24.125"],
        "to_7": [execution("20261127-15:15:30"), execution(stamp, 2)],
        "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    }
    async with all_outputs(of, tmp_path, capsys, clock=Clock(NOW)) as seen:
        await seen.product.connect_with_fills()
        before = {cells["perm_id"]: cells for cells in seen.product.fills()}
        assert sorted(before) == ["1", "2"]
    async with all_outputs({**of, "to_7": []}, tmp_path, capsys, clock=Clock(NOW)) as seen:
        await until(lambda: len(seen.product.fills()) == 2, what="both executions of the journal")
        shown = {cells["perm_id"]: cells for cells in seen.product.fills()}
        names = ("symbol", "quantity", "price", "trade_date")
        assert [[shown[key][name] for name in names] for key in before] == [
            [before[key][name] for name in names] for key in before
        ]
        assert {each["perm_id"]: each["later_day"] for each in await seen.fills()} == {1: False, 2: True}
        assert seen.product.monitor.fills.state(GUN).gaps[-1] == OF_LATER_DAY
