"""The account values of a login, from a TWS over a socket into the book."""

import asyncio

import pytest

from psf_monitor.book.book import Book
from psf_monitor.ibkr.accounts.account_requests import AccountRequests, LoginRequests, SingleAccountRequests
from psf_monitor.ibkr.accounts.account_values import AccountValues
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.timing import Timing
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.far_side import ACCOUNT
from tests.records import GUN, Clock
from tests.waiting import until


@pytest.mark.parametrize("is_single", [False, True])
async def test_that_a_line_that_breaks_while_values_settle_takes_none_of_them_back(
    tws: SimTws, is_single: bool
) -> None:
    ib = ReadOnlyIB()
    await ib.client.connectAsync("127.0.0.1", tws.port, 5)
    asked: AccountRequests = (
        SingleAccountRequests(ib, ACCOUNT) if is_single else LoginRequests(ib, lambda: (ACCOUNT,), 0.0)
    )
    book, told = Book(Clock()), asyncio.Event()
    values = AccountValues(GUN, book, Timing(settle_s=0.0), lambda: (ACCOUNT,), lambda _count: None, told.set)
    following = asyncio.create_task(values.follow(asked))
    await until(lambda: bool(book.summaries(GUN)))
    (before,) = book.summaries(GUN)
    assert before.net_liquidation is not None
    tws.reset_all()
    await until(lambda: not ib.client.isConnected())
    values.stir()
    for _ in range(5):
        await asyncio.sleep(0)
    assert book.summaries(GUN) == [before]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
