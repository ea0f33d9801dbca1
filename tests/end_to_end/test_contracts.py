"""Contracts of every kind, and their executions, as TWS sends them: in the window, over HTTP, in the CSV."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.journal.journal import Journal
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN, NOON, Clock
from tests.support.scripted_product import scripted
from tests.support.tws_messages import UNSET, execution, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {
    "CIM-B": [24.5, 24.6, 24.55, 24.4],
    "700": [36.0, 36.4, 36.2, 36.0],
    "SPY": [600.0, 600.2, 600.1, 599.0],
}
NONE = "—"
UNSETS = ["", "2147483647", "9223372036854775807", UNSET]


def holding(contract: str, quantity: object, cost: object) -> str:
    """Message 61: conId to trading class with bars between them."""
    return f"61|3|U1240821|{contract}|{quantity}|{cost}"


def details(of: str, multiplier: str = "", magnifier: int = 1, value_rule: str = "") -> str:
    """Message 10 for a contract: symbol, kind, expiry, exchange, currency, local symbol, conId."""
    symbol, kind, expiry, exchange, currency, local, con_id = of.split(",")
    head = (
        f"10|{{req}}|{symbol}|{kind}|{expiry}|0.0||{exchange}|{currency}|{local}|{symbol}|{symbol}|{con_id}"
    )
    return (
        f"{head}|0.01|{multiplier}|LMT|SMART|{magnifier}|0|Name|{exchange}|||||||"
        f"|{value_rule}|0|0|1|||||COMMON|1|1|100"
    )


ES = "495512557|ES|FUT|20261218|0.0|||CME|USD|ESZ6|ES"
ES_REPORTED = ES.replace("0.0|||CME", "0.0||50|CME")
OPTION = "700001|SPY|OPT|20261218|600.0|C|100|AMEX|USD|SPY   261218C00600000|SPY"

HELD: dict[str, tuple[str, list[str], dict[str, str], dict[str, Any]]] = {
    "a share in Hong Kong whose name is a number": (
        holding("57|700|STK||0.0|||SEHK|HKD|700|700", 100, 400.5),
        [details("700,STK,,SEHK,HKD,700,57")],
        {"quantity": "100", "average_price": "400.5000", "last": NONE, "market_value": NONE},
        {"currency": "HKD", "no_price": "quoted in HKD, HAMMER is not asked", "market_value": None},
    ),
    "a fraction of a share that is short": (
        holding("700000001|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB", "-0.5", 24.125),
        [],
        {"quantity": "−0.5", "side": "SHORT", "last": "24.55", "average_price": "24.1250"},
        {"qty": -0.5, "market_value": pytest.approx(-12.275), "unrealized_pnl": pytest.approx(-0.2125)},
    ),
    "a future": (
        holding(ES_REPORTED, 2, 315114.75),
        [details("ES,FUT,20261218,CME,USD,ESZ6,495512557", "50")],
        {"average_price": "6,302.2950", "last": NONE},
        {"avg_price": pytest.approx(6302.295), "no_price": "no share, HAMMER is not asked"},
    ),
    "a future whose multiplier is reported by its details alone": (
        holding(ES, 2, 315114.75),
        [details("ES,FUT,20261218,CME,USD,ESZ6,495512557", "50")],
        {"average_price": "6,302.2950"},
        {"avg_price": pytest.approx(6302.295)},
    ),
    "a future without an exchange, as TWS lists its positions": (
        holding("637533641|ES|FUT|20261218|0.0||50||USD|ESZ6|ES", 1, 315114.75),
        [details("ES,FUT,20261218,CME,USD,ESZ6,637533641", "50")],
        {"average_price": "6,302.2950", "quantity": "1"},
        {
            "avg_price": pytest.approx(6302.295),
            "no_price": "no share, HAMMER is not asked",
        },
    ),
    "a future whose value follows a rule of its own": (
        holding("70|YB|FUT|20261218|0.0||1000|SNFE|AUD|YBZ6|YB", 1, 95000.0),
        [details("YB,FUT,20261218,SNFE,AUD,YBZ6,70", "1000", value_rule="aussieBond:YearsToExpiration=3")],
        {"quantity": "1", "average_price": NONE},
        {"qty": 1, "avg_price": None},
    ),
    "a future whose multiplier nobody reports": (
        holding(ES, 2, 315114.75),
        [],
        {"quantity": "2", "average_price": NONE},
        {"qty": 2, "avg_price": None, "unrealized_pnl": None},
    ),
    "an option that was sold": (
        holding(OPTION, -5, 125.0),
        [],
        {"side": "SHORT", "average_price": "1.2500", "last": NONE, "market_value": NONE},
        {"qty": -5, "avg_price": 1.25, "no_price": "no share, HAMMER is not asked"},
    ),
    "a contract for difference on a share": (
        holding("58|SPY|CFD||0.0|||SMART|USD|SPY|SPY", 10, 590.0),
        [],
        {"last": NONE, "market_value": NONE},
        {"no_price": "no share, HAMMER is not asked", "market_value": None},
    ),
    "a currency": (
        holding("12087792|EUR|CASH||0.0|||IDEALPRO|USD|EUR.USD|EUR.USD", "1000.5", 1.08),
        [],
        {"quantity": "1,000.5", "last": NONE},
        {"qty": 1000.5, "no_price": "no share, HAMMER is not asked"},
    ),
    "a share of a market that nobody names": (
        holding("59|SPY|STK||0.0||||USD|SPY|SPY", 10, 590.0),
        [],
        {"last": NONE, "market_value": NONE},
        {"no_price": "TWS does not say where it is listed, HAMMER is not asked"},
    ),
    "a cost that is no number": (
        holding("700000001|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB", 10, "NaN"),
        [],
        {"average_price": NONE, "unrealized_pnl": NONE, "last": "24.55"},
        {"avg_price": None, "unrealized_pnl": None},
    ),
}


@pytest.mark.parametrize("name", HELD)
async def test_that_a_contract_of_any_kind_is_read_rightly(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, reported, cells, fields = HELD[name]
    async with all_outputs({"to_61": [held], "to_9": reported, "hammer": HAMMER}, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: not differences(seen.product.positions()[0], cells), what=f"{cells}")
        (record,) = (await seen.positions()).values()
        assert differences(record, fields) == {}
        assert seen.product.hammer.asked_for <= {"CIM-B"}


async def test_that_a_price_of_an_unknown_multiplier_is_not_said_to_be_unreported() -> None:
    option = OPTION.replace("|100|", "||")
    cim = "700000001|CIM|STK||0.0|||NYSE|USD|CIM PRB|CIM PRB"
    async with scripted({"to_61": [holding(option, 5, 125.0), holding(cim, 5, 0)]}) as product:
        await product.connect()
        names = enumerate(row["symbol"] for row in product.positions())
        found = {
            name: product.tooltip(product.positions_table, "average_price", place) for place, name in names
        }
        assert found.pop("CIM PRB") == "TWS reports no average price that can be read"
        assert list(found.values()) == ["Not known: TWS does not say what the multiplier is"]


async def test_that_a_position_twice_in_one_list_is_held_once() -> None:
    async with scripted({"to_61": [position(400), position(300)], "hammer": HAMMER}) as product:
        await product.connect()
        assert [cells["quantity"] for cells in product.positions()] == ["300"]


# Executions.


async def test_that_of_corrections_the_last_counts_in_whatever_order_they_come(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reported = []
    for revision, shares, price in ((3, 100, 24.7), (1, 100, 24.9), (2, 150, 24.8)):
        fields = execution(301, shares, price)
        fields[14] = fields[14].replace(".01.01", f".01.0{revision}")
        reported.append(fields)
    async with all_outputs({"to_7": reported}, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: [cells["price"] for cells in seen.product.fills()] == ["24.70"])
        (fill,) = await seen.fills()
        assert (fill["qty"], fill["price"]) == (100, 24.7)
        (cells,) = seen.product.fills()
        assert cells["source"] == "IBKR · corrected"
        (line,) = await seen.exported()
        assert (line["Quantity"], line["Price"]) == ("100", "24.7")


async def test_that_a_cost_in_another_currency_is_in_no_sum_with_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = execution(301, 100, 24.9, 1), execution(301, 100, 24.9, 2, filled=200)
    costs = [
        ["59", "1", first[14], "1.25", "USD", "45.00", UNSET, "0"],
        ["59", "1", second[14], "1.10", "EUR", "40.00", UNSET, "0"],
    ]
    async with all_outputs({"to_7": [first, second, *costs]}, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(
            lambda: (
                all(cells["commission"] != NONE for cells in seen.product.fills()) and seen.product.fills()
            )
        )
        reported = [
            (f["commission"], f["commission_currency"], f["realized_pnl"]) for f in await seen.fills()
        ]
        assert reported == [(1.25, "USD", 45.0), (1.1, "EUR", 40.0)]
        (total,) = seen.product.fill_totals()
        assert (total["sold"], total["commission"], total["realized_pnl"]) == ("200", NONE, NONE)
        lines = await seen.exported()
        assert [line["Commission currency"] for line in lines] == ["USD", "EUR"]
    journal = Journal(seen.journal)
    gains = await journal.realized("U1240821", 2026, NOON)
    await journal.close()
    assert [row.proceeds for row in gains.rows] == [pytest.approx(2490 - 1.25)]
    assert any("not in the currency of the contract: CIM PRB" in sentence for sentence in gains.missing)


async def test_that_a_cost_in_no_currency_is_in_no_sum_and_not_reported_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reported = [execution(9, 100, 24.5), ["59", "1", "0000e0d5.67fe66.01.01", "1.5", "", "7.0", "0", ""]]
    of = {"to_61": [position()], "to_16": [], "to_7": reported, "hammer": HAMMER}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: bool(seen.product.fills()), what="the execution")
        (fill,) = await seen.fills()
        assert (fill["commission"], fill["commission_currency"], fill["realized_pnl"]) == (None, None, None)
        assert seen.product.fills()[0]["commission"] == "—"
        assert seen.product.monitor.book.strip(GUN).commission is None


async def test_that_an_option_that_ibkr_liquidates_is_reported_as_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = execution(301, 5, 1.05)
    closed[3:13] = OPTION.split("|")[:1] + OPTION.split("|")[1:10]
    closed[23] = "1"
    async with all_outputs({"to_7": [closed]}, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: seen.product.fills(), what="the fill")
        (cells,) = seen.product.fills()
        assert (cells["symbol"], cells["source"]) == ("SPY   261218C00600000", "IBKR · liquidation")
        (fill,) = await seen.fills()
        assert (fill["liquidation"], fill["kind"], fill["multiplier"]) == (True, "OPT", 100.0)
        (line,) = await seen.exported()
        assert (line["Note"], line["Kind"], line["Multiplier"]) == ("liquidated by IBKR", "OPT", "100")


async def test_that_a_price_of_0_of_an_option_is_a_price(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that expires worthless is closed at 0."""
    expired = execution(301, 5, 0.0, sec_type="OPT", local_symbol="SPY   261218C00600000")
    async with all_outputs({"to_7": [expired]}, tmp_path, capsys) as seen:
        await seen.product.connect()
        # In which unit its price is, TWS sends after the execution.
        await until(lambda: [cells["price"] for cells in seen.product.fills()] == ["0.00"])
        assert [fill["price"] for fill in await seen.fills()] == [0.0]
        assert [line["Price"] for line in await seen.exported()] == ["0"]


@pytest.mark.parametrize("unset", UNSETS)
async def test_that_no_text_for_an_unset_figure_of_an_execution_is_reported_as_one(
    unset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    no_shares, no_price, no_cost = (execution(n, 100, 24.9, n) for n in (1, 2, 3))
    no_shares[19] = no_shares[24] = unset
    no_price[20] = no_price[25] = unset
    costs = [["59", "1", no_cost[14], unset, "USD", unset, unset, "0"]]
    of = {"to_7": [no_shares, no_price, no_cost, *costs]}
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(lambda: len(seen.product.fills()) == 3, what="the executions")
        fields = {fill["perm_id"]: fill for fill in await seen.fills()}
        assert (fields[1]["qty"], fields[2]["price"]) == (None, None)
        assert (fields[3]["commission"], fields[3]["realized_pnl"]) == (None, None)
        shown = "".join(text for cells in seen.product.fills() for text in cells.values())
        assert not any(mark in shown for mark in ("2,147", "9,223", "E+"))
        lines = {line["Perm ID"]: line for line in await seen.exported()}
        assert (lines["1"]["Quantity"], lines["2"]["Price"], lines["3"]["Commission"]) == ("", "", "")


async def test_that_a_position_change_without_an_execution_is_reported() -> None:
    """A share that is called or exchanged leaves without a trade."""
    of = {"to_61": [position(400)], "hammer": HAMMER, "handshake_time": "20260918 12:00:00 US/Eastern"}
    async with scripted(of, has_window=True) as product:
        await product.connect()
        await until(lambda: product.monitor.fills.state(GUN).as_of)
        product.tws.answers["61"] = []
        product.tws.send(position(0, 0.0))
        await until(lambda: not product.positions())
        await until(
            lambda: (
                "CIM PRB changed and TWS lists no execution" in "".join(product.monitor.fills.state(GUN).gaps)
            )
        )
        product.fills()
        assert product.window.fills.chip.text == "INCOMPLETE"


async def test_that_one_account_of_a_login_shows_no_execution_of_another() -> None:
    of = {
        "accounts": "U1240821,U5550001",
        "account_id": "U1240821",
        "to_7": [execution(1, 100, 24.9, 1), execution(2, 50, 24.9, 2, account="U5550001")],
    }
    async with scripted(of) as product:
        await product.connect()
        await until(lambda: product.monitor.fills.state(GUN).as_of)
        assert [cells["quantity"] for cells in product.fills()] == ["100"]


async def test_that_one_execution_of_two_accounts_is_two() -> None:
    """An advisor's order is allocated under one id, and its cost names no account."""
    first, second = execution(1, 100, 24.9, 1), execution(1, 50, 24.9, 1, account="U5550001")
    cost = ["59", "1", first[14], "1.25", "USD", "45.00", UNSET, "0"]
    of = {"accounts": "U1240821,U5550001", "to_7": [first, cost, second, cost]}
    async with scripted(of) as product:
        await product.connect()
        await until(lambda: len(product.fills()) == 2)
        assert sorted(cells["quantity"] for cells in product.fills()) == ["100", "50"]
        assert {cells["commission"] for cells in product.fills()} == {NONE}


# Clocks.

AT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
"""The hour that New York's clocks show twice."""


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("20261101 01:30:00 US/Eastern", None),
        ("20261101 01:30:00", None),
        ("20261101 01:30:00 EST", AT),
        ("20261101 01:30:00 EDT", AT - timedelta(hours=1)),
        ("20261101 01:30:00 Eastern Daylight Time", AT - timedelta(hours=1)),
        ("20261101 09:30:00 Europe/Istanbul", AT),
        ("20261101 15:30:00 Asia/Tokyo", AT + timedelta(0)),
        ("20261101-06:30:00", AT),
        ("20260308 02:30:00 US/Eastern", None),
    ],
)
async def test_that_a_time_that_a_clock_shows_twice_or_never_is_unknown_and_reported(
    stamp: str, at: datetime | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = execution(1, 100, 24.9)
    done[15] = stamp
    clock = Clock(datetime(2026, 11, 1, 17, tzinfo=UTC))
    of = {"handshake_time": "20261101 12:00:00 US/Eastern", "to_7": [done]}
    async with all_outputs(of, tmp_path, capsys, clock=clock) as seen:
        await seen.product.connect()
        await until(lambda: seen.product.monitor.fills.state(GUN).as_of)
        (fill,) = await seen.fills()
        assert fill["timestamp"] == (None if at is None else at.isoformat())
        assert fill["time_as_reported"] == stamp
        gaps = (await seen.http("fills"))["gaps"][GUN.value]
        assert any("no time that says which moment is meant" in gap for gap in gaps) is (at is None)
        lines = await seen.exported(date(2026, 11, 2))
        assert [line["Time (UTC)"] for line in lines] == ["" if at is None else at.isoformat()]


async def test_that_a_margin_call_in_turkish_is_recognized(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "AC\\u0130L: teminat kar\\u015f\\u0131lanm\\u0131yor; pozisyonlar kapat\\u0131labilir"
    read = "ACİL: teminat karşılanmıyor; pozisyonlar kapatılabilir"
    async with all_outputs(
        {"greetings": [f"4|2|-1|2148|{text}|"]}, tmp_path, capsys, has_window=True
    ) as seen:
        await seen.product.connect()
        seen.product.window.show_now()
        assert [read in banner.detail.text for banner in seen.product.window.banners.banners] == [True]
        assert read in (await seen.status())["error"]
        assert read in (await seen.command()).err
