"""What an execution did to the liquidity of its venue, wherever it is reported and after a restart."""

from pathlib import Path

import pytest

from tests.support.all_outputs import all_outputs
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import execution, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

REPORTED = {1: "added", 2: "removed", 3: "routed out", 0: "", 9: "", "": ""}


async def test_that_the_liquidity_of_an_execution_is_the_same_everywhere_and_after_a_restart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fills = [execution(n, 100, 24.5, n, liquidity=code) for n, code in enumerate(REPORTED, 1)]
    right = {str(n): text for n, text in enumerate(REPORTED.values(), 1)}
    of = {"to_61": [position()], "to_7": fills}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: seen.product.monitor.fills.state(GUN).as_of, what="the executions")
        cells = {fill["perm_id"]: fill["liquidity"] for fill in seen.product.fills()}
        assert cells == {perm_id: text or "—" for perm_id, text in right.items()}
        reported = {str(fill["perm_id"]): fill["liquidity"] for fill in await seen.fills()}
        assert reported == {perm_id: text or None for perm_id, text in right.items()}
        assert {line["Perm ID"]: line["Liquidity"] for line in await seen.exported()} == right
    async with scripted({}, journal=tmp_path / "journal.sqlite3") as product:
        await until(lambda: len(product.fills()) == len(fills), what="what the journal keeps")
        assert {fill["perm_id"]: fill["liquidity"] for fill in product.fills()} == cells
