"""Numbers that TWS writes in another form than usual: what they say is read, wherever it is reported."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.tws_messages import UNSET, execution, listed, open_order, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

LONG_ID = 9007199254740993
FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sizes with decimals": (
        {"display_size": "10.0", "min_qty": "50.0"},
        {"display_size": 10, "attributes": {"min_qty": 50}},
    ),
    "sizes that are not set, in the words of a price": (
        {"min_qty": UNSET, "duration": UNSET},
        {"attributes": {}},
    ),
    "ids with decimals": (
        {"order_id": "7.0", "client_id": "3.0", "con_id": "700000001.0"},
        {"order_id": 7, "con_id": 700000001},
    ),
    "flags in words": ({"hidden": "true", "outside_hours": "False"}, {"hidden": True, "outside_rth": False}),
    "a quantity with an exponent": ({"quantity": "1E2"}, {"qty": 100}),
}


async def test_that_numbers_in_other_forms_are_read_wherever_they_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [listed(n, limit=24.52, **terms) for n, (terms, _) in enumerate(FORMS.values(), 1)]
    orders.append(listed(LONG_ID, limit=24.7))
    fills = [
        execution(31, 100, 24.5, 1),
        execution(31, 100, 24.6, 2, con_id="700000001.0", client_id="0.0"),
    ]
    held = position(con_id="700000001.0")
    async with all_outputs(script_with(*orders, to_7=fills, to_61=[held]), tmp_path, capsys) as seen:
        await seen.product.connect()
        reported, printed = await seen.orders(), (await seen.command()).orders()
        assert len(reported) == len(printed) == len(FORMS) + 1
        for number, (name, (_terms, fields)) in enumerate(FORMS.items(), 1):
            assert differences(reported[number], fields) == {}, name
            assert differences(printed[number], fields) == {}, name
        assert reported[LONG_ID]["key"] == f"U1240821/{LONG_ID}"
        assert working(seen.product) == f"SELL {100 * len(orders)}"
        await until(lambda: len(seen.product.fills()) == len(fills), what="both executions")
        assert seen.product.monitor.links[GUN].status.warning is None


async def test_that_an_unreadable_order_keeps_the_whole_of_a_long_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    orders = [[[*(fields := open_order(LONG_ID + n))[:40], *fields[41:]]] for n in range(3)]
    async with all_outputs(script_with(*orders), tmp_path, capsys) as seen:
        await seen.product.connect()
        assert sorted(await seen.orders()) == [LONG_ID, LONG_ID + 1, LONG_ID + 2]
        assert working(seen.product) == "+3 ?"
