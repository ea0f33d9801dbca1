"""Positions as TWS has been seen to send them, from its socket to the cells of the window and the API."""

from typing import Any

import pytest

from psf_monitor.cli import snapshot
from psf_monitor.domain.fills.journal_records import SnapshotKind
from psf_monitor.journal.snapshots import snapshot_of
from psf_monitor.ui.positions.total import total_figures
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import UNSET, position
from tests.support.waiting import PATIENCE_S, until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4], "GS-A": [22.0, 22.1, 22.05, 22.0]}
OTHER = {"con_id": 700000002, "symbol": "GS", "local_symbol": "GS PRA"}
UNSETS = ["", "2147483647", "9223372036854775807", UNSET]


def holding(*positions: list[str], **more: Any) -> dict[str, Any]:
    return {"to_61": list(positions), "hammer": HAMMER, **more}


@pytest.mark.parametrize("unset", UNSETS)
async def test_that_a_quantity_that_is_not_set_is_unknown_and_the_row_stays(unset: str) -> None:
    async with scripted(holding(position(unset), position(100, 20.0, **OTHER)), has_window=True) as product:
        await product.connect()
        unknown, known = product.positions()
        assert (unknown["symbol"], unknown["quantity"], unknown["side"]) == ("CIM PRB", "—", "—")
        assert (unknown["last"], unknown["market_value"], unknown["unrealized_pnl"]) == ("24.55", "—", "—")
        assert known["market_value"] == "2,205"
        totals = product.monitor.book.totals([GUN])
        assert (totals.positions, totals.without_quantity, totals.market_value) == (2, 1, 2205.0)
        assert "1 of unknown quantity in no sum" in total_figures(totals, "").note
        assert product.window.positions.chip.text == "1 of unknown quantity"
        fields = {p["symbol"]: p for p in product.snapshot()["positions"]}
        assert (fields["CIM PRB"]["qty"], fields["CIM PRB"]["market_value"]) == (None, None)
        kept = snapshot_of(product.monitor.book, GUN, SnapshotKind.ASKED, product.clock(), is_current=True)
        assert {held.symbol: held.quantity for held in kept.positions} == {"CIM PRB": None, "GS PRA": 100}


@pytest.mark.parametrize("unset", UNSETS)
async def test_that_a_quantity_that_becomes_unknown_and_known_again_is_followed(unset: str) -> None:
    async with scripted(holding(position(400))) as product:
        await product.connect()
        for quantity, shown in ((unset, "—"), ("300", "300")):
            product.tws.send(position(quantity))
            await until(lambda shown=shown: product.positions()[0]["quantity"] == shown)  # type: ignore[misc]
        product.tws.send(position(0, 0.0))
        await until(lambda: not product.positions())


async def test_that_a_snapshot_with_an_unknown_quantity_is_not_complete(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with scripted(holding(position(""))) as product:
        code = await snapshot.print_snapshot(product.monitor.settings, (GUN,), PATIENCE_S)
        assert code == snapshot.QUOTES_MISSING
        assert '"qty": null' in capsys.readouterr().out


@pytest.mark.parametrize("cost", ["", "0", "0.0", UNSET])
async def test_that_a_cost_of_nothing_is_unknown_and_no_profit(cost: str) -> None:
    async with scripted(holding(position(400, cost), position(100, 20.0, **OTHER))) as product:
        await product.connect()
        unknown, known = product.positions()
        shown = (unknown["average_price"], unknown["unrealized_pnl"], unknown["pnl_pct"])
        assert shown == ("—", "—", "—")
        assert unknown["market_value"] == "9,820"
        assert known["unrealized_pnl"] == "+205"
        totals = product.monitor.book.totals([GUN])
        assert totals.without_cost == 1
        assert totals.unrealized_pnl == pytest.approx(205)
        assert product.snapshot()["positions"][0]["avg_price"] is None


def of_model(model: str, quantity: object, cost: object) -> list[str]:
    """Message 71."""
    return ["71", "1", "{req}", *position(quantity, cost)[2:], model]


MANY = ",".join(f"U12408{n}" for n in range(21, 81))


@pytest.mark.parametrize(
    ("models", "quantity", "average", "pnl"),
    [
        ([("Income", 300, 24.0), ("Growth", 100, 26.0)], "400", "24.5000", "+20"),
        ([("", 300, 24.0), ("Growth", -100, 24.0)], "200", "24.0000", "+110"),
        ([("Income", 300, 24.0), ("Growth", 100, 0)], "400", "—", "—"),
        ([("Income", 300, 24.0), ("Growth", "", 24.0)], "—", "—", "—"),
        ([("Income", 300, 24.0), ("Growth", 0, 0)], "300", "24.0000", "+165"),
    ],
)
async def test_that_the_models_of_an_account_are_added_up(
    models: list[tuple[str, object, object]], quantity: str, average: str, pnl: str
) -> None:
    values = [f"73|1|{{req}}|U1240821|{model}|NetLiquidation|1000.5|USD" for model, _, _ in models]
    script = {
        "accounts": MANY,
        "account_id": "U1240821",
        "to_74": [of_model(*model) for model in models],
        "to_76": values,
        "hammer": HAMMER,
    }
    async with scripted(script) as product:
        await product.connect()
        (held,) = product.positions()
        assert (held["quantity"], held["unrealized_pnl"]) == (quantity, pnl)
        assert held["average_price"] == average
        await until(lambda: product.monitor.book.strip(GUN).net_liquidation == 2001.0)


async def test_that_models_that_add_up_to_0_are_still_held() -> None:
    flat = [of_model("Income", 100, 24.0), of_model("Growth", -100, 26.0)]
    script = {"accounts": MANY, "account_id": "U1240821", "to_74": flat, "hammer": HAMMER}
    async with scripted(script) as product:
        await product.connect()
        (held,) = product.positions()
        assert (held["quantity"], held["side"], held["market_value"]) == ("0", "Flat", "0")
        assert (held["average_price"], held["unrealized_pnl"]) == ("—", "—")
        text = product.tooltip(product.positions_table, "quantity")
        assert text == "0 over all model portfolios: −100 Growth and 100 Income"
        (record,) = product.snapshot()["positions"]
        assert (record["qty"], record["models"]) == (0.0, {"Growth": -100.0, "Income": 100.0})
        assert "1 without average price" in product.monitor.book.strip(GUN).not_valued[0]
        kept = snapshot_of(product.monitor.book, GUN, SnapshotKind.ASKED, product.clock(), is_current=True)
        assert [each.quantity for each in kept.positions] == [0.0]
        request = next(fields[2] for fields in product.tws.received if fields[0] == "74")
        for model, quantity in (("Income", 0), ("Growth", 0)):
            message = of_model(model, quantity, 24.0)
            product.tws.send([*message[:2], request, *message[3:]])
        await until(lambda: not product.positions())


async def test_that_a_change_of_one_model_is_a_change_of_the_whole() -> None:
    script = {
        "accounts": MANY,
        "account_id": "U1240821",
        "to_74": [of_model("Income", 300, 24.0), of_model("Growth", 100, 24.0)],
        "hammer": HAMMER,
    }
    async with scripted(script) as product:
        await product.connect()
        request = next(fields[2] for fields in product.tws.received if fields[0] == "74")
        for quantity, shown in ((50, "350"), (0, "300")):
            head, tail = of_model("Growth", quantity, 24.0)[:2], of_model("Growth", quantity, 24.0)[3:]
            product.tws.send([*head, request, *tail])
            await until(lambda shown=shown: product.positions()[0]["quantity"] == shown)  # type: ignore[misc]
