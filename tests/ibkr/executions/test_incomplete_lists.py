"""Lists of executions that come late, in part, refused, unreadable or cut off."""

import asyncio
from dataclasses import replace

from psf_monitor.connection.status import LinkState
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import AccountRow, scenario
from psf_monitor.sim.tws.layouts import execution as execution_message
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.ibkr.executions.day_of_trading import (
    ONCE,
    asked,
    done,
    listed,
    only,
    shown,
    trade,
    until_all_are_shown,
)
from tests.ibkr.running_connector import ACCOUNT, QUICK, Login, profile, serving
from tests.ibkr.tws_without_ibkr import LIMITED
from tests.support.records import GUN
from tests.support.waiting import PATIENCE_S, limits_run_out, until

# Losses.


async def test_that_after_a_reconnect_everything_is_there_once_and_nothing_arrives_late(
    login: Login, market: Market, tws: SimTws
) -> None:
    await listed(login)
    trade(market)
    await until_all_are_shown(login, market)
    login.fills.drain()
    port = tws.port
    await tws.stop()
    await until(lambda: login.fills.state(GUN).problem)
    assert "IBKR_GUN is not connected" in str(login.fills.state(GUN).problem)
    assert len(shown(login)) == len(done(market))
    trade(market)
    market.correct_execution(market.executions[0].exec_id, price=1.25)
    await tws.start(port)
    await until_all_are_shown(login, market)
    await until(lambda: login.fills.state(GUN).problem is None)
    changes = login.fills.drain()
    assert changes.arrived == ()
    assert len(changes.rows) == 1 + (market.executions[0].account == ACCOUNT)


async def test_that_fills_stay_when_the_trader_disconnects(login: Login, market: Market) -> None:
    await listed(login)
    login.link.disconnect()
    await login.reach(LinkState.IDLE)
    assert login.positions() == {}
    assert shown(login) == done(market)
    assert login.fills.state(GUN).problem


async def test_that_the_list_of_a_tws_that_is_cut_off_is_not_taken_for_whole(
    login: Login, market: Market, tws: SimTws
) -> None:
    await listed(login)
    tws.notify(1100, "Connectivity between IBKR and Trader Workstation has been lost.")
    await until(lambda: login.fills.state(GUN).problem)
    as_of = login.fills.state(GUN).as_of
    market.clock.advance(60)
    trade(market)
    login.connector.refresh()
    await until_all_are_shown(login, market)
    assert login.fills.state(GUN).as_of == as_of
    assert "lost its link" in str(login.fills.state(GUN).problem)
    tws.notify(1101, "Connectivity between IBKR and Trader Workstation has been restored.")
    await until(lambda: login.fills.state(GUN).problem is None)
    assert shown(login) == done(market)


async def test_that_a_list_that_does_not_come_holds_up_nothing_and_is_asked_for_again(
    market: Market, tws: SimTws
) -> None:
    tws.faults.unanswered.add(7)
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        await login.connect()
        await until(lambda: asked(tws))
        limits_run_out()
        await until(lambda: str(login.link.status.progress) == "no answer yet: executions")
        assert "did not report it" in str(login.fills.state(GUN).problem)
        assert login.positions()
        tws.faults.unanswered.clear()
        limits_run_out()
        await until(lambda: str(login.link.status.progress) == "" and login.fills.state(GUN).as_of)
        assert login.fills.state(GUN).problem is None
        assert shown(login) == done(market)


async def test_that_the_received_part_of_an_unfinished_list_is_shown(market: Market, tws: SimTws) -> None:
    tws.faults.withheld.add(55)
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        login.link.connect()
        await until(lambda: login.positions() and asked(tws))
        # A message after the list shows that all of it has arrived.
        market.set_position(ACCOUNT, "CIM PRB", 5, 20.0)
        await until(lambda: login.positions()["CIM PRB"].quantity == 5)
        limits_run_out()
        await until(lambda: login.fills.state(GUN).problem)
        assert shown(login) == done(market)
        assert login.fills.state(GUN).as_of is None


async def test_that_a_refused_list_hides_no_order(market: Market, tws: SimTws) -> None:
    tws.faults.read_only = True
    tws.faults.read_only_refuses = {7}
    tws.faults.unanswered.add(16)
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        login.link.connect()
        await until(lambda: asked(tws, 16))
        tws.faults.unanswered.discard(16)
        login.connector.refresh()
        limits_run_out()
        await until(lambda: asked(tws) and not login.book.account_state(GUN).orders_problem)
        limits_run_out()
        await until(lambda: login.fills.state(GUN).problem)
        await until(lambda: login.orders() and login.book.account_state(GUN).orders_problem is None)
        assert all(row.stale_since is None for row in login.orders().values())


async def test_that_an_execution_that_cannot_be_read_is_counted_where_the_trader_looks(
    market: Market, tws: SimTws, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    async with serving(Login(market, profile(tws.port), ONCE)) as login:
        await listed(login)
        fields = execution_message(-1, market.executions[0], 176)
        tws.send(*fields[:-1])
        await until(lambda: "1 execution" in str(login.link.status.warning))


# Whose executions.


async def test_that_one_account_of_a_large_login_shows_its_own_executions_only() -> None:
    rows = tuple(AccountRow("IBKR_GUN", f"U90000{n:02}", 1e6, 5e5, 31) for n in range(51))
    market = Market(replace(scenario("normal"), accounts=(*rows, scenario("normal").accounts[1])), 7)
    trade(market, account="U9000003")
    async with (
        SimTws(market, "IBKR_GUN") as tws,
        serving(Login(market, profile(tws.port, account_id="U9000050"), QUICK)) as login,
    ):
        await listed(login)
        assert shown(login) == done(market, "U9000050")
        assert login.fills.state(GUN).accounts == ("U9000050",)
        mine = trade(market, account="U9000050")
        await until(lambda: mine.exec_id in shown(login))
        assert {f.account for f in login.fills.fills()} == {"U9000050"}


async def test_that_an_execution_that_names_no_account_is_still_shown(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port, account_id=ACCOUNT), ONCE)) as login:
        await listed(login)
        nobodys = replace(market.executions[0], account="", exec_id="0000ab01.6aad0000.01.01")
        others = replace(market.executions[0], account="U5", exec_id="0000ab02.6aad0000.01.01")
        tws.send(*execution_message(-1, others, 176))
        tws.send(*execution_message(-1, nobodys, 176))
        await until(lambda: nobodys.exec_id in shown(login))
        assert only(login, nobodys).account == ""
        assert others.exec_id not in shown(login)


# Closing.


async def test_that_a_line_lost_in_the_moment_of_closing_does_not_keep_the_program_open(
    market: Market, tws: SimTws
) -> None:
    for turns in range(12):
        login = Login(market, profile(tws.port), QUICK)
        serving_it = asyncio.create_task(login.connector.run())
        await listed(login)
        await login.reach(LinkState.READY)
        tws.close_all()
        for _ in range(turns):
            await asyncio.sleep(0)
        serving_it.cancel()
        _, unfinished = await asyncio.wait({serving_it}, timeout=PATIENCE_S)
        assert not unfinished
        await until(lambda: tws.connections == 0)
