"""What Hammer Pro's own account holds besides US shares: never priced and valued as if it were one."""

from typing import Any

import pytest

from psf_monitor.hammer.account.contract_terms import instrument_of
from psf_monitor.hammer.account.fields import entry_of
from psf_monitor.hammer.symbols import SymbolTable
from tests.end_to_end.hammer_account.test_impossible_figures import HELD, NONE, loaded, order, script
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted

pytestmark = pytest.mark.usefixtures("qapp")

MS = {**HELD, "Symbol": "MS-A"}
NO_KIND = "HAMMER does not say what kind of contract it is, it is not asked"
NO_CURRENCY = "HAMMER does not say in which currency, it is not asked"


def problem_of(product: ScriptedProduct) -> str:
    return str(product.monitor.book.account_state(HAMMER).problem or "")


@pytest.mark.parametrize(
    ("fields", "why", "named"),
    [
        ({"Currency": "CAD"}, "quoted in CAD, HAMMER is not asked", ""),
        ({"CurrencyCode": "eur"}, "quoted in EUR, HAMMER is not asked", ""),
        ({"SecType": "Option"}, "no share, HAMMER is not asked", ""),
        ({"security_type": "FUT"}, "no share, HAMMER is not asked", ""),
        ({"Type": "Bond"}, "no share, HAMMER is not asked", ""),
        ({"Strike": 25.0, "PutCall": "C"}, "no share, HAMMER is not asked", ""),
        ({"Multiplier": "100"}, NO_KIND, ""),
        ({"Multiplier": "abc"}, NO_KIND, "multiplier of MS-A"),
        ({"Multiplier": -1}, NO_KIND, "multiplier of MS-A"),
        ({"SecType": "XYZ"}, NO_KIND, "kind of MS-A"),
        ({"AssetType": {"code": 3}}, NO_KIND, "kind of MS-A"),
        ({"Currency": 5}, NO_CURRENCY, "currency of MS-A"),
        ({"Currency": 5, "Multiplier": [1]}, NO_KIND, "currency, multiplier of MS-A"),
    ],
)
async def test_that_what_is_no_share_in_us_dollars_has_a_reason_and_no_value_everywhere(
    fields: dict[str, Any], why: str, named: str
) -> None:
    account = {"positions": [HELD, {**MS, **fields}], "transactions": [order("9", Symbol="MS-A", **fields)]}
    async with scripted(script(**account)) as product:
        reported = await loaded(product)
        held = {each.symbol: each for each in reported.positions}
        assert held["CIM PRB"].market_value == reported.totals.market_value == pytest.approx(2455.0)
        ms = held["MS PRA"]
        assert (ms.qty, ms.market_value, ms.unrealized_pnl, ms.no_price) == (100, None, None, why)
        assert [each.no_price for each in reported.orders] == [why]
        is_known = "Multiplier" in fields or "urrency" in "".join(fields)
        paid = 24.1 if is_known and "multiplier" not in named else None
        assert ms.avg_price == paid
        cells = {row["symbol"]: row for row in product.positions() if row["account"] == "HAM"}
        assert (cells["MS PRA"]["market_value"], cells["MS PRA"]["last"]) == (NONE, NONE)
        assert cells["MS PRA"]["quantity"] == "100"
        assert "MS-A" not in product.hammer.asked_for
        (placed,) = [row for row in product.cells(product.orders_table) if row["account"].startswith("HAM")]
        assert (placed["symbol"], placed["bid"], placed["to_fill"]) == ("MS PRA", NONE, NONE)
        assert named in problem_of(product)
        assert bool(problem_of(product)) == bool(named)


@pytest.mark.parametrize(
    "fields",
    [
        {"Currency": "USD", "SecType": "STK", "Multiplier": 1},
        {"currency": "usd", "SecurityType": "Common Stock", "Multiplier": "1.0"},
        {"Currency": "", "SecType": None, "Multiplier": 0},
        {"Currency": "US$", "AssetClass": "E", "PutCall": "", "Strike": 0},
        {"Type": "Margin", "Side": "Long"},
        {"Type": "Cash", "PositionType": "Long"},
    ],
)
async def test_that_a_share_in_us_dollars_is_valued_however_that_is_said(fields: dict[str, Any]) -> None:
    async with scripted(script(positions=[{**HELD, **fields}])) as product:
        (own,) = (await loaded(product)).positions
        assert (own.symbol, own.qty, own.no_price) == ("CIM PRB", 100, None)
        assert own.market_value == pytest.approx(2455.0)
        assert problem_of(product) == ""


@pytest.mark.parametrize(
    ("fields", "quantity"),
    [
        ({"QTY": 200, "Side": "Short"}, None),
        ({"QTY": -200, "Side": "SHORT"}, -200),
        ({"QTY": 200, "Side": "Long"}, 200),
        ({"QTY": -200, "PositionSide": "Buy"}, None),
        ({"LongQty": 200, "Side": "short"}, None),
        ({"QTY": 200, "Side": "Margin"}, 200),
        ({"QTY": 200, "Side": 7}, 200),
    ],
)
async def test_that_a_quantity_whose_side_says_otherwise_is_unknown_and_named(
    fields: dict[str, Any], quantity: float | None
) -> None:
    held = {key: value for key, value in HELD.items() if key != "QTY"}
    async with scripted(script(positions=[{**held, **fields}])) as product:
        (own,) = (await loaded(product)).positions
        assert own.qty == quantity
        assert ("HAMMER holds CIM-B in a quantity that cannot be read" in problem_of(product)) is (
            quantity is None
        )


@pytest.mark.parametrize("turn", [1, -1])
async def test_that_one_lot_that_is_no_plain_share_leaves_all_of_it_without_a_value(turn: int) -> None:
    lots = [HELD, {**HELD, "QTY": 5, "Multiplier": 100}]
    async with scripted(script(positions=lots[::turn])) as product:
        (own,) = (await loaded(product)).positions
        assert (own.qty, own.market_value, own.no_price) == (105, None, NO_KIND)


async def test_that_a_share_held_in_two_currencies_is_two_positions() -> None:
    lots = [HELD, {**HELD, "QTY": 5, "Currency": "CAD"}]
    async with scripted(script(positions=lots)) as product:
        own = (await loaded(product)).positions
        assert sorted((each.qty, each.market_value is None) for each in own) == [(5, True), (100, False)]


@pytest.mark.parametrize("symbol", ["AB1", "/ES", "$SPX", "^GSPC", "-"])
def test_that_a_name_that_is_none_of_a_share_is_one_only_if_hammer_says_so(symbol: str) -> None:
    named = {"Symbol": symbol}
    assert instrument_of(entry_of(named), SymbolTable({})).kind == ""
    assert instrument_of(entry_of({**named, "SecType": "Stock"}), SymbolTable({})).kind == "STK"
    assert instrument_of(entry_of({**named, "SecType": "Option"}), SymbolTable({})).kind == "OPT"
