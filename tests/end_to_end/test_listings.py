"""What HAMMER is asked for: shares listed at a US market, by their position's listing or the trader's
table.
"""

from pathlib import Path
from typing import Any

import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.listing_exchange import Unpriced, is_us_market, unpriced
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN, PED
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import execution, listed
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

QUOTE = [24.5, 24.6, 24.55, 24.4]


def position(con_id: int, symbol: str, exchange: str, quantity: int = 100) -> str:
    return f"61|3|U1240821|{con_id}|{symbol}|STK||0.0|||{exchange}|USD|{symbol}|{symbol}|{quantity}|20.0"


def details(con_id: int, symbol: str, listing: str) -> str:
    head = f"10|{{req}}|{symbol}|STK||0.0||SMART|USD|{symbol}|{symbol}|{symbol}|{con_id}|0.01||LMT|SMART"
    return f"{head}|1|0|{symbol}|{listing}|||||||||0|0|1|||||COMMON|1|1|100"


def by_con_id(product: ScriptedProduct) -> dict[int, dict[str, Any]]:
    return {reported["con_id"]: reported for reported in product.snapshot()["positions"]}


async def test_that_a_dollar_share_listed_abroad_has_no_price_and_explains_why() -> None:
    async with scripted(script("usd_share_abroad"), has_window=True) as product:
        await product.connect()
        held = {cells["exchange"]: cells for cells in product.positions()}
        assert (held["ARCA"]["last"], held["LSEETF"]["last"]) == ("4.56", "—")
        assert held["LSEETF"]["market_value"] == held["LSEETF"]["unrealized_pnl"] == "—"
        reported = by_con_id(product)
        assert reported[43532472]["no_price"] == "listed at LSEETF, not at a US market: HAMMER is not asked"
        assert (reported[43532472]["current_price"], reported[11]["no_price"]) == (None, None)
        place = [cells["exchange"] for cells in product.positions()].index("LSEETF")
        for column in ("age", "market_value", "unrealized_pnl"):
            assert "not at a US market" in product.tooltip(product.positions_table, column, place)
        assert "not at a US market" in product.window.positions.warning.text
        assert product.monitor.book.totals(tuple(product.monitor.links)).without_quote == 1


async def test_that_a_share_with_another_companys_symbol_gets_neither_its_depth_nor_its_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with all_outputs(script("usd_share_abroad"), tmp_path, capsys, has_window=True) as seen:
        product, windows = seen.product, seen.product.window.symbol_windows
        await product.connect()
        rows = {row.exchange: row for row in product.positions_table.rows()}
        abroad = windows.open(rows["LSEETF"])
        assert "listed at LSEETF" in abroad.status.text
        assert product.monitor.book.depths.symbols == frozenset()
        windows.open(rows["ARCA"])
        assert product.monitor.book.depths.symbols == {"WEAT"}
        abroad.refresh()
        assert not any(line.bid or line.ask for line in abroad.ladder.lines)
        groups = (await seen.http("groups", by="share"))["groups"]
        assert [(each["name"], each["shares"], len(each["keys"])) for each in groups] == [("WEAT", 1, 1)] * 2
        windows.close_all()
        product.tws.send(position(11, "WEAT", "ARCA", 0))
        await until(lambda: len(product.positions()) == 1)
        answer = await seen.api.get("depth", params={"symbol": "WEAT"})
        assert answer.status_code == 404
        assert "listed at LSEETF" in answer.json()["why"]


async def test_that_another_companys_price_is_not_asked_for() -> None:
    exchanges = ("VALUE", "CORPACT", "LSE", "TSEJ", "IBIS", "EBS", "SEHK", "VENTURE")
    held = [position(con_id, "XYZ", exchange) for con_id, exchange in enumerate(exchanges, 7)]
    async with scripted({"to_61": held, "hammer": {"XYZ": QUOTE}}) as product:
        await product.connect()
        shown = {cells["exchange"]: (cells["last"], cells["unrealized_pnl"]) for cells in product.positions()}
        assert shown == dict.fromkeys(exchanges, ("—", "—"))
        for con_id, exchange in enumerate(exchanges, 7):
            assert exchange in by_con_id(product)[con_id]["no_price"]
        assert product.hammer.asked_for == frozenset()


async def test_that_the_traders_table_may_overrule_it(tmp_path: Path) -> None:
    symbols = tmp_path / "symbols.csv"
    symbols.write_text("IBKR symbol,HAMMER symbol,average daily volume\nXYZ,XYZ.L,\n")
    of = {"to_61": [position(7, "XYZ", "LSEETF")], "hammer": {"XYZ.L": QUOTE}}
    async with scripted(of, symbols=symbols) as product:
        await product.connect()
        assert product.positions()[0]["last"] == "24.55"
        assert product.hammer.asked_for == {"XYZ.L"}
        assert by_con_id(product)[7]["no_price"] is None


async def test_that_an_order_takes_the_listing_of_its_position_and_explains_why_it_has_no_price() -> None:
    orders = [*listed(1, con_id=7, symbol="XYZ", local_symbol="XYZ", trading_class="XYZ"), *listed(2)]
    of = {"to_61": [position(7, "XYZ", "LSEETF")], "to_16": orders, "hammer": {"XYZ": QUOTE}}
    async with scripted(of) as product:
        await product.connect()
        why = "listed at LSEETF, not at a US market: HAMMER is not asked"
        await until(lambda: product.api_orders()[1]["no_price"] == why, what="the listing of the order")
        places = [int(cells["perm_id"]) for cells in product.orders().values()]
        for column in ("where", "to_fill"):
            assert why in product.tooltip(product.orders_table, column, places.index(1))
        cells = product.orders()[1]
        assert (cells["bid"], cells["to_fill"], cells["to_touch"]) == ("—", "—", "—")
        assert product.api_orders()[1]["near_fill"] is False
        assert "XYZ" not in product.hammer.asked_for


CBL, OTHER_LOGIN = 104, "U9"
EARLIER = "{today} 10:15:30 US/Eastern"
NEW_QUOTE = [0.9, 1.1, 1.0, 1.0]
BEFORE, NOW = position(CBL, "CBL PRD", "NYSE", 500), position(CBL, "CBLDQ", "PINK", 300)


def of_other_login(reported: str) -> str:
    return reported.replace("U1240821", OTHER_LOGIN)


async def connect_both(product: ScriptedProduct) -> None:
    product.monitor.links[PED].connect()
    await product.connect()
    await until(lambda: len(product.positions()) == 2, what="what both logins hold")
    await until(lambda: product.monitor.book.current_orders(PED) is not None, what="the other login's orders")


def priced_as(product: ScriptedProduct) -> dict[str, tuple[str, str]]:
    return {cells["account"]: (cells["symbol"], cells["last"]) for cells in product.positions()}


@pytest.mark.parametrize("is_renamed_at_first", [False, True])
async def test_that_a_share_that_one_login_has_renamed_is_one_share_at_its_price_of_today_everywhere(
    is_renamed_at_first: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (NOW, BEFORE) if is_renamed_at_first else (BEFORE, NOW)
    sale = listed(77, con_id=CBL, symbol="CBL", local_symbol="CBL PRD", account=OTHER_LOGIN, limit=1.05)
    ped = {"accounts": OTHER_LOGIN, "to_61": [of_other_login(second)], "to_16": sale}
    of = {"to_61": [first], "hammer": {"CBLDQ": NEW_QUOTE}}
    async with all_outputs(of, tmp_path, capsys, ped=ped) as seen:
        product = seen.product
        await connect_both(product)
        names = ["CBL PRD → CBLDQ", "CBLDQ"]
        right = dict(zip(("PED", "GUN") if is_renamed_at_first else ("GUN", "PED"), names, strict=True))
        await until(lambda: priced_as(product) == {key: (name, "1.00") for key, name in right.items()})
        await until(lambda: product.orders()[77]["bid"] == "0.90", what="the price of the order")
        assert product.orders()[77]["symbol"] == "CBL PRD → CBLDQ"
        place = [cells["symbol"] for cells in product.positions()].index("CBL PRD → CBLDQ")
        text = product.tooltip(product.positions_table, "symbol", place)
        assert text == "CBL PRD; also held or ordered as CBLDQ, the same contract (104), priced as CBLDQ"
        assert "CBL PRD" in product.tooltip(product.positions_table, "symbol", 1 - place)
        totals = product.monitor.book.totals([GUN, PED])
        assert (totals.market_value, totals.without_quote) == (800.0, 0)
        for mode in (GUN, PED):
            (held,) = (await seen.http("account/ibkr/positions", mode))["positions"]
            assert {held["symbol"], *held["other_names"]} == {"CBL PRD", "CBLDQ"}
            assert (held["current_price"], held["no_price"], held["issuer"]) == (1.0, None, "CBLDQ")
            assert held["listed_as"] == (None if held["symbol"] == "CBLDQ" else "CBLDQ")
        (group,) = (await seen.http("groups", by="share"))["groups"]
        assert (group["name"], group["shares"], len(group["keys"])) == ("CBLDQ", 1, 2)
        exposure = (await seen.http("exposure"))["exposure"]
        assert [each["issuer"] for each in exposure["largest_issuers"]] == ["CBLDQ"]
        assert {each["prev_close"] for each in (await seen.http("day"))["shares"]} == {1.0}


async def test_that_of_two_names_that_hammer_quotes_the_one_in_most_positions_or_the_newest_prices() -> None:
    of = {"to_61": [BEFORE], "hammer": {"CBL-D": QUOTE, "CBLDQ": NEW_QUOTE}}
    async with scripted(of, ped={"accounts": OTHER_LOGIN, "to_61": [of_other_login(BEFORE)]}) as product:
        await connect_both(product)
        await until(lambda: {last for _, last in priced_as(product).values()} == {"24.55"})
        product.tws.send(position(CBL, "CBLDQ", "PINK", 500))
        right = {"GUN": ("CBLDQ", "1.00"), "PED": ("CBL PRD → CBLDQ", "1.00")}
        await until(lambda: priced_as(product) == right, what="one price at both logins")
        place = [cells["account"] for cells in product.positions()].index("GUN")
        text = product.tooltip(product.positions_table, "symbol", place)
        assert text.endswith(
            "; HAMMER quotes CBL PRD, too: the name in most positions counts, else the newest"
        )
        assert by_con_id(product)[CBL]["also_quoted"] == ["CBL PRD"]
        product.tws.send(position(CBL, "CBLDQ", "PINK", 0))
        await until(lambda: priced_as(product) == {"PED": ("CBL PRD", "24.55")}, what="the name that is left")


async def test_that_a_name_of_one_of_three_accounts_is_not_used_while_the_other_name_is_quoted() -> None:
    of = {
        "accounts": "U1240821,U1240822",
        "to_61": [BEFORE, BEFORE.replace("U1240821", "U1240822")],
        "hammer": {"CBL-D": QUOTE, "CBLDQ": NEW_QUOTE},
    }
    async with scripted(of, ped={"accounts": OTHER_LOGIN, "to_61": [of_other_login(NOW)]}) as product:
        await product.connect()
        await until(lambda: len(product.positions()) == 2)
        product.monitor.links[PED].connect()
        right = {"CBL PRD", "CBLDQ → CBL PRD"}
        await until(lambda: {cells["symbol"] for cells in product.positions()} == right, what="positions")
        await until(lambda: {cells["last"] for cells in product.positions()} == {"24.55"})


@pytest.mark.parametrize("answer", [[None] * 4, [None, None, None, 24.6]])
async def test_that_a_name_of_which_hammer_sends_no_price_gives_way_to_one_that_it_quotes(
    answer: list[float | None],
) -> None:
    of = {"to_61": [NOW], "hammer": {"CBL-D": answer, "CBLDQ": NEW_QUOTE}}
    async with scripted(of, ped={"accounts": OTHER_LOGIN, "to_61": [of_other_login(BEFORE)]}) as product:
        await connect_both(product)
        prices = product.monitor.book.prices
        await until(lambda: prices.state_of("CBL PRD") is QuoteState.LIVE, what="HAMMER's answer")
        right = {"GUN": ("CBLDQ", "1.00"), "PED": ("CBL PRD → CBLDQ", "1.00")}
        await until(lambda: priced_as(product) == right, what="one price at both logins")
        assert by_con_id(product)[CBL]["also_quoted"] == []


async def test_that_a_share_under_its_old_name_is_priced_as_its_newer_order_names_it() -> None:
    bought = listed(78, con_id=CBL, symbol="CBLDQ", local_symbol="CBLDQ", exchange="PINK", limit=0.95)
    async with scripted({"to_61": [BEFORE], "to_16": bought, "hammer": {"CBLDQ": NEW_QUOTE}}) as product:
        await product.connect()
        await until(lambda: priced_as(product) == {"GUN": ("CBL PRD → CBLDQ", "1.00")})
        assert (product.orders()[78]["symbol"], product.orders()[78]["bid"]) == ("CBLDQ", "0.90")


@pytest.mark.parametrize("quotes", [{}, {"CBL-D": QUOTE}])
async def test_that_orders_alone_have_another_name_only_where_hammer_prices_that(
    quotes: dict[str, Any],
) -> None:
    sales = [
        *listed(77, con_id=CBL, local_symbol="CBL PRD", exchange="NYSE"),
        *listed(78, con_id=CBL, local_symbol="CBLDQ", exchange="PINK"),
    ]
    async with scripted({"to_16": sales, "hammer": quotes}) as product:
        await product.connect()
        newer = "CBLDQ → CBL PRD" if quotes else "CBLDQ"
        await until(lambda: [cells["symbol"] for cells in product.orders().values()] == ["CBL PRD", newer])
        shown = "24.50" if quotes else "—"
        assert [cells["bid"] for cells in product.orders().values()] == [shown, shown]


async def test_that_trades_under_two_names_are_added_up_under_both() -> None:
    def sale(number: int, name: str, at: str) -> list[str]:
        return execution(
            77, 50, 1.0, number, con_id=CBL, local_symbol=name, time=f"{{today}} {at} US/Eastern"
        )

    done = [sale(1, "CBLDQ", "11:15:30"), sale(2, "CBL PRD", "10:15:30")]
    async with scripted({"to_61": [NOW], "to_7": done, "hammer": {"CBLDQ": NEW_QUOTE}}) as product:
        await product.connect()
        await until(lambda: len(product.fills()) == 2, what="the executions")
        (total,) = product.fill_totals()
        assert (total["symbol"], total["fills"], total["sold"]) == ("CBL PRD → CBLDQ", "2", "100")


SOLD = execution(77, 50, 0.8, con_id=CBL, local_symbol="CBL PRD")
OF_TODAY: dict[str, Any] = {"con_id": CBL, "local_symbol": "CBLDQ", "exchange": "PINK"}


@pytest.mark.parametrize(
    "named_anew",
    [
        {"to_16": listed(78, **OF_TODAY)},
        {"to_7": [execution(76, 50, 0.8, 2, con_id=CBL, local_symbol="CBLDQ", time=EARLIER), SOLD]},
    ],
    ids=["by an order", "by an execution"],
)
async def test_that_a_share_sold_under_its_old_name_has_the_close_of_its_new_one(
    named_anew: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = {"to_61": [], "to_7": [SOLD], "hammer": {"CBLDQ": NEW_QUOTE}, **named_anew}
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        book, sold = product.monitor.book, 50 * len(of["to_7"])
        if "to_16" not in named_anew:
            await until(lambda: "CBL PRD" in book.prices.refused, what="HAMMER's refusal of the old name")
        await until(lambda: book.strip(GUN).day_pnl == pytest.approx(-0.2 * sold), what="the close")
        (share,) = (await seen.http("day"))["shares"]
        assert (share["symbol"], share["prev_close"], share["why"]) == ("CBL PRD", 1.0, None)
        if "to_16" in named_anew:
            product.tws.answers["16"] = []
            await until(lambda: product.orders()[78]["status"] == "Gone")
            product.clock.advance(60)
            await until(lambda: not product.orders(), what="the order to leave")
            assert book.strip(GUN).day_pnl == pytest.approx(-0.2 * sold)


async def test_that_a_foreign_share_with_two_names_is_not_reported_as_priced() -> None:
    of = {"to_61": [position(9, "XYZ", "LSEETF")], "hammer": {}}
    ordered = listed(5, con_id=9, local_symbol="XYZ", account=OTHER_LOGIN)
    ped = {
        "accounts": OTHER_LOGIN,
        "to_61": [of_other_login(position(9, "XYZQ", "LSEETF"))],
        "to_16": ordered,
    }
    async with scripted(of, ped=ped) as product:
        await connect_both(product)
        await until(lambda: 5 in product.orders(), what="the order")
        texts = [product.tooltip(product.positions_table, "symbol", place) for place in (0, 1)]
        texts.append(product.tooltip(product.orders_table, "symbol"))
        assert "XYZ; also held or ordered as XYZQ, the same contract (9)" in texts
        assert not any("priced" in text for text in texts)
        assert len({row.priced_as for row in product.monitor.book.position_rows()}) == 1


async def test_that_the_root_of_a_name_is_no_newer_name() -> None:
    of = {"to_61": [position(CBL, "CIM PRB", "NYSE")], "hammer": {"CIM-B": QUOTE, "CIM": NEW_QUOTE}}
    cut_off = of_other_login(position(CBL, "CIM", "NYSE"))
    async with scripted(of, ped={"accounts": OTHER_LOGIN, "to_61": [cut_off]}) as product:
        await connect_both(product)
        await until(
            lambda: priced_as(product) == {"GUN": ("CIM PRB", "24.55"), "PED": ("CIM → CIM PRB", "24.55")}
        )


async def test_that_the_traders_table_prices_an_order_too(tmp_path: Path) -> None:
    symbols = tmp_path / "symbols.csv"
    symbols.write_text("IBKR symbol,HAMMER symbol,average daily volume\nXYZ,XYZ.L,\n")
    orders = listed(1, con_id=7, symbol="XYZ", local_symbol="XYZ", trading_class="XYZ")
    of = {"to_61": [position(7, "XYZ", "LSEETF")], "to_16": orders, "hammer": {"XYZ.L": QUOTE}}
    async with scripted(of, symbols=symbols) as product:
        await product.connect()
        await until(lambda: product.orders()[1]["bid"] == "24.50", what="the price of the order")
        assert product.api_orders()[1]["no_price"] is None


@pytest.mark.parametrize("routed", ["SMART", ""])
async def test_that_contract_details_are_requested_if_tws_names_a_route_and_no_market(routed: str) -> None:
    of = {
        "to_61": [position(7, "HOME", routed), position(8, "AWAY", routed)],
        "to_9": [details(7, "HOME", "NYSE"), details(8, "AWAY", "LSEETF")],
        "hammer": {"HOME": QUOTE, "AWAY": QUOTE},
    }
    async with scripted(of) as product:
        await product.connect()
        await until(lambda: "LSEETF" in (by_con_id(product)[8]["no_price"] or ""), what="the listing")
        await until(lambda: by_con_id(product)[7]["current_price"] == 24.55, what="the price")
        assert product.hammer.asked_for == {"HOME"}


async def test_that_a_share_of_which_nobody_knows_the_market_is_not_priced_and_reports_it() -> None:
    of = {"to_61": [position(7, "HOME", "SMART")], "hammer": {"HOME": QUOTE}}
    async with scripted(of) as product:
        del product.tws.answers["9"]
        await product.connect()
        assert by_con_id(product)[7]["no_price"] == "TWS does not say where it is listed, HAMMER is not asked"
        assert product.hammer.asked_for == frozenset()


US_SHARE_IS_TRADED_AT = (
    "SMART,AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,NASDAQ,ISLAND,DRCTEDGE,BEX,BATS,EDGEA,CSFBALGO,JEFFALGO,BYX,IEX,"
    "EDGX,FOXRIVER,PEARL,NYSENAT,LTSE,MEMX,TPLUS0,TPLUS1,IBEOS,OVERNIGHT,PSX,T24X"
)
"""What contract details name as valid exchanges of AAPL: an order may be sent to each of them."""


def test_that_no_way_of_an_order_on_a_us_share_is_a_market_abroad() -> None:
    ways = US_SHARE_IS_TRADED_AT.split(",")
    assert [way for way in ways if is_us_market(way) is False] == []


@pytest.mark.parametrize(
    ("names", "is_us"),
    [
        (("NYSE", "NASDAQ.NMS", "ARCA", "AMEX", "BATS", "IEX", "PINK", "OTC"), True),
        (("SMART", "", "BEST"), None),
        (("LSE", "LSEETF", "VALUE", "CORPACT", "TSE", "NSE", "ASX"), False),
    ],
)
def test_that_a_market_is_known_by_its_name_at_tws(names: tuple[str, ...], is_us: bool | None) -> None:
    assert {name: is_us_market(name) for name in names} == dict.fromkeys(names, is_us)


def test_that_shares_that_hammer_holds_are_priced_and_other_contracts_are_not() -> None:
    assert unpriced(Instrument(0, "CIM PRB")) is None
    assert unpriced(Instrument(7, "CIM PRB", "OPT", exchange="NYSE")) is Unpriced.KIND
    assert unpriced(Instrument(7, "STAN", "STK", "GBP", "LSE")) is Unpriced.CURRENCY


async def test_that_a_share_of_which_tws_sends_neither_id_nor_market_is_not_priced_by_its_name() -> None:
    unnamed: dict[str, Any] = {"con_id": 0, "exchange": "", "symbol": "WEAT", "local_symbol": "WEAT"}
    sold = execution(1, 50, 21.3, con_id=0, symbol="WEAT", local_symbol="WEAT")
    sold[10] = ""
    of = {
        "hammer": {"WEAT": [4.55, 4.57, 4.56, 4.5]},
        "to_61": [position(0, "WEAT", "", 1000)],
        "to_16": listed(1, **unnamed),
        "to_7": [sold],
    }
    async with scripted(of) as product:
        await product.connect()
        await until(lambda: len(product.fills()) == 1, what="the execution")
        (held,), (cells,) = product.snapshot()["positions"], product.positions()
        why = "TWS does not say where it is listed, HAMMER is not asked"
        assert (held["current_price"], held["market_value"], held["no_price"]) == (None, None, why)
        shown = [cells[name] for name in ("quantity", "last", "working", "exchange")]
        assert shown == ["1,000", "—", "SELL 100", "—"]
        assert (product.api_orders()[1]["no_price"], product.orders()[1]["to_fill"]) == (why, "—")
