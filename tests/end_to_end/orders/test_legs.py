"""An order on a combination beside what is held of its legs."""

from pathlib import Path

import pytest

from tests.support.all_outputs import all_outputs
from tests.support.scripted_tws import script
from tests.support.tws_messages import order_status, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

LEG, OTHER = 11, 700000001
QUOTES = {"CIM-B": [24.5, 24.6, 24.55, 24.4], "GS-A": [22.0, 22.1, 22.05, 22.0]}
NOTHING = {"working_uncounted": 0, "working_buy": 0, "working_sell": 0}


async def test_that_a_combination_with_a_share_that_is_held_is_named_in_what_works_on_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = [position(400), position(100, 20.0, con_id=LEG, symbol="GS", local_symbol="GS PRA")]
    async with all_outputs({**script("combo"), "to_61": held, "hammer": QUOTES}, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        working = {int(cells["con_id"]): cells["working"] for cells in product.positions()}
        assert working == {LEG: "+1 ?", OTHER: ""}
        place = [int(cells["con_id"]) for cells in product.positions()].index(LEG)
        why = "Not counted: order 9, this is a leg of its combination"
        assert product.tooltip(product.positions_table, "working", place) == why
        reported = await seen.positions()
        assert (reported[LEG]["working_uncounted"], reported[LEG]["potential_qty"]) == (1, None)
        assert {key: reported[OTHER][key] for key in NOTHING} == NOTHING
        assert reported[OTHER]["potential_qty"] == 400
        product.tws.answers["16"] = [
            *script("combo")["to_16"][:1],
            order_status(1100, "Inactive", 0, 5, order_id=9, client_id=3),
        ]
        await until(lambda: {cells["working"] for cells in product.positions()} == {""}, what="an idle order")
        product.tws.answers["16"] = script("combo")["to_16"]
        await until(
            lambda: "+1 ?" in {cells["working"] for cells in product.positions()}, what="it works again"
        )
        product.tws.answers["16"] = []
        await until(lambda: {cells["working"] for cells in product.positions()} == {""}, what="no order")
