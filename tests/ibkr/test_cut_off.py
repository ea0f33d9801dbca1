"""A TWS that is cut off from IBKR: what it repeats is old, and what it asks for again comes once."""

from functools import partial

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import (
    ACCOUNT,
    QUICK,
    Login,
    assert_equals_the_market,
    profile,
    serving,
)
from tests.ibkr.tws_without_ibkr import FOUND_TEXT, LIMITED, LOST_TEXT, asked, is_worth
from tests.support.records import GUN
from tests.support.waiting import limits_run_out, until

# TWS without IBKR.


@pytest.mark.parametrize("code", [1100, 2110])
async def test_that_rows_repeated_by_a_cut_off_tws_stay_marked_old(
    code: int, login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    cut_at = market.clock()
    tws.notify(code, LOST_TEXT)
    await login.reach(LinkState.CUT_OFF)
    market.clock.advance(60)
    market.set_account_value(ACCOUNT, "NetLiquidation", "5.25", "USD")
    market.set_position(ACCOUNT, "CIM PRB", 1, 20.0)
    polls = asked(tws, 16)
    await until(lambda: asked(tws, 16) >= polls + 3 and login.book.strip(GUN).net_liquidation == 5.25)
    assert login.state is LinkState.CUT_OFF
    assert {row.stale_since for row in login.positions().values()} == {cut_at}
    assert {row.stale_since for row in login.orders().values()} == {cut_at}
    assert login.book.strip(GUN).as_of == cut_at
    tws.notify(1102, FOUND_TEXT)
    await login.reach(LinkState.READY)
    await until(lambda: login.book.account_state(GUN).stale_since is None)
    assert_equals_the_market(login, market)


async def test_that_a_cut_off_tws_that_stops_answering_is_still_called_cut_off(
    market: Market, tws: SimTws
) -> None:
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        await login.connect()
        tws.notify(1100, LOST_TEXT)
        tws.faults.unanswered.add(16)
        before, times = asked(tws, 16), asked(tws, 49)
        await until(lambda: login.state is LinkState.CUT_OFF and asked(tws, 16) > before)
        limits_run_out()
        await until(lambda: login.book.account_state(GUN).orders_problem and asked(tws, 49) > times)
        # What comes behind the answer for the time, which has a limit, too.
        market.set_position(ACCOUNT, "CIM PRB", 1, 20.0)
        await until(lambda: 1 in [row.quantity for row in login.book.position_rows()])
        assert login.state is LinkState.CUT_OFF
        tws.faults.unanswered.clear()
        limits_run_out()
        await until(lambda: login.book.account_state(GUN).orders_problem is None)
        assert login.state is LinkState.CUT_OFF
        assert all(row.stale_since for row in login.orders().values())


async def test_that_orders_reported_without_a_list_are_old_too_when_tws_is_cut_off(
    market: Market, tws: SimTws
) -> None:
    tws.faults.withheld.add(53)
    async with serving(Login(market, profile(tws.port), QUICK)) as login:
        login.link.connect()
        await until(login.orders)
        tws.notify(1100, LOST_TEXT)
        await login.reach(LinkState.CUT_OFF)
        assert all(row.stale_since for row in login.orders().values())


@pytest.mark.parametrize("by_hand", [True, False])
async def test_that_a_quote_requested_again_without_an_answer_is_old(
    by_hand: bool, market: Market, tws: SimTws
) -> None:
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        await login.connect()
        asked_at = market.clock()
        tws.faults.unanswered |= {61, 62}
        before = {number: asked(tws, number) for number in (61, 62)}
        if by_hand:
            login.connector.refresh()
        else:
            tws.notify(1102, FOUND_TEXT)
        await until(lambda: all(asked(tws, number) > count for number, count in before.items()))
        limits_run_out()
        await until(lambda: str(login.link.status.progress) == "no answer yet: positions, account values")
        assert login.book.strip(GUN).as_of == asked_at
        assert {row.stale_since for row in login.positions().values()} == {asked_at}
        await until(lambda: not any(row.stale_since for row in login.orders().values()))
        tws.faults.unanswered.clear()
        limits_run_out()
        await until(lambda: login.book.account_state(GUN).stale_since is None)
        assert_equals_the_market(login, market)


async def test_that_account_values_are_subscribed_once_however_often_ibkr_comes_back(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    for worth in range(1, 6):
        tws.notify(1100, LOST_TEXT)
        await login.reach(LinkState.CUT_OFF)
        tws.notify(1102, FOUND_TEXT)
        await login.reach(LinkState.READY)
        market.set_account_value(ACCOUNT, "NetLiquidation", f"{worth}.25", "USD")
        market.trade("SPY", 600.0 + worth, 100)
        await until(partial(is_worth, login, worth + 0.25))
    assert asked(tws, 62) - asked(tws, 63) == 1
    assert login.book.strip(GUN).as_of is None
