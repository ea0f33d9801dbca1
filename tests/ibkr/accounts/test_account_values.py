"""The account values of a login, from a TWS over a socket into the book."""

import asyncio

import pytest
from ib_insync import AccountValue

from psf_monitor.book.book import Book
from psf_monitor.ibkr.accounts.account_requests import AccountRequests, LoginRequests, SingleAccountRequests
from psf_monitor.ibkr.accounts.account_summaries import in_several_currencies, summaries
from psf_monitor.ibkr.accounts.account_values import AccountValues
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import ACCOUNT
from tests.support.records import GUN, Clock
from tests.support.waiting import until


@pytest.mark.parametrize("is_single", [False, True])
async def test_that_a_line_that_breaks_while_values_settle_removes_none_of_them(
    tws: SimTws, is_single: bool
) -> None:
    ib = ReadOnlyIB()
    await ib.client.connectAsync("127.0.0.1", tws.port, 5)
    asked: AccountRequests = (
        SingleAccountRequests(ib, ACCOUNT) if is_single else LoginRequests(ib, lambda: (ACCOUNT,), 0.0)
    )
    book, reported = Book(Clock()), asyncio.Event()
    values = AccountValues(
        GUN, book, IbkrTiming(settle_s=0.0), lambda: (ACCOUNT,), lambda _count: None, reported.set
    )
    loading = asyncio.create_task(values.load(asked))
    await until(lambda: bool(book.summaries(GUN)))
    (before,) = book.summaries(GUN)
    assert before.net_liquidation is not None
    tws.reset_all()
    await until(lambda: not ib.client.isConnected())
    values.request_soon()
    for _ in range(5):
        await asyncio.sleep(0)
    assert book.summaries(GUN) == [before]
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)


# What the rows of a summary say.


def row(tag: str, value: str, currency: str = "USD", model: str = "") -> AccountValue:
    return AccountValue(ACCOUNT, tag, value, currency, model)


WORTH = row("NetLiquidation", "250000")


@pytest.mark.parametrize(
    ("rows", "currency", "worth", "power"),
    [
        ([WORTH, row("BuyingPower", "99", "EUR")], None, None, None),
        ([WORTH, row("NetLiquidation", "230000", "EUR"), row("BuyingPower", "99")], None, None, None),
        ([WORTH, row("NetLiquidation", "250001", "BASE")], "USD", 250000, None),
        ([row("NetLiquidation", "250001", "BASE"), row("BuyingPower", "99", "")], None, 250001, 99),
        ([WORTH, row("BuyingPower", "99", "BASE")], "USD", 250000, 99),
        ([WORTH, row("NetLiquidation-S", "1"), row("BuyingPower", "99", "USD ")], "USD", 250000, 99),
        ([row("NetLiquidation", "250,000.00"), row("BuyingPower", "N/A")], "USD", None, None),
        ([row("NetLiquidation", "250_000"), row("BuyingPower", "1e200")], "USD", None, None),
        ([WORTH, row("NetLiquidation", "50000", model="Income")], "USD", 300000, None),
    ],
)
def test_that_a_value_is_reported_in_the_currency_of_its_account_alone(
    rows: list[AccountValue], currency: str | None, worth: float | None, power: float | None
) -> None:
    for reported in (rows, rows[::-1]):
        (summary,) = summaries(GUN, reported)
        assert (summary.currency, summary.net_liquidation, summary.buying_power) == (currency, worth, power)


def test_that_of_several_currencies_the_one_with_a_rate_of_1_is_the_accounts() -> None:
    reported = [WORTH, row("NetLiquidation", "230000", "EUR"), row("BuyingPower", "99", "EUR")]
    rates = [
        row("ExchangeRate", "1.00", "EUR"),
        row("ExchangeRate", "0.92"),
        row("ExchangeRate", "1.00", "BASE"),
    ]
    ledger = row("UnrealizedPnL", "7", "BASE")
    (summary,) = summaries(GUN, [*reported, *rates, ledger])
    assert (summary.currency, summary.net_liquidation, summary.buying_power) == ("EUR", 230000, 99)
    assert summary.unrealized_pnl == 7
    assert in_several_currencies([*reported, *rates]) == frozenset()
    assert in_several_currencies(reported) == {ACCOUNT}


@pytest.mark.parametrize(
    ("others", "realized"),
    [
        ([], 7.0),
        ([row("CashBalance", "3", "EUR")], None),
        ([row("RealizedPnL", "9", "BASE")], 9.0),
        ([row("CashBalance", "3", "BASE"), row("NLVAndMarginInReview", "false", "")], 7.0),
    ],
    ids=["one currency alone", "another one, too", "with BASE", "with BASE of another tag"],
)
def test_that_the_ledger_of_an_account_of_one_currency_needs_no_base(
    others: list[AccountValue], realized: float | None
) -> None:
    (summary,) = summaries(GUN, [WORTH, row("RealizedPnL", "7"), *others])
    assert summary.realized_pnl == realized


def test_that_a_ledger_without_the_accounts_currency_is_not_taken_for_its_base() -> None:
    (summary,) = summaries(GUN, [row("NetLiquidation", "1", ""), row("RealizedPnL", "7", "EUR")])
    assert summary.realized_pnl is None
