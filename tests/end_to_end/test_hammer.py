"""What HAMMER says at another time than expected: from its socket to the cells, the banners and the API."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from psf_monitor.api import snapshot_records
from psf_monitor.connection.status import LinkState
from tests.end_to_end.connection.connection_texts import bannered, banners
from tests.support.records import GUN
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted
from tests.support.tws_messages import position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

QUOTE = (24.5, 24.6, 24.55, 24.4)
NONE = "—"
FILLS = [
    {"FillID": "a", "QTY": 60, "Price": 24.9, "FillDT": "2026-09-18T15:00:00"},
    {"FillID": "b", "QTY": 40, "Price": 24.9, "FillDT": "2026-09-18T15:00:01"},
]
SOLD = {
    "OrderID": "9",
    "Symbol": "CIM-B",
    "Action": "Sell",
    "QTY": 100,
    "OrderType": "Limit",
    "LimitPrice": 24.9,
    "TIF": "Day",
    "StatusID": "Filled",
    "FilledQTY": 100,
    "RemainingQTY": 0,
    "FilledPrice": 24.9,
    "FilledDT": "2026-09-18T15:00:00",
    "Fills": FILLS,
}
ACCOUNT = {
    "positions": [{"Symbol": "CIM-B", "QTY": 100, "Paid": 24.1}],
    "transactions": [SOLD],
    "balances": {"NetLiq": 1000.0},
}


def script_with(**more: Any) -> dict[str, Any]:
    return {"to_61": [position()], "to_16": [], "to_7": [], "hammer": {"CIM-B": QUOTE}, **more}


def cells(product: ScriptedProduct, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in product.positions()]


async def test_that_a_refused_share_that_is_quoted_nevertheless_is_live() -> None:
    async with scripted(script_with(hammer={})) as product:
        await product.connect()
        assert cells(product, "last", "market_value") == [(NONE, NONE)]
        assert product.snapshot()["positions"][0]["quote_state"] == "MISSING"
        product.hammer.quote("CIM-B", *QUOTE)
        await until(lambda: cells(product, "last", "market_value", "day_pnl") == [("24.55", "9,820", "+60")])
        reported = product.snapshot()["positions"][0]
        assert (reported["quote_state"], reported["no_price"], reported["prev_close"]) == ("LIVE", None, 24.4)


def traded(product: ScriptedProduct, price: float, stamp: str) -> None:
    """The stream sends a trade, and HAMMER answers so from then on."""
    product.hammer.quotes["CIM-B"] = (24.5, 24.6, price, 24.4)
    fields = {"sym": "CIM-B", "bid": 24.5, "ask": 24.6, "price": price, "size": 100, "timeStamp": stamp}
    product.hammer.send("L1Update", fields)


async def test_that_the_first_time_stamp_of_a_price_marks_it_if_it_is_of_yesterday() -> None:
    async with scripted(script_with()) as product:
        await product.connect()
        traded(product, 24.51, "2026-09-17T19:59:00")
        await until(lambda: product.snapshot()["positions"][0]["quote_state"] == "LATE")
        reported = product.snapshot()["positions"][0]
        assert (reported["current_price"], reported["market_value"], reported["day_pnl"]) == (
            None,
            None,
            None,
        )
        traded(product, 24.52, "2026-09-18T16:00:00")
        await until(lambda: product.snapshot()["positions"][0]["current_price"] == 24.52)
        assert product.snapshot()["positions"][0]["quote_state"] == "LIVE"


def gaps(product: ScriptedProduct) -> str:
    return " ".join(product.monitor.fills.state(HAMMER).gaps)


async def own_fills(product: ScriptedProduct) -> list[str]:
    await until(lambda: product.monitor.fills.state(HAMMER).as_of, what="HAMMER's executions")
    return [fill["quantity"] for fill in product.fills()]


@pytest.mark.parametrize("answered", [3, 5, 8, 12])
async def test_that_a_line_that_breaks_during_a_report_leaves_no_price_half_reported(
    answered: int,
) -> None:
    letters = "ABCDEFGH"
    shares = [position(100, con_id=n, local_symbol=f"CIM PR{letter}") for n, letter in enumerate(letters, 1)]
    async with scripted(
        script_with(to_61=shares, hammer={f"CIM-{letter}": QUOTE for letter in letters})
    ) as product:
        product.hammer.answers_left = answered
        await product.connect()
        await until(lambda: product.hammer.answers_left is None, what="the break")
        whole = [("24.50", "24.60", "24.55", "+0.15", "2,455")] * len(letters)

        def is_whole_again() -> bool:
            states = {reported["quote_state"] for reported in product.snapshot()["positions"]}
            return (
                states == {"LIVE"} and cells(product, "bid", "ask", "last", "change", "market_value") == whole
            )

        await until(is_whole_again)


async def test_that_a_bid_above_the_ask_values_nothing_without_a_last() -> None:
    why = "bid above ask and no last, nothing to value it at"
    async with scripted(script_with(hammer={"CIM-B": (24.7, 24.6, 0, 24.4)})) as product:
        await product.connect()
        shown = ("bid", "ask", "last", "mid", "spread", "mark", "market_value", "unrealized_pnl", "day_pnl")
        assert cells(product, *shown) == [("24.70", "24.60", NONE, NONE, "\u22120.10", *[NONE] * 4)]
        for column in ("mark", "market_value", "unrealized_pnl"):
            assert product.tooltip(product.positions_table, column) == f"Not valued: {why}"
        reported = product.snapshot()["positions"][0]
        figures = (
            reported["bid"],
            reported["ask"],
            reported["current_price"],
            reported["market_value"],
            reported["price_status"],
        )
        assert figures == (24.7, 24.6, None, None, "NO_PRICE")
        assert (reported["quote_state"], reported["no_price"]) == ("LIVE", why)
        product.hammer.quote("CIM-B", 24.7, 24.6, 24.65, 24.4)
        await until(lambda: cells(product, "mid", "mark", "market_value") == [(NONE, "24.65", "9,860")])
        assert product.snapshot()["positions"][0]["no_price"] is None


async def test_that_an_execution_that_hammer_takes_back_silently_is_reported() -> None:
    async with scripted(script_with(hammer_account=ACCOUNT)) as product:
        await product.connect()
        assert await own_fills(product) == ["40", "60"]
        assert gaps(product) == ""
        less = {**SOLD, "FilledQTY": 60, "RemainingQTY": 40, "StatusID": "Canceled", "Fills": FILLS[:1]}
        product.hammer.account = {**ACCOUNT, "transactions": [less]}
        whole = {"accountKey": product.hammer.key, "setOrChange": "set", "transactions": [less]}
        product.hammer.send("transactionsUpdate", whole)
        await until(lambda: "counts less as filled than its executions come to (CIM PRB)" in gaps(product))
        assert await own_fills(product) == ["40", "60"]


async def test_that_another_account_behind_hammer_shows_nothing_of_the_one_before_and_is_reported() -> None:
    async with scripted(
        script_with(hammer_account={**ACCOUNT, "transactions": []}), has_window=True
    ) as product:
        await product.connect()
        await until(lambda: cells(product, "quantity") == [("100",), ("400",)])
        product.hammer.key = "ALARIC:TOPI000000B2"
        held = [{"Symbol": "CIM-B", "QTY": 7, "Paid": 24.1}]
        product.hammer.account = {"positions": held, "transactions": [], "balances": {"NetLiq": 5.0}}
        await product.hammer.close_all()
        await until(lambda: cells(product, "quantity") == [("7",), ("400",)])
        text = "Hammer Pro's account has changed at 12:00:00: TOPI•••••0A1 left, TOPI•••••0B2 came."
        await until(lambda: text in bannered(product))
        assert "TWS" not in bannered(product)

        def error() -> str:
            status = product.monitor.links[HAMMER].status
            return snapshot_records.link(product.monitor.book, HAMMER, status).error or ""

        assert text in error()
        assert product.monitor.links[GUN].status.state is LinkState.READY
        (seen, *_) = banners(product)[0].buttons
        QTest.mouseClick(seen, Qt.MouseButton.LeftButton)
        assert text not in bannered(product)
        assert error() == ""


async def test_that_a_previous_close_that_is_no_number_costs_no_price_and_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    of: dict[str, Any] = {"to_61": [position()], "to_16": [], "hammer": {"CIM-B": [24.5, 24.6, 24.55, "n/k"]}}
    async with scripted(of) as product:
        await product.connect()
        (row,) = product.monitor.book.position_rows()
        assert (row.mark, row.prev_close, row.day_pnl) == (24.55, None, None)
        await until(lambda: "of CIM-B what is not understood (logged once): prevClose 'n/k'" in caplog.text)
        assert product.monitor.links[HAMMER].status.warning is None
