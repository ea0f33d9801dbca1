"""Hammer Pro's own account with impossible figures: from its socket to the cells and the API."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.api import snapshot_records
from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill_totals import totals
from tests.support.all_outputs import AllOutputs, all_outputs
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted
from tests.support.tws_messages import position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

NONE = "—"
HELD = {"Symbol": "CIM-B", "QTY": 100, "Paid": 24.1}
QUOTE = [24.5, 24.6, 24.55, 24.4]


def order(order_id: Any, **differs: Any) -> dict[str, Any]:
    plain = {
        "OrderID": order_id,
        "Symbol": "CIM-B",
        "Action": "Buy",
        "QTY": 100,
        "OrderType": "Limit",
        "LimitPrice": 24.4,
        "TIF": "Day",
        "StatusID": "Open",
        "FilledQTY": 0,
        "RemainingQTY": 100,
    }
    return {**plain, **differs}


def filled(order_id: Any, **differs: Any) -> dict[str, Any]:
    done = {"StatusID": "Filled", "FilledQTY": 100, "RemainingQTY": 0, "FilledPrice": 24.4}
    return order(order_id, **{**done, "FilledDT": "2026-09-18T15:00:00", **differs})


async def loaded(product: ScriptedProduct) -> snapshot_records.Snapshot:
    """Return what the API reports of it once everything has been sent."""
    await product.connect()
    book = product.monitor.book

    def is_reported() -> bool:
        is_listed = book.account_state(HAMMER).orders_checked_at is not None
        rows = [row for row in book.position_rows() if row.mode is HAMMER]
        is_quoted = bool(rows) and all(row.quote_state is not QuoteState.WAITING for row in rows)
        return is_listed and is_quoted and bool(book.summaries(HAMMER))

    await until(is_reported)
    return snapshot_records.snapshot(book, product.monitor.links, (HAMMER,))


def script(**account: Any) -> dict[str, Any]:
    quotes = {"CIM-B": QUOTE, **{f"{name}-A": QUOTE for name in ("MS", "GS", "BAC", "WFC", "C", "T")}}
    some = {"positions": [HELD], "transactions": [order("9")], "balances": {"NetLiq": 250000.5}}
    return {"to_61": [position()], "to_16": [], "hammer": quotes, "hammer_account": {**some, **account}}


UNSET_VALUES = {
    "MS-A": 2147483647,
    "GS-A": "-2147483648",
    "BAC-A": "9223372036854775807",
    "WFC-A": 1.7976931348623157e308,
    "C-A": "1_000",
    "T-A": "1,000",
}


async def test_that_a_quantity_that_hammer_does_not_set_is_unknown_and_in_no_sum() -> None:
    held = [{"Symbol": name, "QTY": quantity, "Paid": 24.1} for name, quantity in UNSET_VALUES.items()]
    async with scripted(script(positions=[*held, HELD])) as product:
        reported = await loaded(product)
        assert {p.symbol: p.qty for p in reported.positions} == {
            **{f"{name.removesuffix('-A')} PRA": None for name in UNSET_VALUES},
            "CIM PRB": 100.0,
        }
        assert reported.totals.market_value == pytest.approx(2455.0)
        cells = {row["symbol"]: (row["quantity"], row["market_value"]) for row in product.positions()}
        assert cells["MS PRA"] == cells["WFC PRA"] == (NONE, NONE)
        problem = product.monitor.book.account_state(HAMMER).problem
        assert "BAC-A" in str(problem)
        assert "CIM-B" not in str(problem)


async def test_that_a_price_that_hammer_does_not_set_is_unknown() -> None:
    paid = {"MS-A": 2147483647, "GS-A": 1.7976931348623157e308, "BAC-A": "24,1", "WFC-A": -24.1}
    held = [{"Symbol": name, "QTY": 100, "Paid": price} for name, price in paid.items()]
    orders = [order("1", LimitPrice=2147483647), order("2", LimitPrice=1.7976931348623157e308)]
    async with scripted(script(positions=held, transactions=orders)) as product:
        reported = await loaded(product)
        assert {(p.avg_price, p.unrealized_pnl) for p in reported.positions} == {(None, None)}
        assert [(o.limit_price, o.near_fill) for o in reported.orders] == [(None, False)] * 2


async def test_that_less_than_nothing_is_no_part_of_an_order() -> None:
    orders = [
        order("1", FilledQTY=150, RemainingQTY=-50),
        order("2", FilledQTY=-5),
        # Some write a sale so, with all its parts.
        order("3", Action="Sell", QTY=-100, FilledQTY=-40, RemainingQTY=-60),
    ]
    async with scripted(script(transactions=orders)) as product:
        reported = await loaded(product)
        assert {o.order_id: (o.qty, o.filled, o.remaining) for o in reported.orders} == {
            "1": (100, 150, None),
            "2": (100, None, 100),
            "3": (100, 40, 60),
        }
        (own,) = [p for p in reported.positions if p.account_type == HAMMER]
        assert (own.working_buy, own.working_sell, own.working_uncounted) == (100, 60, 1)


async def test_that_a_fill_with_an_unset_or_future_time_has_no_day_and_is_reported() -> None:
    orders = [
        filled("1", FilledDT="0001-01-01T00:00:00"),
        filled("2", FilledDT="9999-12-31T23:59:59.9999999"),
        filled("3", FilledDT="2028-09-18T15:00:00"),
        filled("4"),
    ]
    async with scripted(script(transactions=orders)) as product:
        await loaded(product)
        await until(lambda: bool(product.fills()))
        assert [fill["order_id"] for fill in product.fills()] == ["4"]
        gaps = product.monitor.fills.state(AccountMode.HAMMER_PRO).gaps
        assert gaps[0].startswith("3 executions have no date and may be of another day")


async def test_that_an_order_that_filled_by_its_status_alone_is_an_execution_of_unknown_quantity() -> None:
    unread = [None, "", "NaN", 0, True]
    orders = [filled(str(n), FilledQTY=each, RemainingQTY=None) for n, each in enumerate(unread, 1)]
    async with scripted(script(transactions=[*orders, filled("9")])) as product:
        await loaded(product)
        await until(lambda: len(product.fills()) == len(orders) + 1)
        cells = {fill["order_id"]: (fill["quantity"], fill["price"]) for fill in product.fills()}
        assert cells == {**{str(n): (NONE, "24.40") for n in range(1, 6)}, "9": ("100", "24.40")}
        api = [snapshot_records.fill(fill, product.clock()).qty for fill in product.monitor.fills.fills()]
        assert sorted(map(str, api)) == ["100.0", *["None"] * len(unread)]
        (total,) = totals(product.monitor.fills.fills())
        assert (total.bought, total.unknown) == (100.0, len(unread))
        # Read after all, it is that execution.
        account = product.hammer.account or {}
        product.hammer.account = {**account, "transactions": [filled("1"), *orders[1:]]}
        product.hammer.send("transactionsUpdate", {"setOrChange": "change", "transactions": [filled("1")]})
        await until(lambda: {f["order_id"]: f["quantity"] for f in product.fills()}["1"] == "100")


async def test_that_a_share_that_hammer_lists_under_two_names_is_added_up_and_reported() -> None:
    held = [{**HELD, "Symbol": "CIM PRB"}, {**HELD, "QTY": 7, "Paid": 24.8}]
    async with scripted(script(positions=held)) as product:
        reported = await loaded(product)
        (row,) = (row for row in product.monitor.book.position_rows() if row.mode is HAMMER)
        assert (row.symbol, row.quantity) == ("CIM PRB", 107.0)
        assert row.market_value == pytest.approx(107 * 24.55)
        assert [each.qty for each in reported.positions] == [107.0]
        problem = str(product.monitor.book.account_state(HAMMER).problem)
        assert "CIM PRB as CIM PRB and CIM-B" in problem


async def test_that_two_executions_of_one_name_are_two() -> None:
    at = "2026-09-18T15:00:00Z"
    parts = [
        {"FillID": "a", "QTY": 60, "Price": 24.4, "FillDT": at},
        {"FillID": "a", "QTY": 40, "Price": 24.4},
    ]
    async with scripted(
        script(transactions=[filled("1", Fills=[parts[0], {**parts[1], "FillDT": at}, parts[0]])])
    ) as product:
        await loaded(product)
        await until(lambda: bool(product.fills()))
        assert sorted(fill["quantity"] for fill in product.fills()) == ["40", "60"]


async def test_that_of_balances_of_two_times_or_currencies_the_ones_that_differ_are_unknown() -> None:
    balances = {
        "NetLiq": 250000.5,
        "current": {"BuyingPower": 500, "Cash": 20.0, "NetLiq": 1},
        "startOfDay": {"BuyingPower": 900, "Cash": 20.0},
        "OpenPnL": 2147483647,
    }
    async with scripted(script(balances=balances)) as product:
        (own,) = (await loaded(product)).summaries
        assert (own.net_liquidation, own.total_cash) == (250000.5, 20.0)
        assert (own.buying_power, own.unrealized_pnl) == (None, None)


# While connecting.


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ({"error": "too many clients"}, "too many clients."),
        (["no license\n\x1b[31mfor the API"], "no license [31mfor the API."),
        ({"reason": "demo is closed today"}, "••• is closed today."),
    ],
)
async def test_that_hammers_refusal_before_the_sign_in_is_quoted_without_asking_for_a_password(
    text: object, shown: str
) -> None:
    async with scripted(script()) as product:
        product.hammer.turns_away = text
        link = product.monitor.links[HAMMER]
        link.connect()
        await until(lambda: link.status.problem is not None)
        problem = link.status.problem
        assert problem is not None
        assert (problem.what, problem.needs_password) == ("Hammer Pro did not let psf_monitor in.", False)
        assert problem.why == f"It says: {shown}"
        # It may pass by itself.
        product.hammer.turns_away = None
        await until(lambda: link.status.state is LinkState.READY)


@pytest.mark.parametrize(
    "text", [{"reason": "wrong password"}, "Not authorized", 401, True, None, "", {"code": 7}]
)
async def test_that_a_refusal_without_a_reason_is_of_the_password(text: object) -> None:
    async with scripted(script()) as product:
        product.hammer.turns_away = text if text is not None else {"reason": None}
        link = product.monitor.links[HAMMER]
        link.connect()
        await until(lambda: link.status.state is LinkState.FAILED)
        assert link.status.problem is not None
        assert link.status.problem.needs_password


# Its account.


async def test_that_a_share_in_small_letters_is_the_same_share() -> None:
    held = [{"Symbol": "cim-b", "QTY": 100, "Paid": 24.1}]
    async with scripted(script(positions=held)) as product:
        (own,) = (await loaded(product)).positions
        assert own.symbol == "CIM PRB"
        assert own.market_value == pytest.approx(2455.0)


@pytest.mark.parametrize("key", ["alaric:topi000000a1", "TOPI000000A1", "", None])
async def test_that_records_that_spell_the_account_differently_are_shown(key: str | None) -> None:
    of_it = {"accountKey": key}
    account = {"positions": [{**HELD, **of_it}], "transactions": [order("9", **of_it)]}
    async with scripted(script(**account, balances={"NetLiq": 7.0, **of_it})) as product:
        reported = await loaded(product)
        assert [each.symbol for each in reported.positions] == ["CIM PRB"]
        assert [each.symbol for each in reported.orders] == ["CIM PRB"]
        assert [each.net_liquidation for each in reported.summaries] == [7.0]


async def test_that_an_unreadable_filled_quantity_is_reported() -> None:
    orders = [order("1", StatusID="Canceled", FilledQTY="NaN"), order("2", Symbol="MS-A", FilledQTY=True)]
    async with scripted(script(transactions=[*orders, order("9", FilledQTY="")])) as product:
        await loaded(product)
        fills = product.monitor.fills.state(AccountMode.HAMMER_PRO)
        assert fills.caveats == (
            "HAMMER reports how much filled in a way that psf_monitor cannot read (CIM PRB, MS PRA).",
        )
        assert {key.symbol for key in fills.unexplained} == {"CIM PRB", "MS PRA"}


async def test_that_a_preferred_share_under_its_name_at_ibkr_is_recognized_and_valued() -> None:
    held = [{**HELD, "Symbol": "CIM PRB"}]
    async with scripted(script(positions=held, transactions=[order("9", Symbol="cim prb")])) as product:
        reported = await loaded(product)
        (own,) = reported.positions
        assert (own.symbol, own.avg_price, own.quote_state) == ("CIM PRB", 24.1, "LIVE")
        assert own.market_value == reported.totals.market_value == pytest.approx(2455.0)
        assert own.working_buy == 100
        (cells,) = (row for row in product.positions() if row["account"] == "HAM")
        assert (cells["average_price"], cells["market_value"]) == ("24.1000", "2,455")


# Orders without an id of their own.


async def test_that_orders_without_an_id_are_each_a_row_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids: list[Any] = [0, "0", "", None, -1]
    orders = [order("9"), *(order(each, LimitPrice=24.0 + n / 10) for n, each in enumerate(ids))]
    async with all_outputs(script(transactions=orders), tmp_path, capsys) as reported:
        product = reported.product
        snapshot = await loaded(product)
        limits = [24.0, 24.1, 24.2, 24.3, 24.4, 24.4]
        assert sorted(each.limit_price or 0 for each in snapshot.orders) == limits
        assert len({each.key for each in snapshot.orders}) == len(orders)
        cells = [row for row in product.cells(product.orders_table) if row["account"][:3] == "HAM"]
        assert sorted(cells["limit_price"] for cells in cells) == [f"{limit:.2f}" for limit in limits]
        assert sorted(cells["order_id"] for cells in cells) == ["9", *[NONE] * len(ids)]
        (own,) = [p for p in snapshot.positions if p.account_type == HAMMER]
        assert own.working_buy == 100 * len(orders)
        problem = str(product.monitor.book.account_state(HAMMER).problem)
        assert problem.startswith("HAMMER lists 5 orders without an id (CIM PRB, CIM PRB, ")
        assert problem in str((await reported.http("account/hammer/status"))["link"]["error"])


@pytest.mark.parametrize(
    "terms", [{"Symbol": "MS-A"}, {"Action": "Sell"}, {"LimitPrice": 24.3}, {"QTY": 300}]
)
async def test_that_two_orders_with_one_id_are_two_and_reported(terms: dict[str, Any]) -> None:
    async with scripted(script(transactions=[order("7"), order("7", **terms)])) as product:
        reported = await loaded(product)
        assert [each.order_id for each in reported.orders] == ["7", "7"]
        assert len({each.key for each in reported.orders}) == 2
        assert "HAMMER lists several orders under one id: 7 for CIM PRB and " in str(
            product.monitor.book.account_state(HAMMER).problem
        )
        product.hammer.account = {**(product.hammer.account or {}), "transactions": [order("7")]}
        # A change of one of them is not taken for the other: the list decides.
        product.hammer.send(
            "transactionsUpdate", {"setOrChange": "change", "transactions": [order("7", QTY=5)]}
        )

        def left() -> list[tuple[str, float | None]]:
            return sorted((o.status, o.quantity) for o in product.monitor.book.current_orders(HAMMER) or ())

        await until(lambda: left() == [("Gone", terms.get("QTY", 100)), ("Submitted", 100)])
        await until(lambda: product.monitor.book.account_state(HAMMER).problem is None)


@pytest.mark.parametrize("turn", [1, -1])
async def test_that_an_order_reported_twice_is_one_order_in_its_latest_state(turn: int) -> None:
    reported_twice = [order("7"), order("7", StatusID="Partial", FilledQTY=40, RemainingQTY=60), order("7")]
    async with scripted(script(transactions=reported_twice[::turn])) as product:
        reported = await loaded(product)
        assert [(each.order_id, each.filled, each.remaining) for each in reported.orders] == [("7", 40, 60)]
        assert product.monitor.book.account_state(HAMMER).problem is None


async def test_that_fills_of_orders_without_an_id_are_reported_separately(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times = [f"2026-09-18T15:0{n}:00Z" for n in range(3)]
    fills = [[{"QTY": 100, "Price": 24.4 + n / 10, "FillDT": times[n]}] for n in range(2)]
    orders = [filled(0, Fills=each) for each in fills] + [filled(0, FilledDT=times[2])]
    async with all_outputs(script(transactions=orders), tmp_path, capsys) as reported:
        await loaded(reported.product)
        await until(lambda: len(reported.product.fills()) == 3)
        prices = ["24.40", "24.40", "24.50"]
        assert sorted(fill["price"] for fill in reported.product.fills()) == prices
        assert sorted(fill["price"] for fill in await reported.fills()) == [24.4, 24.4, 24.5]
        (total,) = reported.product.fill_totals()
        assert total["bought"] == "300"
        await until_recorded(reported, 3)
        assert sorted(f"{float(line['Price']):.2f}" for line in await reported.exported()) == prices


async def until_recorded(reported: AllOutputs, count: int) -> None:
    for _ in range(2000):
        if len(await reported.exported()) == count:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the executions were not written down")


async def test_that_an_execution_reported_by_two_orders_with_one_id_counts_once() -> None:
    of_both = {
        "fills": [{"FillID": "e1", "QTY": 40, "Price": 24.5, "FillDT": "2026-09-18T14:26:00"}],
        "StatusID": "Partial",
        "FilledQTY": 40,
    }
    amended = [order("7", **of_both), order("7", LimitPrice=24.3, **of_both)]
    async with scripted(script(transactions=amended)) as product:
        reported = await loaded(product)
        assert len(reported.orders) == 2
        await until(lambda: [fill.quantity for fill in product.monitor.fills.fills()] == [40])


async def test_that_figures_that_hammer_does_not_have_are_a_dash_and_not_0() -> None:
    """IBKR's client id 0 is TWS itself, and no contract of IBKR's has the number 0."""
    async with scripted(script(transactions=[order("9"), filled("10")])) as product:
        await loaded(product)
        await until(lambda: len(product.fills()) == 1)
        (held,) = [row for row in product.positions() if row["account"] == "HAM"]
        (ordered,) = [row for row in product.cells(product.orders_table) if row["order_id"] == "9"]
        (done,) = product.fills()
        cells = (held["con_id"], ordered["client_id"], ordered["perm_id"], done["client_id"], done["perm_id"])
        assert cells == (NONE,) * 5


@pytest.mark.parametrize("name", ["", " ", None])
async def test_that_an_order_without_a_symbol_has_a_dash_and_no_price_is_asked_for(name: object) -> None:
    async with scripted(script(transactions=[order("9", Symbol=name), filled("10", Symbol=name)])) as product:
        reported = await loaded(product)
        await until(lambda: len(product.fills()) == 1)
        (ordered,) = [row for row in product.cells(product.orders_table) if row["order_id"] == "9"]
        assert (ordered["symbol"], ordered["quantity"], ordered["bid"]) == (NONE, "100", NONE)
        assert product.fills()[0]["symbol"] == NONE
        assert {each.symbol for each in reported.orders} == {NONE}
        why = "HAMMER does not say what it is called, it is not asked"
        assert {each.no_price for each in reported.orders} == {why}
        assert all(symbol.strip() for symbol in product.hammer.asked_for)
