"""Hammer Pro's own account in figures that are none: from its socket to the cells, tooltips and the API."""

from typing import Any

import pytest

from tests.end_to_end.connection.connection_texts import bannered
from tests.end_to_end.hammer_account.test_impossible_figures import HELD, NONE, loaded, order, script
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def problem_of(product: ScriptedProduct) -> str:
    return str(product.monitor.book.account_state(HAMMER).problem)


def tooltip_of(product: ScriptedProduct, order_id: str, column: str) -> str:
    ids = [row["order_id"] for row in product.cells(product.orders_table)]
    return str(product.tooltip(product.orders_table, column, ids.index(order_id)))


async def test_that_terms_of_an_order_that_are_no_numbers_are_dashes_and_named() -> None:
    stop = {"OrderType": "Stop Limit", "StopPrice": "20,1"}
    orders = [order("1", LimitPrice="24,40"), order("2", QTY="1,000", RemainingQTY="?"), order("3", **stop)]
    async with scripted(script(transactions=[*orders, order("9")]), has_window=True) as product:
        reported = {each.order_id: each for each in (await loaded(product)).orders}
        unread = {name: each.unread for name, each in reported.items()}
        assert unread == {"1": ["limit"], "2": ["total_quantity", "remaining"], "3": ["stop"], "9": []}
        assert (reported["1"].limit_price, reported["2"].qty, reported["3"].stop_price) == (None, None, None)
        cells = {row["order_id"]: row for row in product.cells(product.orders_table)}
        assert (cells["1"]["limit_price"], cells["2"]["quantity"]) == (NONE, NONE)
        assert tooltip_of(product, "1", "limit_price") == "The limit that HAMMER reports cannot be read"
        assert tooltip_of(product, "2", "quantity") == "The quantity that HAMMER reports cannot be read"
        assert "HAMMER reports terms that cannot be read: total quantity" in tooltip_of(
            product, "2", "order_type"
        )
        assert (
            "limit of 1 (CIM PRB); total quantity, remaining of 2 (CIM PRB); stop of 3 (CIM PRB)"
            in problem_of(product)
        )
        await until(lambda: "HAMMER reports terms of orders that cannot be read" in bannered(product))


async def test_that_balances_that_are_no_numbers_are_named() -> None:
    balances = {"NetLiq": "abc", "BuyingPower": "1.000,5", "Cash": 20.0}
    async with scripted(script(balances=balances)) as product:
        (own,) = (await loaded(product)).summaries
        assert (own.net_liquidation, own.buying_power, own.total_cash) == (None, None, 20.0)
        assert "balances that cannot be read: net liquidation, buying power." in problem_of(product)


async def test_that_what_was_paid_in_no_number_is_named() -> None:
    async with scripted(script(positions=[HELD, {**HELD, "Symbol": "MS-A", "Paid": "24,1"}])) as product:
        await loaded(product)
        assert problem_of(product) == ("HAMMER reports what was paid for MS-A in a way that cannot be read.")
        tooltips = {
            row["symbol"]: product.tooltip(product.positions_table, "average_price", n)
            for n, row in enumerate(product.positions())
            if row["account"] == "HAM"
        }
        assert tooltips["MS PRA"] == "HAMMER reports no average price that can be read"
        assert str(tooltips["CIM PRB"]).endswith("whether with commissions it does not say")


@pytest.mark.parametrize("places", [(0, 1), (1, 0)])
async def test_that_a_position_listed_twice_with_the_same_figures_counts_once_and_is_named(
    places: tuple[int, int],
) -> None:
    listed: list[Any] = [[HELD, HELD], [{**HELD, "Symbol": "MS-A"}]]
    async with scripted(script(positions=[row for n in places for row in listed[n]])) as product:
        reported = await loaded(product)
        assert {p.symbol: p.qty for p in reported.positions} == {"CIM PRB": 100, "MS PRA": 100}
        assert problem_of(product).startswith("HAMMER lists CIM-B twice with the same figures.")


@pytest.mark.parametrize(
    ("nameless", "quantity", "named"),
    [
        ([{"Symbol": "", "QTY": 250}], "250", "a position without a symbol"),
        ([{"QTY": 250}, {"Symbol": None, "QTY": 40}, {"sym": ["X"], "QTY": 1}], NONE, "3 positions without"),
    ],
)
async def test_that_what_hammer_holds_without_naming_it_is_shown_and_named(
    nameless: list[dict[str, Any]],
    quantity: str,
    named: str,
) -> None:
    async with scripted(script(positions=[*nameless, HELD])) as product:
        snapshot = await loaded(product)
        (shown,) = (cells for cells in product.positions() if cells["symbol"] == NONE)
        assert (shown["quantity"], shown["last"], shown["market_value"]) == (quantity, NONE, NONE)
        assert named in problem_of(product)
        held = {record.symbol: record for record in snapshot.positions}
        assert held.keys() == {NONE, "CIM PRB"}
        assert held[NONE].no_price == "HAMMER does not say what it is called, it is not asked"


async def test_that_an_order_of_which_more_remains_than_was_ordered_says_why_it_is_in_no_sum() -> None:
    async with scripted(script(transactions=[order("9", RemainingQTY=900)])) as product:
        await loaded(product)
        said = "In no sum: more is said to remain of it than was ordered"
        await until(lambda: tooltip_of(product, "9", "remaining") == said)
        product.hammer.account = {**(product.hammer.account or {}), "transactions": [order("9")]}
        product.hammer.send("transactionsUpdate", {"setOrChange": "set", "transactions": [order("9")]})
        await until(lambda: tooltip_of(product, "9", "remaining") == "")
