"""What else TWS says of how an order trades: in cells and tooltips, over HTTP, on the command line."""

from pathlib import Path

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.everywhere import everywhere
from tests.tws_messages import UNSET, open_order, order_status

pytestmark = pytest.mark.usefixtures("qapp")


async def test_that_an_order_that_ibkr_caps_stands_at_the_cap_wherever_it_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [
        [open_order(1, action="BUY", limit=30.0), order_status(1, cap=24.52)],
        [open_order(2, limit=20.0), order_status(2, cap=24.58)],
        [open_order(3, limit=24.58), order_status(3, cap=24.0)],
        [open_order(4, order_type="MKT", limit=0.0), order_status(4, cap=24.3)],
        [open_order(5, limit=24.58), order_status(5, cap=UNSET)],
    ]
    caps = {1: 24.52, 2: 24.58, 3: 24.0, 4: 24.3, 5: None}
    async with everywhere(script_with(*orders), tmp_path, capsys) as seen:
        stage = seen.stage
        await stage.connect()
        cells = {n: (o["limit_price"], o["to_fill"], o["where"]) for n, o in stage.orders().items()}
        assert cells == {
            1: ("30.00", "0.08", "Inside spread"),
            2: ("20.00", "0.08", "Inside spread"),
            3: ("24.58", "0.08", "Inside spread"),
            4: ("—", "—", "Market order"),
            5: ("24.58", "0.08", "Inside spread"),
        }
        reported = await seen.orders()
        assert {n: order["capped_at"] for n, order in reported.items()} == caps
        assert not any(order["near_fill"] for order in reported.values())
        assert {n: order["capped_at"] for n, order in (await seen.command()).orders().items()} == caps
        table = stage.window.orders
        for place, n in enumerate(table.model.line(each).row.perm_id for each in range(len(orders))):
            for column in ("limit_price", "where"):
                text = stage.tooltip(table, column, place)
                assert (f"IBKR caps it at {caps[n]:.2f} for now" in text) if caps[n] else ("caps" not in text)
