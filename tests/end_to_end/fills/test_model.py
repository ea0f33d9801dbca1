"""Of which model portfolio an execution is."""

from pathlib import Path

import pytest

from tests.support.all_outputs import all_outputs
from tests.support.tws_messages import execution, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_the_model_portfolio_of_an_execution_is_the_same_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fills = [execution(1, 100, 24.5, 1, model="Income"), execution(2, 100, 24.5, 2)]
    of = {"to_61": [position()], "to_16": [], "to_7": fills, "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]}}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: len(seen.product.fills()) == 2, what="the executions")
        reported = {fill["perm_id"]: fill["model_code"] for fill in await seen.fills()}
        assert reported == {1: "Income", 2: None}
        table = seen.product.fills_table
        tooltips = {
            table.line(place).row.fill.perm_id: seen.product.tooltip(table, "account", place)
            for place in range(2)
        }
        assert tooltips[1].endswith("\nof the model portfolio Income")
        assert "model" not in tooltips[2]
        assert {fill["perm_id"]: fill["model"] for fill in seen.product.fills()} == {"1": "Income", "2": "—"}
        assert {line["Perm ID"]: line["Model"] for line in await seen.exported()} == {"1": "Income", "2": ""}
