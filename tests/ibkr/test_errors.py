"""The problems of a TWS that runs all day: what the trader sees in each of them."""

import asyncio
from dataclasses import replace

import pytest

from psf_monitor.book.orders.account_orders import DONE_STAYS_S
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.errors import UNFORESEEN
from psf_monitor.connection.status import LinkState
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import OrderIds
from psf_monitor.sim.tws.faults import Cut, HangUp
from psf_monitor.sim.tws.server import SimTws
from tests.conftest import ExpectedErrors
from tests.ibkr.running_connector import (
    ACCOUNT,
    NEVER,
    QUICK,
    Login,
    assert_equals_the_market,
    profile,
    serving,
)
from tests.ibkr.tws_without_ibkr import LIMITED, asked, lose_and_find
from tests.support.records import GUN
from tests.support.waiting import PATIENCE_S, limits_run_out, until, until_in_vain

# The daily restart.


async def test_that_all_that_happened_during_a_restart_is_shown_after_it(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    filled, gone, *_ = sorted(o.perm_id for o in market.orders.values() if o.account == ACCOUNT)
    port = tws.port
    await tws.stop()
    market.fill_order(filled, 100, 24.0)
    market.vanish_order(gone)
    market.place_order(ACCOUNT, "SPY", "BUY", 3, 600.0)
    market.set_position(ACCOUNT, "GS PRA", 0, 0)
    await tws.start(port)
    await until(
        lambda: login.state is LinkState.READY and "SPY" in {r.symbol for r in login.orders().values()}
    )
    await until(lambda: not any(row.stale_since for row in login.positions().values()))
    assert login.orders()[gone].status == "Gone"
    market.clock.advance(DONE_STAYS_S)
    assert_equals_the_market(login, market)
    assert gone not in login.orders()
    assert "GS PRA" not in login.positions()


@pytest.mark.parametrize("stage", list(HangUp))
async def test_that_a_tws_that_ends_the_handshake_anywhere_explains_why_that_may_be(
    stage: HangUp, market: Market, tws: SimTws
) -> None:
    tws.faults.hangs_up = stage
    async with serving(Login(market, profile(tws.port), replace(QUICK, handshake_s=NEVER))) as login:
        login.link.connect()
        await login.reach(LinkState.FAILED)
        closed_early = "TWS closed the line before the handshake was finished."
        has_sent_nothing = stage in (HangUp.ON_ACCEPT, HangUp.AFTER_GREETING)
        assert login.problem_text.startswith("What listens on port" if has_sent_nothing else closed_early)
        assert login.positions() == {}


@pytest.mark.parametrize("turns", range(16))
async def test_that_a_line_reset_in_any_moment_of_the_handshake_ends_in_a_message(
    turns: int, market: Market, tws: SimTws
) -> None:
    slow = Login(market, profile(tws.port), QUICK, backoff=Backoff(NEVER, NEVER))
    async with serving(slow) as login:
        login.link.connect()
        async with asyncio.timeout(PATIENCE_S):
            while not tws.client_ids:  # noqa: ASYNC110 - the turns of the loop are what is counted
                await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        tws.reset_all()
        await until(lambda: login.state in (LinkState.FAILED, LinkState.RECONNECTING))
        assert login.link.status.problem is not None
        assert login.link.status.problem != UNFORESEEN
        assert all(row.stale_since for row in login.positions().values())


@pytest.mark.parametrize("stage", list(HangUp))
async def test_that_a_restart_that_shows_us_out_for_a_while_is_waited_for(
    stage: HangUp, login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    tws.faults.hangs_up = stage
    tws.close_all()
    await until(lambda: login.link.status.attempt >= 3)
    assert all(row.stale_since for row in login.positions().values())
    tws.faults.hangs_up = None
    await login.reach(LinkState.READY)
    assert_equals_the_market(login, market)


async def test_that_ten_losses_are_one_attempt_each_and_leave_one_line(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    for _ in range(10):
        await lose_and_find(login, tws)
    assert asked(tws, 71) == 11
    await until(lambda: tws.connections == 1)
    assert tws.client_ids == {1}
    assert_equals_the_market(login, market)


async def test_that_a_client_id_still_held_after_a_loss_is_tried_until_it_is_free(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    port = tws.port
    await tws.stop()
    held = SimTws(market, "IBKR_GUN", refused_client_ids={1})
    await held.start(port)
    try:
        await until(lambda: "(326)" in login.problem_text)
        assert "Client id 1 is already used" in login.problem_text
        assert all(row.stale_since for row in login.positions().values())
    finally:
        await held.stop()
    await tws.start(port)
    await login.reach(LinkState.READY)
    assert_equals_the_market(login, market)


async def test_that_a_changed_port_is_named_as_the_reason_of_the_loss(market: Market, tws: SimTws) -> None:
    slow = Login(market, profile(tws.port), QUICK, backoff=Backoff(NEVER, NEVER))
    async with serving(slow) as login:
        await login.connect()
        tws.notify(1300, "TWS socket port has been reset. Please reconnect on the new port - 4711")
        tws.close_all()
        await login.reach(LinkState.RECONNECTING)
        assert login.problem_text.startswith(f"TWS has left port {tws.port}.")
        assert "4711" in login.problem_text
        assert all(row.stale_since for row in login.positions().values())


async def test_that_a_weekend_tws_that_answers_nothing_is_reported_and_recovers(
    market: Market, tws: SimTws
) -> None:
    tws.faults.unanswered |= {61, 16, 62}
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        login.link.connect()
        await until(lambda: all(asked(tws, request_id) for request_id in (61, 16, 62)))
        limits_run_out()
        await login.reach(LinkState.READY)
        text = str(login.link.status.progress)
        assert text.startswith("no answer yet: ")
        assert all(kind in text for kind in ("positions", "orders", "account values"))
        assert "not available" in str(login.book.account_state(GUN).orders_problem)
        assert not login.book.account_state(GUN).is_loaded
        tws.faults.unanswered.clear()
        limits_run_out()
        await until(lambda: str(login.link.status.progress) == "" and login.positions())
        assert_equals_the_market(login, market)


# Clicks.


async def test_that_a_click_that_is_taken_back_at_once_connects_nothing(login: Login, tws: SimTws) -> None:
    login.link.connect()
    login.link.disconnect()
    for _ in range(20):
        await asyncio.sleep(0)
    assert (login.state, tws.connections) == (LinkState.IDLE, 0)
    await login.connect()


# Moves in the middle of an answer.


@pytest.mark.parametrize("request_id", [61, 16, 62])
async def test_that_a_change_right_after_an_answer_is_not_lost(
    request_id: int, market: Market, tws: SimTws
) -> None:
    tws.faults.cut = Cut.GLUED
    own = market.place_order(ACCOUNT, "SPY", "BUY", 5, 600.0, ids=OrderIds(1))
    async with serving(Login(market, profile(tws.port), QUICK)) as login:
        login.link.connect()
        async with asyncio.timeout(PATIENCE_S):
            while not asked(tws, request_id):  # noqa: ASYNC110
                await asyncio.sleep(0)
        # The answer has not left yet: this goes into the same segment.
        market.set_position(ACCOUNT, "CIM PRB", 5, 20.0)
        market.amend_order(own.perm_id, quantity=9, limit_price=601.0)
        await login.reach(LinkState.READY)
        await until(lambda: login.orders()[own.perm_id].limit_price == 601.0)
        await until(lambda: login.positions()["CIM PRB"].quantity == 5)
        assert_equals_the_market(login, market)


# Parts that do not come.


@pytest.mark.parametrize(
    ("end_marker", "request_id", "text"),
    [
        (62, 61, "positions"),
        (53, 16, "orders"),
        (64, 62, "account values"),
        (54, 61, ""),
        (55, 7, "executions"),
        (102, 61, ""),
    ],
)
async def test_that_a_missing_end_marker_costs_no_more_than_its_own_part(
    end_marker: int, request_id: int, text: str, market: Market, tws: SimTws
) -> None:
    tws.faults.withheld.add(end_marker)
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        login.link.connect()
        await until(lambda: asked(tws, request_id))
        await until_in_vain(
            lambda: text in str(login.link.status.progress) and login.state is LinkState.READY
        )
        await until(lambda: str(login.link.status.progress) == (f"no answer yet: {text}" if text else ""))
        assert bool(login.positions()) is (text != "positions")
        # Without the end of the list nobody knows that there is no more of it.
        assert any(not row.stale_since for row in login.orders().values()) is (text != "orders")
        assert (login.book.strip(GUN).net_liquidation is not None) is (text != "account values")
        state = login.book.account_state(GUN)
        assert (state.orders_problem is not None) is (text == "orders")
        assert (state.positions_problem is not None) is (text == "positions")
        assert (state.problem is not None) is (text == "account values")
        tws.faults.withheld.clear()
        await until_in_vain(lambda: str(login.link.status.progress) == "")
        assert_equals_the_market(login, market)


async def test_that_a_slow_start_of_another_program_is_not_waited_for(market: Market, tws: SimTws) -> None:
    tws.faults.unanswered |= {5, 6, 76, 99}
    quick = replace(QUICK, readiness_s=0.05)
    async with serving(Login(market, profile(tws.port), quick)) as login:
        await login.connect()
        assert str(login.link.status.progress) == ""
        assert_equals_the_market(login, market)
        # Whether account values are ready is asked, and not waited for.
        asked = {number for _client, number in tws.received} & tws.faults.unanswered
        assert asked == {76}


async def test_that_read_only_api_hides_the_orders_until_it_is_unticked(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    shown = login.orders().keys()
    tws.faults.read_only = True
    tws.faults.read_only_refuses.add(16)
    await until(lambda: login.book.account_state(GUN).orders_problem)
    assert "Read-Only API ticked" in str(login.book.account_state(GUN).orders_problem)
    assert login.orders().keys() == shown
    assert all(row.stale_since for row in login.orders().values())
    assert not any(row.stale_since for row in login.positions().values())
    tws.faults.read_only = False
    await until(lambda: login.book.account_state(GUN).orders_problem is None)
    assert_equals_the_market(login, market)


async def test_that_another_refusal_is_not_taken_for_read_only(market: Market, tws: SimTws) -> None:
    tws.faults.unanswered.add(16)
    async with serving(Login(market, profile(tws.port), LIMITED)) as login:
        login.link.connect()
        await until(lambda: (1, 16) in tws.received)
        await until(login.positions)
        tws.notify(321, "Error validating request.-'bK' : cause - Invalid account code")
        market.set_position(ACCOUNT, "CIM PRB", 5, 20.0)
        await until(lambda: login.positions()["CIM PRB"].quantity == 5)
        assert login.book.account_state(GUN).orders_problem is None
        limits_run_out()
        await until(lambda: login.book.account_state(GUN).orders_problem)
        assert "Read-Only" not in str(login.book.account_state(GUN).orders_problem)


async def test_that_a_message_that_cannot_be_read_is_counted_where_the_trader_looks(
    login: Login, market: Market, tws: SimTws, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    await login.connect()
    tws.send(61, 3, ACCOUNT, "not a con id")
    await until(lambda: login.link.status.warning)
    assert "1 position" in str(login.link.status.warning)
    market.set_position(ACCOUNT, "CIM PRB", 11, 20.0)
    await until(lambda: login.positions()["CIM PRB"].quantity == 11)
    assert login.state is LinkState.READY


# Requests.


async def test_that_a_burst_of_fills_is_no_burst_of_requests(market: Market, tws: SimTws) -> None:
    patient = replace(QUICK, orders_soonest_s=NEVER)
    async with serving(Login(market, profile(tws.port), patient)) as login:
        await login.connect()
        for quantity in range(1, 301):
            market.set_position(ACCOUNT, "CIM PRB", quantity, 20.0)
        await until(lambda: login.positions()["CIM PRB"].quantity == 300)
        assert asked(tws, 16) == 1
        # Time and executions are asked for by the clock.
        assert len([number for _client, number in tws.received if number not in (7, 49)]) == 5


async def test_that_a_tws_that_ends_the_line_for_too_many_requests_is_connected_again(
    login: Login, market: Market, tws: SimTws
) -> None:
    await login.connect()
    tws.notify(100, "Max rate of messages per second has been exceeded: max=50")
    await lose_and_find(login, tws)
    assert_equals_the_market(login, market)
