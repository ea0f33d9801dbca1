"""What any TWS client may read beside an account, as the real ib_insync decodes it from the simulated TWS."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from ib_insync import (
    IB,
    Contract,
    Crypto,
    Forex,
    Future,
    Index,
    Option,
    RequestError,
    ScannerSubscription,
    Stock,
    WshEventData,
)

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.instruments import listed
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.sim.test_sim_tws import SPOKEN, connected, received
from tests.support.waiting import PATIENCE_S

SPY_CALL = 843630132
WANTED = {
    "share": (Stock("AAPL", "SMART", "USD"), 265598, ("STK", "AAPL", "NASDAQ", "")),
    "share of the market": (Stock("SPY", "SMART", "USD"), 756733, ("STK", "SPY", "ARCA", "")),
    "share by its ISIN": (
        Contract(secIdType="ISIN", secId="US30303M1027"),
        107113386,
        ("STK", "META", "NASDAQ", ""),
    ),
    "currency pair": (Forex("EURUSD"), 12087792, ("CASH", "EUR", "IDEALPRO", "")),
    "crypto": (Crypto("BTC", "PAXOS", "USD"), 479624278, ("CRYPTO", "BTC", "PAXOS", "")),
    "index": (Index("SPX", "CBOE", "USD"), 416904, ("IND", "SPX", "CBOE", "")),
    "option": (Option("SPY", "20281215", 750, "C", "SMART"), SPY_CALL, ("OPT", "SPY", "", "20281215")),
    "option by a word": (
        Option("SPY", "202812", 750, "CALL", "SMART", multiplier="100"),
        SPY_CALL,
        ("OPT", "SPY", "", "20281215"),
    ),
}


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


@pytest.fixture(params=SPOKEN)
async def ib(market: Market, request: pytest.FixtureRequest) -> AsyncIterator[IB]:
    """A plain client, in each version that is spoken."""
    async with SimTws(market, "IBKR_GUN", max_version=request.param) as tws:
        client = await connected(tws, readonly=True)
        try:
            yield client
        finally:
            client.disconnect()


@pytest.fixture
async def newest(market: Market) -> AsyncIterator[IB]:
    async with SimTws(market, "IBKR_GUN", max_version=178) as tws:
        client = await connected(tws, readonly=True)
        try:
            yield client
        finally:
            client.disconnect()


async def details(ib: IB, contract: Contract) -> Any:
    return await asyncio.wait_for(ib.reqContractDetailsAsync(contract), PATIENCE_S)


@pytest.mark.parametrize("name", WANTED)
async def test_that_a_contract_is_found_by_what_names_it(newest: IB, name: str) -> None:
    wanted, con_id, right = WANTED[name]
    (reported,) = await details(newest, wanted)
    found = reported.contract
    assert found.conId == con_id
    assert (
        found.secType,
        found.symbol,
        found.primaryExchange,
        found.lastTradeDateOrContractMonth,
    ) == right


async def test_that_every_version_reports_an_option_whole(ib: IB) -> None:
    (reported,) = await details(ib, Option("SPY", "20281215", 750, "C", "SMART"))
    found = reported.contract
    assert (found.strike, found.right, found.multiplier, found.localSymbol) == (
        *(750.0, "C", "100"),
        "SPY   281215C00750000",
    )
    assert (reported.underConId, reported.underSymbol, reported.underSecType) == (756733, "SPY", "STK")
    assert (reported.contractMonth, reported.realExpirationDate) == ("202812", "20281215")
    assert reported.marketRuleIds == "32,32,32"


async def test_that_every_version_reports_a_bond_by_its_isin(ib: IB) -> None:
    decoder, coupons = ib.client.decoder, []
    place = 5 if ib.client.serverVersion() >= 164 else 6

    def without_coupon(fields: list[str]) -> None:
        # ib_insync takes a coupon for a whole number, and loses the bond.
        coupons.append(fields[place])
        decoder.bondContractDetails([*fields[:place], "", *fields[place + 1 :]])

    decoder.handlers[18] = without_coupon
    (reported,) = await details(ib, Contract(secType="BOND", symbol="US064159KJ44", currency="USD"))
    assert (reported.contract.symbol, reported.contract.secType, reported.cusip) == (
        "BNS",
        "BOND",
        "064159KJ4",
    )
    assert (coupons, reported.maturity) == (["4.65"], "")
    assert {pair.tag: pair.value for pair in reported.secIdList} == {
        "CUSIP": "064159KJ4",
        "ISIN": "US064159KJ44",
    }


async def test_that_a_chain_is_reported_whole_and_agrees_with_its_parameters(ib: IB) -> None:
    calls = await details(ib, Option("SPY", "20281215", 0, "C", "SMART"))
    (parameters,) = await asyncio.wait_for(ib.reqSecDefOptParamsAsync("SPY", "", "STK", 756733), PATIENCE_S)
    assert len(calls) == 101
    assert sorted(reported.contract.strike for reported in calls) == parameters.strikes
    assert (parameters.expirations, parameters.multiplier) == (["20281215"], "100")


async def test_that_futures_are_reported_by_month(newest: IB) -> None:
    every = await details(newest, Future("ES", exchange="CME"))
    (december,) = await details(newest, Future("ES", "202612", "CME", "ESZ6", "50"))
    assert len(every) > 1
    assert (december.contract.localSymbol, december.contract.lastTradeDateOrContractMonth) == (
        "ESZ6",
        "20261218",
    )


@pytest.mark.parametrize(
    "nobody",
    [
        Stock("AAPL", "SMART", "EUR"),
        Stock("AAPL", "IBIS", "USD"),
        Option("SPY", "20281215", 751, "C", "SMART"),
        Crypto("AAPL", "PAXOS", "USD"),
        Contract(conId=1),
        Contract(secType="STK", currency="USD"),
        Contract(secIdType="CUSIP", secId="US30303M1027"),
    ],
    ids=repr,
)
async def test_that_a_contract_that_does_not_exist_is_not_found(
    newest: IB, expected_errors: ExpectedErrors, nobody: Contract
) -> None:
    expected_errors.allow("ib_insync")
    with pytest.raises(RequestError) as raised:
        await details(newest, nobody)
    assert raised.value.code == 200


async def test_that_symbols_are_found_by_their_beginning_and_by_a_name(ib: IB) -> None:
    async def samples(pattern: str) -> list[tuple[str, str]]:
        reported = await asyncio.wait_for(ib.reqMatchingSymbolsAsync(pattern), PATIENCE_S)
        contracts = [each.contract or Contract() for each in reported or ()]
        return [(contract.symbol, contract.secType) for contract in contracts]

    assert (await samples("AMC"))[0] == ("AMC", "STK")
    assert ("AAPL", "STK") in await samples("apple")
    # The market's share instead of the listed contract: each is reported once.
    assert await samples("SPY") == [("SPY", "STK")]
    assert await samples("no such thing") == []
    assert len(await samples("S")) <= 16


async def test_that_a_market_rule_is_reported(ib: IB, expected_errors: ExpectedErrors) -> None:
    expected_errors.allow("ib_insync")
    steps = await asyncio.wait_for(ib.reqMarketRuleAsync(635), PATIENCE_S)
    assert [(step.lowEdge, step.increment) for step in steps or ()] == [(0.0, 0.0001), (1.0, 0.01)]
    ib.client.reqMarketRule(4)
    assert (await received(ib.errorEvent))[1] == 321


async def test_that_the_user_news_providers_and_exchanges_of_depth_are_reported(newest: IB) -> None:
    # ib_insync drops the one field, a white branding that no own login has.
    assert not await asyncio.wait_for(newest.reqUserInfoAsync(), PATIENCE_S)
    providers = await asyncio.wait_for(newest.reqNewsProvidersAsync(), PATIENCE_S)
    assert "BRFG" in [provider.code for provider in providers]
    newest.client.reqMktDepthExchanges()
    newest.client.reqFamilyCodes()
    newest.client.reqSoftDollarTiers(7)
    xml = await asyncio.wait_for(newest.reqScannerParametersAsync(), PATIENCE_S)
    assert xml.startswith('<?xml version="1.0" encoding="UTF-8"?>')


APPLE = Stock("AAPL", "SMART", "USD")
FOR_PRICES: dict[str, tuple[int, Callable[[IB, int], object]]] = {
    "quotes": (354, lambda ib, n: ib.client.reqMktData(n, APPLE, "", False, False, [])),
    "depth": (354, lambda ib, n: ib.client.reqMktDepth(n, APPLE, 5, False, [])),
    "bars": (420, lambda ib, n: ib.client.reqRealTimeBars(n, APPLE, 5, "TRADES", True, [])),
    "ticks": (10189, lambda ib, n: ib.client.reqTickByTickData(n, APPLE, "Last", 0, False)),
    "history": (
        162,
        lambda ib, n: ib.client.reqHistoricalData(n, APPLE, "", "1 D", "1 min", "TRADES", 1, 1, False, []),
    ),
    "histogram": (162, lambda ib, n: ib.client.reqHistogramData(n, APPLE, True, "1 week")),
    "first stamp": (162, lambda ib, n: ib.client.reqHeadTimeStamp(n, APPLE, "TRADES", True, 1)),
    "scan": (162, lambda ib, n: ib.client.reqScannerSubscription(n, ScannerSubscription(), [], [])),
    "fundamentals": (10358, lambda ib, n: ib.client.reqFundamentalData(n, APPLE, "ReportSnapshot", [])),
    "news": (10276, lambda ib, n: ib.client.reqHistoricalNews(n, 265598, "BRFG", "", "", 3, [])),
    "events": (10276, lambda ib, n: ib.client.reqWshEventData(n, WshEventData(conId=8314))),
}


@pytest.mark.parametrize("name", FOR_PRICES)
async def test_that_prices_and_news_are_refused_with_the_code_of_a_tws_without_them(
    newest: IB, expected_errors: ExpectedErrors, name: str
) -> None:
    expected_errors.allow("ib_insync")
    code, ask = FOR_PRICES[name]
    ask(newest, 4711)
    request_id, text, *_ = await received(newest.errorEvent)
    assert (request_id, text) == (4711, code)
    assert await asyncio.wait_for(newest.reqCurrentTimeAsync(), PATIENCE_S)


def test_that_no_two_contracts_of_the_list_share_an_id_or_a_name() -> None:
    items = listed()
    assert len({item.con_id for item in items}) == len(items)
    assert len({(item.kind, item.local_symbol, item.currency) for item in items}) == len(items)
