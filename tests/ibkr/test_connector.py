"""The real ib_insync client against the simulated TWS: the content of the book, and reported problems."""

import asyncio
import gc
import itertools
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.guard import ALLOWED_REQUESTS
from psf_monitor.settings import IbkrProfile
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import OrderIds
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import (
    ACCOUNT,
    NEVER,
    QUICK,
    Login,
    assert_equals_the_market,
    profile,
    serving,
)
from tests.ibkr.tws_without_ibkr import LIMITED, asked
from tests.support.records import GUN
from tests.support.waiting import limits_run_out, until

_CURRENT_TIME = 49


@pytest.fixture
async def login(market: Market, tws: SimTws) -> AsyncIterator[Login]:
    async with serving(Login(market, profile(tws.port), QUICK)) as one:
        yield one


async def test_that_after_a_click_the_book_holds_what_tws_holds(login: Login, market: Market) -> None:
    await login.connect()
    assert_equals_the_market(login, market)
    (summary,) = login.book.summaries(GUN)
    fields = {(row.tag, row.currency): row.value for row in market.account_values(ACCOUNT)}
    assert summary.net_liquidation == float(fields["NetLiquidation", "USD"])
    assert summary.buying_power == float(fields["BuyingPower", "USD"])
    assert summary.unrealized_pnl == float(fields["UnrealizedPnL", "BASE"])
    assert summary.realized_pnl == float(fields["RealizedPnL", "BASE"])
    assert summary.currency == "USD"
    assert login.link.status.accounts == (ACCOUNT,)


async def test_that_only_requests_that_read_ever_reach_tws(login: Login, tws: SimTws) -> None:
    await login.connect()
    await until(lambda: login.fills.state(GUN).as_of)
    login.link.disconnect()
    await login.reach(LinkState.IDLE)
    sent = {request for _client, request in tws.received}
    assert sent == {71, 61, 16, 62, 63, 64, 76, 77, 49, 7}, "what is asked of every login"
    assert sent <= set(ALLOWED_REQUESTS)
    assert tws.refused == []


@pytest.mark.parametrize("version", [157, 158, 162, 166, 170, 176, 178])
async def test_that_every_protocol_of_tws_gives_the_same_book(version: int, market: Market) -> None:
    async with (
        SimTws(market, "IBKR_GUN", max_version=version) as tws,
        serving(Login(market, profile(tws.port), QUICK)) as login,
    ):
        await login.connect()
        assert_equals_the_market(login, market)


async def test_that_nothing_connects_before_a_click(login: Login, tws: SimTws) -> None:
    await asyncio.sleep(0)
    assert (login.state, tws.connections) == (LinkState.IDLE, 0)


async def test_that_a_position_that_moves_moves_in_the_book(login: Login, market: Market) -> None:
    await login.connect()
    market.set_position(ACCOUNT, "CIM PRB", 2500, 23.5)
    await until(lambda: login.positions()["CIM PRB"].quantity == 2500)
    market.set_position(ACCOUNT, "CIM PRB", 0, 0)
    await until(lambda: "CIM PRB" not in login.positions())


async def test_that_a_fill_of_an_order_placed_elsewhere_is_seen_at_once(login: Login, market: Market) -> None:
    await login.connect()
    (perm_id,) = [o.perm_id for o in market.orders.values() if (o.account, o.order_id) == (ACCOUNT, 1043)]
    market.fill_order(perm_id, 400, 24.52)
    await until(lambda: login.orders()[perm_id].filled == 400)
    assert login.orders()[perm_id].remaining == 600
    assert login.positions()["CIM PRB"].quantity == 3400
    assert_equals_the_market(login, market)


async def test_that_orders_placed_amended_and_cancelled_elsewhere_are_seen_within_one_poll(
    market: Market, tws: SimTws
) -> None:
    polling = replace(QUICK, orders_override_s=0.02)
    async with serving(Login(market, profile(tws.port), polling)) as login:
        await login.connect()
        placed = market.place_order(ACCOUNT, "KEY PRK", "SELL", 300, limit_price=22.5, ids=OrderIds(0))
        await until(lambda: placed.perm_id in login.orders())
        market.amend_order(placed.perm_id, limit_price=22.4)
        await until(lambda: login.orders()[placed.perm_id].limit_price == 22.4)
        market.cancel_order(placed.perm_id)
        # It is only no longer listed: no message says what became of it.
        await until(lambda: login.orders()[placed.perm_id].status == "Gone")


async def test_that_account_values_follow(login: Login, market: Market) -> None:
    await login.connect()
    market.set_account_value(ACCOUNT, "NetLiquidation", "1300000.25", "USD")
    market.trade("CIM PRB", 24.55, 100)
    await until(lambda: login.book.strip(GUN).net_liquidation == 1_300_000.25)


async def test_that_after_a_refresh_everything_has_been_asked_for_again(
    login: Login, tws: SimTws, market: Market
) -> None:
    await login.connect()
    before = len(tws.received)
    login.connector.refresh()
    await until(lambda: {61, 16, 62} <= {request for _client, request in tws.received[before:]})
    await until(lambda: login.book.account_state(GUN).stale_since is None)
    assert login.state is LinkState.READY
    assert_equals_the_market(login, market)


async def test_that_another_profile_counts_from_the_next_connection_on(login: Login, tws: SimTws) -> None:
    await login.connect()
    login.connector.reconfigure(profile(tws.port, client_id=44))
    assert tws.client_ids == {1}
    login.link.disconnect()
    await login.reach(LinkState.IDLE)
    await login.connect()
    assert tws.client_ids == {44}


async def test_that_disconnect_empties_the_account_and_closes_the_line(login: Login, tws: SimTws) -> None:
    await login.connect()
    login.link.disconnect()
    await login.reach(LinkState.IDLE)
    assert (login.positions(), login.orders()) == ({}, {})
    await until(lambda: tws.connections == 0)
    await login.connect()
    assert login.positions()


async def test_that_the_end_of_the_owner_closes_the_line(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port), QUICK)) as login:
        await login.connect()
    await until(lambda: tws.connections == 0)


async def test_that_a_lost_line_keeps_the_rows_marked_old_and_comes_back(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    held = login.positions().keys()
    lost_at = market.clock()
    states: list[LinkState] = []
    login.link.when_changed(lambda: states.append(login.state))
    port = tws.port
    await tws.stop()
    await until(lambda: LinkState.RECONNECTING in states)
    assert login.positions().keys() == held
    assert {row.stale_since for row in login.positions().values()} == {lost_at}
    assert {row.stale_since for row in login.orders().values()} == {lost_at}
    assert login.book.strip(GUN).as_of == lost_at

    market.set_position(ACCOUNT, "CIM PRB", 0, 0)
    await tws.start(port)
    await login.reach(LinkState.READY)
    await until(lambda: not any(row.stale_since for row in login.positions().values()))
    assert_equals_the_market(login, market)


async def test_that_rows_and_link_name_the_same_moment_of_a_loss(market: Market, tws: SimTws) -> None:
    looks = itertools.count()

    def clock() -> datetime:
        """No two looks at it are the same."""
        return market.clock() + timedelta(milliseconds=next(looks))

    slow = Login(market, profile(tws.port), QUICK, backoff=Backoff(NEVER, NEVER), clock=clock)
    async with serving(slow) as login:
        await login.connect()
        tws.close_all()
        await login.reach(LinkState.RECONNECTING)
        assert {row.stale_since for row in login.positions().values()} == {login.link.status.lost_at}


@pytest.mark.parametrize("loss", [SimTws.close_all, SimTws.reset_all])
async def test_that_a_lost_line_shows_since_when_and_what_now(
    loss: Callable[[SimTws], None], market: Market, tws: SimTws
) -> None:
    slow = Login(market, profile(tws.port), QUICK, backoff=Backoff(NEVER, NEVER))
    async with serving(slow) as login:
        await login.connect()
        loss(tws)
        await login.reach(LinkState.RECONNECTING)
        assert login.problem_text.startswith("The connection was lost at ")
        assert "TWS closed the connection" in login.problem_text
        assert login.link.status.lost_at == market.clock()
        assert login.link.status.retry_at is not None
        login.link.retry_now()
        await login.reach(LinkState.READY)


async def test_that_stop_ends_the_retries(market: Market, tws: SimTws) -> None:
    slow = Login(market, profile(tws.port), QUICK, backoff=Backoff(NEVER, NEVER))
    async with serving(slow) as login:
        await login.connect()
        tws.close_all()
        await login.reach(LinkState.RECONNECTING)
        login.link.disconnect()
        await login.reach(LinkState.IDLE)
        assert login.positions() == {}


async def test_that_a_line_that_looks_alive_and_is_dead_is_found_out(market: Market, tws: SimTws) -> None:
    watchful = replace(LIMITED, heartbeat_every_s=0.02, heartbeat_misses=1)
    async with serving(Login(market, profile(tws.port), watchful)) as login:
        await login.connect()
        states: list[LinkState] = []
        login.link.when_changed(lambda: states.append(login.state))
        tws.mute()
        before = asked(tws, 49)
        await until(lambda: asked(tws, 49) > before)
        limits_run_out()
        await until(lambda: LinkState.RECONNECTING in states)
        assert all(row.stale_since for row in login.positions().values())
        tws.unmute()
        await login.reach(LinkState.READY)


@pytest.mark.parametrize("code", [1101, 1102])
async def test_that_tws_cut_off_from_ibkr_makes_all_old_until_it_was_sent_again(
    code: int, login: Login, tws: SimTws
) -> None:
    await login.connect()
    tws.notify(1100, "Connectivity between IB and Trader Workstation has been lost.")
    await login.reach(LinkState.CUT_OFF)
    assert all(row.stale_since for row in login.positions().values())
    tws.notify(code, "Connectivity between IB and Trader Workstation has been restored.")
    await login.reach(LinkState.READY)
    assert not any(row.stale_since for row in login.positions().values())
    assert not any(row.stale_since for row in login.orders().values())
    assert login.book.strip(GUN).as_of is None
    asked = [request for _client, request in tws.received]
    assert (asked.count(61), asked.count(62), asked.count(63)) == (2, 2, 1)


async def test_that_a_lost_line_is_not_kept_in_memory_for_what_it_had_not_answered(
    login: Login, tws: SimTws
) -> None:
    tws.faults.unanswered.add(_CURRENT_TIME)
    await login.connect()
    await until(lambda: (1, _CURRENT_TIME) in tws.received)
    clients = [each for each in gc.get_objects() if isinstance(each, ReadOnlyIB) and each.isConnected()]
    lost = weakref.ref(clients.pop())
    assert not clients
    tws.reset_all()
    await until(lambda: login.state is LinkState.READY and login.link.status.attempt == 1)
    gc.collect()
    assert lost() is None


async def test_that_orders_that_tws_does_not_report_are_unavailable_rather_than_none(
    market: Market, tws: SimTws
) -> None:
    tws.faults.unanswered.add(16)
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        login.link.connect()
        await until(lambda: asked(tws, 16) and login.positions() and login.book.strip(GUN).net_liquidation)
        limits_run_out()
        await login.reach(LinkState.READY)
        problem = login.book.account_state(GUN).orders_problem
        assert problem is not None
        assert "not available" in str(problem)
        assert "orders" in str(login.link.status.progress)
        assert login.positions()


async def test_that_read_only_api_is_named_as_the_reason(login: Login, tws: SimTws) -> None:
    tws.faults.unanswered.add(16)
    login.link.connect()
    await until(lambda: (1, 16) in tws.received)
    tws.notify(321, "Error validating request: cause - The API interface is currently in Read-Only mode.")
    await until(lambda: login.book.account_state(GUN).orders_problem)
    assert "Read-Only API ticked" in str(login.book.account_state(GUN).orders_problem)


async def test_that_positions_and_values_that_do_not_come_hold_up_nothing_and_are_asked_for_again(
    market: Market, tws: SimTws
) -> None:
    tws.faults.unanswered |= {61, 62}
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        login.link.connect()
        await until(lambda: asked(tws, 61) and asked(tws, 62))
        limits_run_out()
        await login.reach(LinkState.READY)
        waits = "no answer yet: positions, account values"
        await until(lambda: str(login.link.status.progress) == waits, what=waits)
        assert login.orders()
        tws.faults.unanswered.clear()
        limits_run_out()
        await until(login.positions)
        await until(lambda: login.book.strip(GUN).net_liquidation)
        await until(lambda: str(login.link.status.progress) == "")


async def test_that_a_question_without_an_answer_leaves_nothing_behind_that_asyncio_complains_of(
    market: Market, tws: SimTws, caplog: pytest.LogCaptureFixture
) -> None:
    tws.faults.unanswered |= {61, 62, 76}
    async with serving(Login(market, profile(tws.port), replace(QUICK, answer_s=0.05))) as login:
        await login.connect()
        asked = len(tws.received)
        await until(lambda: len(tws.received) >= asked + 8)
    gc.collect()
    assert not [record for record in caplog.records if record.name == "asyncio"]


async def test_that_only_the_chosen_account_of_a_login_is_shown(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port, account_id=ACCOUNT), QUICK)) as login:
        await login.connect()
        assert_equals_the_market(login, market)


async def test_that_an_account_that_is_not_in_the_login_is_reported(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port, account_id="U9999999"), QUICK)) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        assert login.problem_text.startswith("Account U••••999 is not in this login.")
        assert ACCOUNT not in login.problem_text
        assert login.positions() == {}


async def test_that_two_profiles_are_connected_at_once(login: Login, market: Market) -> None:
    async with SimTws(market, "IBKR_PED") as other:
        one = IbkrProfile(AccountMode.IBKR_PED, "127.0.0.1", other.port, 1)
        async with serving(Login(market, one, QUICK)) as ped:
            await login.connect()
            await ped.connect()
            assert {row.account for row in ped.positions().values()} == {"U1770037"}
            assert {row.account for row in login.positions().values()} == {ACCOUNT}
