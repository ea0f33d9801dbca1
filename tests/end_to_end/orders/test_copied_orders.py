"""What a spreadsheet gets of what is ordered, held and traded in fractions."""

from datetime import UTC, datetime

import pytest

from tests.support.records import Clock
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import execution, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def copied(name: str, product: ScriptedProduct) -> list[dict[str, str]]:
    """The lines of a table as they are copied and saved."""
    product.window.show_now()
    panel = getattr(product.window, name)
    titles, *lines = panel.view.export(range(panel.model.shown_count)).table()
    return [dict(zip(titles, line, strict=True)) for line in lines]


async def test_that_a_fraction_has_all_its_digits_where_a_table_is_copied() -> None:
    async with scripted(
        script("fractions"), clock=Clock(datetime(2026, 11, 27, 17, tzinfo=UTC)), has_window=True
    ) as product:
        await product.connect()
        await until(product.fills, what="the execution")
        held, ordered, done = (copied(each, product) for each in ("positions", "orders", "fills"))
        assert [line["Qty"] for line in held] == ["0.00025289", "0.00001234"]
        by_id = {line["Order ID"]: line for line in ordered}
        assert [by_id[key]["Qty"] for key in ("201", "202", "203")] == ["20 USD", "0.0002", "0.00001234"]
        assert (by_id["203"]["Filled"], by_id["203"]["Remaining"]) == ("0.00001", "0.00000234")
        assert done[0]["Qty"] == "0.00025289"


async def test_that_a_price_of_tws_has_all_its_digits_where_a_table_is_copied() -> None:
    of = {
        "to_61": [position(100, 201.8829709)],
        "to_16": listed(1, limit=24.12345678),
        "to_7": [execution(2, 100, 24.87654321)],
        "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
    }
    async with scripted(of, has_window=True) as product:
        await product.connect()
        await until(product.fills, what="the execution")
        held, ordered, done = (copied(each, product)[0] for each in ("positions", "orders", "fills"))
        assert (held["Avg px"], ordered["Limit"], done["Price"]) == (
            "201.8829709",
            "24.12345678",
            "24.87654321",
        )
