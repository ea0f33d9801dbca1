"""What is not quoted in its currency: cents, pence, per cent of par. One unit everywhere, or it is named."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.journal.journal import Journal
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import NewListing, OrderIds
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import ACCOUNT, QUICK, Login, profile, serving
from tests.support.records import GUN, Clock
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import listed as order_listed
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

NOW = datetime(2026, 9, 18, 15, 0, tzinfo=UTC)
DAY = date(2026, 9, 18)
LOGIN = "DU1234567"
ZC, STAN, BOND, CIM = "ZC   DEC 26", "STAN", "IBCID573405560", "CIM PRB"


async def listed(product: ScriptedProduct) -> None:
    await product.connect()
    await until(lambda: product.monitor.fills.state(GUN).as_of, what="the list of executions")


async def exported(path: Path, tmp_path: Path, day: date = DAY) -> tuple[dict[str, dict[str, str]], Any]:
    journal = Journal(path)
    await journal.export_fills(tmp_path / "fills.csv", [], day, day, NOW)
    gains = await journal.realized(LOGIN, 2026, NOW + (day - DAY))
    await journal.close()
    lines = csv.DictReader(io.StringIO((tmp_path / "fills.csv").read_text("utf-8-sig")))
    return {line["Symbol"]: line for line in lines}, gains


async def test_that_a_price_not_quoted_in_its_currency_has_one_unit_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    async with scripted(script("gains_units"), clock=Clock(NOW), journal=path) as product:
        await listed(product)
        await until(lambda: all(f["price_unit"] for f in product.api_fills().values()), what="every unit")
        held = {cells["symbol"]: cells["average_price"] for cells in product.positions()}
        assert held == {ZC: "455.3650", STAN: "947.0000", BOND: "98.7230", CIM: "24.1250"}
        paid = {cells["symbol"]: cells["price"] for cells in product.fills()}
        assert paid == {ZC: "460.25", STAN: "2,223.50", BOND: "98.95", CIM: "24.60"}
        fields = {p["symbol"]: (p["avg_price"], p["price_unit"]) for p in product.snapshot()["positions"]}
        assert fields[STAN] == (pytest.approx(947.0), 0.01)
        assert product.tws.asked(9) == 3, "once a contract"
    lines, gains = await exported(path, tmp_path)
    assert {symbol: line["Price unit"] for symbol, line in lines.items()} == {
        ZC: "0.01",
        STAN: "0.01",
        BOND: "10",
        CIM: "1",
    }
    rows = {row.symbol: (round(row.proceeds, 2), round(row.cost_basis, 2)) for row in gains.rows}
    assert rows == {
        ZC: (23010.34, 22768.25),
        STAN: (2217.5, 947.0),
        BOND: (9890.0, 9872.3),
        CIM: (2459.0, 2412.5),
    }


async def test_that_the_prices_of_an_order_are_in_the_unit_of_its_contract() -> None:
    of = script("gains_units")
    stan: dict[str, Any] = {
        "con_id": 14091,
        "symbol": "STAN",
        "local_symbol": STAN,
        "currency": "GBP",
        "account": LOGIN,
    }
    of["to_16"] = [*order_listed(1, limit=2225.0, **stan), *order_listed(2, account=LOGIN)]
    async with scripted(of, clock=Clock(NOW)) as product:
        answers = product.tws.answers.pop("9")
        await listed(product)
        place = list(product.orders()).index(1)
        text = product.tooltip(product.orders_table, "limit_price", place)
        assert text.startswith(
            "Limit 2,225.00 in GBP; in which unit, such as cents or per cent of par, is not reported yet"
        )
        assert product.api_orders()[1]["price_unit"] is None
        product.tws.answers["9"] = answers
        product.tws.close_all()
        await until(lambda: product.api_orders()[1]["price_unit"] == 0.01)
        place = list(product.orders()).index(1)
        text = product.tooltip(product.orders_table, "limit_price", place)
        assert text == "Limit 2,225.00 hundredths of GBP"
        assert product.api_orders()[2]["price_unit"] == 1.0


async def test_that_until_the_unit_is_reported_the_row_is_out_of_the_sums_and_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    async with scripted(script("gains_units"), clock=Clock(NOW), journal=path) as product:
        del product.tws.answers["9"]
        await listed(product)
        held = {cells["symbol"]: cells["average_price"] for cells in product.positions()}
        assert held == {ZC: "—", STAN: "—", BOND: "—", CIM: "24.1250"}
        why = [product.tooltip(product.positions_table, "average_price", n) for n in range(len(held))]
        assert why.count("Not known: TWS does not say what the unit of its price is") == 3
        place = [cells["symbol"] for cells in product.fills()].index(STAN)
        assert "in which unit, such as cents or per cent of par, is not reported yet" in product.tooltip(
            product.fills_table, "price", place
        )
    _, gains = await exported(path, tmp_path)
    assert [row.symbol for row in gains.rows] == [CIM]
    (named,) = [sentence for sentence in gains.missing if "in which unit" in sentence]
    assert all(symbol in named for symbol in (ZC, STAN, BOND))


async def test_that_a_unit_that_is_reported_later_prices_what_was_recorded_before(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    async with scripted(script("gains_units"), clock=Clock(NOW), journal=path) as product:
        del product.tws.answers["9"]
        await listed(product)
    of = script("gains_units")
    for request in ("to_7", "to_9"):
        of[request] = [reported for reported in of[request] if "STAN" in reported]
    async with scripted(of, clock=Clock(NOW), journal=path) as product:
        await listed(product)
        await until(lambda: all(f["price_unit"] for f in product.api_fills().values() if f["symbol"] == STAN))
    _, gains = await exported(path, tmp_path)
    assert sorted(row.symbol for row in gains.rows) == [CIM, STAN]


async def test_that_a_unit_of_an_earlier_day_is_known_after_a_restart_though_tws_reports_none(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite3"
    async with scripted(script("gains_units"), clock=Clock(NOW), journal=path) as product:
        await listed(product)
        await until(lambda: all(f["price_unit"] for f in product.api_fills().values()), what="every unit")
    of = script("gains_units")
    del of["to_9"]
    # The same sales once more, on Monday, and the future without its multiplier.
    of["to_7"] = [_next_day(fields) for fields in of["to_7"]]
    monday = NOW + timedelta(days=3)
    async with scripted(of, clock=Clock(monday), journal=path) as product:
        del product.tws.answers["9"]
        await listed(product)
        fields = {f["symbol"]: (f["price_unit"], f["multiplier"]) for f in product.api_fills().values()}
        assert fields == {ZC: (0.01, 5000.0), STAN: (0.01, 1.0), BOND: (10.0, 1.0), CIM: (1.0, 1.0)}
        place = [cells["symbol"] for cells in product.fills()].index(STAN)
        assert "not reported yet in which unit" not in product.tooltip(product.fills_table, "price", place)
    lines, gains = await exported(path, tmp_path, monday.date())
    assert {symbol: line["Price unit"] for symbol, line in lines.items()} == {
        ZC: "0.01",
        STAN: "0.01",
        BOND: "10",
        CIM: "1",
    }
    assert len(gains.rows) == 8


def _next_day(reported: str) -> str:
    """The message with other execution ids, and a future without a multiplier."""
    fields = reported.split("|")
    place = {"11": 14, "59": 2}[fields[0]]
    fields[place] = fields[place].replace(".01.01", ".02.01")
    if fields[:1] == ["11"] and fields[5] == "FUT":
        fields[9] = ""
    return "|".join(fields)


@pytest.mark.parametrize("version", [157, 163, 176, 178])
async def test_that_every_protocol_of_tws_reports_the_unit(version: int) -> None:
    market = Market(scenario("normal"), 7)
    market.list_security(
        NewListing("ESZ6", con_id=70, price=6302.25, kind="FUT", exchange="CME", multiplier=50)
    )
    market.list_security(
        NewListing("VOD", con_id=72, price=7150, exchange="LSE", currency="GBP", price_unit=0.01)
    )
    market.list_security(
        NewListing("T 4 1/8", con_id=73, price=98.95, kind="BOND", exchange="SMART", price_unit=10)
    )
    for symbol, cost in (("ESZ6", 315_114.75), ("VOD", 70.0), ("T 4 1/8", 987.23)):
        market.set_position(ACCOUNT, symbol, 10, cost)
    async with (
        SimTws(market, "IBKR_GUN", max_version=version) as tws,
        serving(Login(market, profile(tws.port), QUICK)) as login,
    ):
        await login.connect()
        await until(
            lambda: login.positions()["T 4 1/8"].average_price and login.positions()["VOD"].average_price
        )
        await until(lambda: login.positions()["ESZ6"].average_price)
        held = {symbol: login.positions()[symbol] for symbol in ("ESZ6", "VOD", "T 4 1/8")}
        assert {symbol: row.average_price for symbol, row in held.items()} == pytest.approx(
            {"ESZ6": 6302.295, "VOD": 7000.0, "T 4 1/8": 98.723}
        )
        order = market.place_order(ACCOUNT, "VOD", "SELL", 10, 7200, ids=OrderIds(31))
        market.fill_order(order.perm_id, 10, 7200)
        await until(lambda: any(f.instrument.symbol == "VOD" for f in login.fills.fills()))
        (fill,) = [f for f in login.fills.fills() if f.instrument.symbol == "VOD"]
        assert (fill.price, fill.instrument.price_unit) == (7200, 0.01)
        await until(lambda: fill_of(login).realized_pnl is not None)
        assert fill_of(login).realized_pnl == pytest.approx(10 * (72.0 - 70.0) - 1.0)


def fill_of(login: Login) -> Any:
    (found,) = [f for f in login.fills.fills() if f.instrument.symbol == "VOD"]
    return found


async def test_that_a_contract_that_tws_does_not_know_is_asked_for_once_and_stays_unknown() -> None:
    market = Market(scenario("normal"), 7)
    item = market.list_security(
        NewListing("ESZ6", con_id=70, price=6302.25, kind="FUT", exchange="CME", multiplier=50)
    )
    market.set_position(ACCOUNT, "ESZ6", 10, 315_114.75)
    del market.securities["ESZ6"]
    async with (
        SimTws(market, "IBKR_GUN") as tws,
        serving(Login(market, profile(tws.port), QUICK)) as login,
    ):
        await login.connect()
        await until(lambda: (1, 9) in tws.received)
        assert login.positions()["ESZ6"].average_price is None
        assert item.con_id == 70
