"""What changes while the window is open: a name, a side, a cost, and all that happened while TWS was away."""

from functools import partial
from typing import Any

import pytest

from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.tws_messages import execution, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}
UNSET = "1.7976931348623157E308"


def script_with(**more: Any) -> dict[str, Any]:
    return {"to_61": [position()], "to_16": [], "to_7": [], "hammer": HAMMER, **more}


def cost(commission: object, realized: object, currency: str = "USD") -> list[str]:
    """Message 59 of the first execution."""
    return ["59", "1", "0000e0d5.67fe66.01.01", str(commission), currency, str(realized), "", ""]


async def test_that_the_window_of_a_share_follows_it_to_its_new_name() -> None:
    quotes = {**HAMMER, "CBLDQ": [0.9, 1.1, 1.0, 1.0]}
    async with scripted(script_with(hammer=quotes, to_16=listed(1)), has_window=True) as product:
        await product.connect_with_fills()
        windows = product.window.symbol_windows
        assert windows.open_named("CIM PRB")
        before = windows.windows[0]
        before.choose_tab("GRPAN, RWVAP")
        before.resize(700, 600)
        tab, size = before.tab, before.size()
        renamed = position(symbol="CBLDQ", local_symbol="CBLDQ")
        product.tws.answers["61"] = [renamed]
        product.tws.send(renamed)
        await until(
            lambda: [(row["symbol"], row["last"]) for row in product.positions()] == [("CBLDQ", "1.00")]
        )
        product.window.refresh.second.emit()
        (after,) = windows.windows
        assert (after.share.symbol, after.share.con_id) == ("CBLDQ", before.share.con_id)
        assert (after.tab, after.size()) == (tab, size)
        assert after.windowTitle().startswith("CBLDQ")
        product.window.refresh.second.emit()
        assert windows.windows == (after,)


async def test_that_the_latest_reported_cost_of_an_execution_counts_and_an_unset_one_changes_nothing() -> (
    None
):
    async with scripted(script_with(to_7=[execution(77, 100, 24.6)])) as product:
        await product.connect_with_fills()

        def shows(commission: str, realized: str) -> bool:
            return [(f["commission"], f["realized_pnl"]) for f in product.fills()] == [(commission, realized)]

        await until(partial(shows, "—", "—"))
        for reported, cells in (
            (cost(1.0, 10.0), ("1.00", "+10.00")),
            (cost(1.5, 9.5), ("1.50", "+9.50")),
            (cost(-0.2, 11.2), ("−0.20", "+11.20")),
        ):
            product.tws.send(cost(UNSET, UNSET), reported)
            await until(partial(shows, *cells))
            total = product.fill_totals()[0]
            assert (total["commission"], total["realized_pnl"], total["lacks"]) == (*cells, "")
            (fill,) = product.api_fills().values()
            assert (fill["commission"], fill["realized_pnl"]) == (float(reported[3]), float(reported[5]))
        product.tws.send(cost(UNSET, UNSET), position(300))
        await until(lambda: product.positions()[0]["quantity"] == "300")
        assert shows("−0.20", "+11.20")


async def test_that_a_short_position_bought_through_zero_is_long_and_its_day_is_whole() -> None:
    sold, bought = execution(77, 300, 24.6), execution(78, 500, 24.3, 2, side="BOT")
    async with scripted(script_with(to_61=[position(-200, 24.6)], to_7=[sold])) as product:
        await product.connect_with_fills()
        columns = ("side", "quantity", "market_value", "unrealized_pnl", "day_pnl")

        def row() -> tuple[str, ...]:
            return tuple(product.positions()[0][column] for column in columns)

        # 100 at the open rose by 0.15, 300 were sold 0.05 above the mark.
        await until(lambda: row() == ("SHORT", "−200", "−4,910", "+10", "+30"))
        product.tws.answers |= {"7": [sold, bought], "61": [position(300, 24.3)]}
        product.tws.send(position(300, 24.3), bought)
        await until(lambda: row() == ("Long", "300", "7,365", "+75", "+155"))
        (total,) = product.fill_totals()
        assert (total["bought"], total["sold"], total["net"]) == ("500", "300", "200")


async def test_that_events_during_a_restart_of_tws_are_reported_afterwards() -> None:
    before = execution(77, 100, 24.6)
    story = script_with(to_16=[*listed(1), *listed(2, quantity=200, limit=25.5)], to_7=[before])
    async with scripted(story) as product:
        await product.connect_with_fills()
        await until(lambda: sorted(product.orders()) == [1, 2])
        product.tws.answers |= {
            "61": [position(250)],
            "16": [
                *listed(2, quantity=200, limit=25.25, filled=50),
                *listed(3, quantity=10, action="BUY", limit=24.0),
            ],
            "7": [before, execution(1, 100, 24.9, 2), execution(2, 50, 25.25, 3)],
        }
        product.tws.close_all()
        await until(lambda: product.positions()[0]["working"] == "B 10 S 150")
        await until(lambda: len(product.fills()) == 3)
        assert product.positions()[0]["quantity"] == "250"
        orders = product.orders()
        fields = {n: (o["status"], o["limit_price"], o["filled"], o["remaining"]) for n, o in orders.items()}
        assert fields == {
            1: ("Filled", "24.90", "100", "0"),
            2: ("Submitted · part", "25.25", "50", "150"),
            3: ("Submitted", "24.00", "0", "10"),
        }
        # 500 at the open rose by 0.15; 250 of them were sold above the mark, for 5, 35 and 35.
        await until(lambda: product.positions()[0]["day_pnl"] == "+150")
        assert product.monitor.fills.state(GUN).gaps == ()
