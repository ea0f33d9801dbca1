"""By how much an order trails the market or keeps from it: its type says what TWS's field means."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.orders.order_script import script_with
from tests.support.all_outputs import all_outputs
from tests.support.scripted_product import scripted
from tests.support.tws_messages import UNSET, listed

pytestmark = pytest.mark.usefixtures("qapp")

PRICES = "offset", "trailing_percent", "stop_price", "limit_price"
TERMS: list[tuple[dict[str, Any], tuple[float | None, ...], str]] = [
    (
        {"order_type": "TRAIL", "aux": 0.3, "trail_stop": 23.6, "limit": 0.0},
        (0.3, None, 23.6, None),
        "Trails the market by 0.30",
    ),
    (
        {"order_type": "TRAIL", "aux": UNSET, "trailing_percent": 1.5, "limit": 0.0},
        (None, 1.5, None, None),
        "Trails the market by 1.5%",
    ),
    (
        {"order_type": "TRAIL LIMIT", "aux": 0.125, "limit": 23.5},
        (0.125, None, None, 23.5),
        "Trails the market by 0.125",
    ),
    (
        {"order_type": "REL", "aux": 0.01, "limit": 24.6},
        (0.01, None, None, 24.6),
        "Offset to the market 0.01",
    ),
    (
        {"order_type": "PEG MID", "aux": 0.005, "limit": 0.0},
        (0.005, None, None, None),
        "Offset to the market 0.005",
    ),
    ({"order_type": "PEG MKT", "aux": 0.0, "limit": 0.0}, (None, None, None, None), ""),
    ({"order_type": "STP", "aux": 24.0, "limit": 0.0}, (None, None, 24.0, None), ""),
    ({"order_type": "LMT", "aux": 0.3, "trailing_percent": 1.5, "limit": 24.9}, (None, None, None, 24.9), ""),
]


async def test_that_a_trailing_amount_or_an_offset_is_reported_and_is_no_price() -> None:
    orders = [listed(n, **terms) for n, (terms, _reported, _shown) in enumerate(TERMS, 1)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        reported, places = product.api_orders(), list(product.orders())
        for number, (_terms, right, text) in enumerate(TERMS, 1):
            assert tuple(reported[number][name] for name in PRICES) == right
            tips = [
                product.tooltip(product.orders_table, column, places.index(number))
                for column in ("order_type", "where")
            ]
            assert all(text in tip for tip in tips)
            assert text or not any("market by" in tip or "Offset" in tip for tip in tips)
            limit = product.tooltip(product.orders_table, "limit_price", places.index(number))
            assert limit.startswith("No limit reported") is (right[-1] is None)


@pytest.mark.parametrize("order_type", ["TRAIL", "TRAIL LIMIT", "REL", "PEG MID"])
async def test_that_an_offset_that_is_no_number_is_called_an_offset_and_no_stop(
    order_type: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = script_with(listed(1, order_type=order_type, aux="x", trail_stop=23.6, limit=24.9))
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        (order,) = (await seen.orders()).values()
        assert (order["unread"], order["offset"]) == (["offset"], None)
        assert product.orders()[1]["order_type"] == f"{order_type} · ?"
        assert product.orders()[1]["attributes"] == "TWS reports terms that cannot be read: offset"
        assert "stop that TWS" not in product.tooltip(product.orders_table, "limit_price")
