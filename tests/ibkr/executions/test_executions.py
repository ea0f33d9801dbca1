"""The executions of a login: every one is shown, once, with the cost that is known, whatever TWS does."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from ib_insync import Contract, Execution
from msgspec import structs

from psf_monitor.book.fills import Fills
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.domain.fills.fill_totals import totals
from psf_monitor.ibkr import parsing
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.tws.framing import UNSET_FLOAT
from psf_monitor.sim.tws.layouts import execution as execution_message
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.executions.day_of_trading import (
    ONCE,
    asked,
    done,
    listed,
    only,
    shown,
    trade,
    until_all_are_shown,
    until_listed,
)
from tests.ibkr.running_connector import ACCOUNT, POLLING, QUICK, Login, profile, serving
from tests.support.records import GUN, PED
from tests.support.waiting import until

# The list and executions sent without a request.


async def test_that_all_that_was_done_today_is_listed(login: Login, market: Market) -> None:
    await listed(login)
    assert shown(login) == done(market)
    assert len(shown(login)) > 5
    fill = only(login, market.executions[0])
    first = market.executions[0]
    assert (fill.mode, fill.account, fill.revision, fill.at) == (GUN, ACCOUNT, 1, first.time)
    assert (fill.perm_id, fill.order_id, fill.client_id) == (first.perm_id, first.order_id, first.client_id)
    assert (fill.venue, fill.instrument.con_id) == ("NYSE", first.security.con_id)
    assert fill.commission_currency == "USD"
    assert login.fills.drain().arrived == ()
    assert login.fills.state(GUN).accounts == (ACCOUNT,)


async def test_that_a_fill_that_tws_sends_by_itself_arrives_without_asking(
    market: Market, tws: SimTws
) -> None:
    async with serving(Login(market, profile(tws.port), ONCE)) as login:
        await listed(login)
        filled = trade(market, client_id=1)
        await until_all_are_shown(login, market)
        assert asked(tws) == 1
        assert [f.broker_id for f in login.fills.drain().arrived] == [filled.exec_id]


async def test_that_a_fill_between_the_first_lists_of_executions_and_of_positions_is_listed(
    market: Market, tws: SimTws
) -> None:
    tws.faults.unanswered.add(61)
    async with serving(Login(market, profile(tws.port), replace(QUICK, answer_s=0.1))) as login:
        login.link.connect()
        await until(lambda: login.fills.state(GUN).as_of)
        trade(market)
        tws.faults.unanswered.clear()
        await until_all_are_shown(login, market)
        assert not login.fills.state(GUN).unexplained


async def test_that_the_master_client_hears_of_the_fills_of_orders_that_it_never_saw(market: Market) -> None:
    async with (
        SimTws(market, "IBKR_GUN", master_client_id=1) as tws,
        serving(Login(market, profile(tws.port), ONCE)) as login,
    ):
        order = market.place_order(ACCOUNT, "SPY", "BUY", 10, 700.0)
        market.vanish_order(order.perm_id)
        await listed(login)
        market.orders[order.perm_id] = order
        market.fill_order(order.perm_id, 10, 662.0)
        await until_all_are_shown(login, market)
        assert asked(tws) == 1


@pytest.mark.parametrize("client_id", [0, 31])
async def test_that_executions_of_other_clients_are_found_when_a_position_changes(
    client_id: int, login: Login, market: Market
) -> None:
    await listed(login)
    filled = trade(market, client_id)
    await until_all_are_shown(login, market)
    assert only(login, filled).client_id == client_id
    assert [f.broker_id for f in login.fills.drain().arrived] == [filled.exec_id]


async def test_that_a_fill_is_found_when_only_the_order_shows_it(login: Login, market: Market) -> None:
    order = market.place_order(ACCOUNT, "SPY", "BUY", 100, 600.0)
    await login.connect()
    await until(lambda: order.perm_id in login.orders())
    model = market.executions[0]
    order.filled, order.remaining = 40, 60
    market.executions.append(
        replace(model, exec_id="0000aa01.6aad0000.01.01", shares=40, perm_id=order.perm_id)
    )
    await until_all_are_shown(login, market)
    order.filled, order.remaining = 100, 0
    market.executions.append(
        replace(model, exec_id="0000aa02.6aad0000.01.01", shares=60, perm_id=order.perm_id)
    )
    market.vanish_order(order.perm_id)
    await until_all_are_shown(login, market)


async def test_that_while_orders_are_working_the_list_is_asked_for_now_and_then(
    market: Market, tws: SimTws
) -> None:
    often = replace(POLLING, executions_every_s=0.01)
    # Where anything was traded it may be corrected.
    market.executions.clear()
    async with serving(Login(market, profile(tws.port), often)) as login:
        await listed(login)
        await until(lambda: asked(tws) >= 4)
        for perm_id in tuple(market.orders):
            market.vanish_order(perm_id)
        await until(lambda: {row.status for row in login.orders().values()} == {"Gone"})
        before, polls = asked(tws), asked(tws, 16)
        await until(lambda: asked(tws, 16) >= polls + 40)
        # That the last of them left the list asks once more.
        assert asked(tws) <= before + 2


async def test_that_executions_may_be_corrected_so_the_list_is_requested_periodically(
    market: Market, tws: SimTws
) -> None:
    for perm_id in tuple(market.orders):
        market.vanish_order(perm_id)
    async with serving(Login(market, profile(tws.port), replace(QUICK, executions_every_s=0.01))) as login:
        await listed(login)
        await until(lambda: asked(tws) >= 4)


async def test_that_a_list_that_takes_long_is_requested_less_often(market: Market, tws: SimTws) -> None:
    rests_for_minutes = replace(POLLING, executions_every_s=0.01, executions_pause_per_s=1e5)
    async with serving(Login(market, profile(tws.port), rests_for_minutes)) as login:
        await listed(login)
        lists, polls = asked(tws), asked(tws, 16)
        trade(market)
        await until(lambda: asked(tws, 16) >= polls + 40)
        assert asked(tws) == lists


async def test_that_a_burst_of_fills_is_no_burst_of_lists(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port), replace(ONCE, executions_every_s=0.0))) as login:
        await listed(login)
        for _ in range(50):
            trade(market)
        await until(lambda: (row := login.positions().get("SPY")) is not None and row.quantity == 500)
        assert asked(tws) == 1


class SentPrice(Fills):
    """Counts its calls."""

    calls = 0

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        self.calls += 1
        super().fills_reported(mode, fills)


async def test_that_a_long_list_is_reported_in_few_pieces_and_not_again(market: Market, tws: SimTws) -> None:
    for _ in range(300):
        trade(market)
    reported = SentPrice(market.clock)
    login = Login(market, profile(tws.port), QUICK, fills=reported)
    async with serving(login):
        await listed(login)
        assert shown(login) == done(market)
        assert reported.calls < 30
        calls, lists = reported.calls, asked(tws)
        login.connector.refresh()
        await until(lambda: asked(tws) > lists and reported.drain().rows is not None)
        trade(market)
        await until_all_are_shown(login, market)
        assert reported.calls - calls <= 2


# Costs.


async def test_that_a_cost_that_comes_later_joins_its_execution(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port), ONCE)) as login:
        await listed(login)
        tws.faults.withheld.add(59)
        filled = trade(market, client_id=1)
        await until(lambda: filled.exec_id in shown(login))
        assert (only(login, filled).commission, only(login, filled).is_reported) == (None, False)
        tws.faults.withheld.clear()
        tws.send_commission(filled)
        await until_all_are_shown(login, market)
        assert len(login.fills.drain().arrived) == 1


async def test_that_the_costs_of_other_programs_fills_are_asked_for_once_more(
    market: Market, tws: SimTws
) -> None:
    tws.faults.withheld.add(59)
    async with serving(Login(market, profile(tws.port), QUICK)) as login:
        await until_listed(login, tws, 2)
        assert all(f.commission is None and f.realized_pnl is None for f in login.fills.fills())
        assert asked(tws) == 2
        tws.faults.withheld.clear()
        login.connector.refresh()
        await until_all_are_shown(login, market)


async def test_that_a_cost_may_come_before_its_execution(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port), ONCE)) as login:
        await listed(login)
        tws.faults.withheld.add(11)
        filled = trade(market, client_id=1)
        tws.faults.withheld.clear()
        tws.send(*execution_message(-1, filled, 176))
        await until_all_are_shown(login, market)


@pytest.mark.parametrize(
    ("reported", "known"),
    [
        ((1.25, "USD", UNSET_FLOAT), (1.25, "USD", None)),
        ((1.25, "USD", 0), (1.25, "USD", 0.0)),
        ((-0.5, "EUR", -12.75), (-0.5, "EUR", -12.75)),
        ((UNSET_FLOAT, "USD", UNSET_FLOAT), (None, "USD", None)),
        (("", "", ""), (None, None, None)),
    ],
)
async def test_that_a_figure_that_tws_did_not_set_is_unknown_and_not_0(
    reported: tuple[float | str, str, float | str],
    known: tuple[float | None, str | None, float | None],
    market: Market,
    tws: SimTws,
) -> None:
    async with serving(Login(market, profile(tws.port), ONCE)) as login:
        await listed(login)
        tws.faults.withheld.add(59)
        filled = trade(market, client_id=1)
        await until(lambda: filled.exec_id in shown(login))
        tws.faults.withheld.clear()
        tws.send(59, 1, filled.exec_id, *reported, UNSET_FLOAT, "")
        other = trade(market, client_id=1)
        await until(lambda: other.exec_id in shown(login))
        fill = only(login, filled)
        assert (fill.commission, fill.commission_currency, fill.realized_pnl) == known


# Corrections.


async def test_that_a_correction_replaces_and_its_cost_is_its_own(market: Market, tws: SimTws) -> None:
    async with serving(Login(market, profile(tws.port), ONCE)) as login:
        await listed(login)
        filled = trade(market, client_id=1)
        await until_all_are_shown(login, market)
        tws.faults.withheld.add(59)
        corrected = market.correct_execution(filled.exec_id, shares=8, price=661.5)
        await until(lambda: only(login, filled).revision == 2)
        fill = only(login, filled)
        assert (fill.broker_id, fill.quantity, fill.price) == (corrected.exec_id, 8, 661.5)
        assert fill.commission is None
        # A corrected execution may be reported once more.
        tws.send(*execution_message(-1, filled, 176))
        tws.faults.withheld.clear()
        tws.send_commission(filled)
        tws.send_commission(corrected)
        await until_all_are_shown(login, market)
        (spy,) = [t for t in totals(login.fills.fills()) if t.symbol == "SPY"]
        assert (spy.bought, spy.fills) == (8, 1)
        assert len(login.fills.drain().arrived) == 1


@pytest.mark.parametrize(
    ("exec_id", "identity"),
    [
        ("00018037.55555555.01.01", ("00018037.55555555.01", 1)),
        ("00018037.55555555.01.12", ("00018037.55555555.01", 12)),
        ("0000e0d5.02", ("0000e0d5", 2)),
        ("U+2_1234.5678", ("U+2_1234.5678", 0)),
        ("F-123.0x", ("F-123.0x", 0)),
        ("٠.٠١", ("٠.٠١", 0)),
        ("12345", ("12345", 0)),
        (".01", (".01", 0)),
        ("", ("", 0)),
    ],
)
def test_that_only_what_is_a_correction_is_taken_for_one(exec_id: str, identity: tuple[str, int]) -> None:
    fill = parsing.fill(GUN, Contract(), Execution(execId=exec_id, side="?", shares=1.5), None)
    assert (fill.fill_id, fill.revision) == identity
    assert (fill.broker_id, fill.side, fill.quantity) == (exec_id, "?", 1.5)


def test_that_an_execution_of_0_shares_has_an_unknown_quantity_and_a_price_of_0_is_a_price() -> None:
    reported = Execution(execId="a", side="SLD", shares=0.0, price=0.0, orderId=2**31 - 1)
    fill = parsing.fill(GUN, Contract(), reported, None)
    assert (fill.side, fill.quantity, fill.price, fill.order_id) == ("SELL", None, 0.0, 0)


async def test_that_a_login_reached_by_two_profiles_is_counted_once(market: Market, tws: SimTws) -> None:
    ped = structs.replace(profile(tws.port), mode=PED, client_id=2)
    gun_side = Login(market, profile(tws.port), QUICK)
    ped_side = Login(market, ped, QUICK, fills=gun_side.fills)
    async with serving(gun_side), serving(ped_side):
        ped_side.link.connect()
        await until(lambda: gun_side.fills.state(PED).as_of)
        await listed(gun_side)
        trade(market)
        await until_all_are_shown(gun_side, market)
        await until(lambda: {f.mode for f in gun_side.fills.fills()} == {GUN})
        assert shown(gun_side) == done(market)


# Anything, in any order.


@pytest.mark.parametrize("seed", range(12))
async def test_that_whatever_happens_ends_in_what_was_done(
    seed: int, login: Login, market: Market, tws: SimTws
) -> None:
    chance = random.Random(seed)
    await listed(login)
    arrived: list[str] = []

    async def act() -> None:
        what = chance.choice(["own", "other", "correct", "costs", "drop", "cut", "again", "wait", "drain"])
        if what in ("own", "other"):
            trade(market, 1 if what == "own" else 31, symbol=chance.choice(["SPY", "CIM PRB"]))
        elif what == "correct":
            mine = [e for e in market.executions if e.account == ACCOUNT]
            market.correct_execution(chance.choice(mine).exec_id, shares=chance.randint(1, 90))
        elif what == "costs":
            tws.faults.withheld ^= {59}
        elif what == "drop":
            tws.close_all()
        elif what == "cut":
            tws.notify(1100, "lost")
            tws.notify(chance.choice([1101, 1102]), "found")
        elif what == "again":
            login.connector.refresh()
        elif what == "wait":
            lists = asked(tws)
            login.connector.refresh()
            await until(lambda: asked(tws) > lists)
        arrived.extend(f.fill_id for f in login.fills.drain().arrived)

    for _ in range(25):
        await act()
    tws.faults.withheld.clear()
    await until(lambda: login.state is LinkState.READY)
    login.connector.refresh()
    await until_all_are_shown(login, market)
    arrived.extend(f.fill_id for f in login.fills.drain().arrived)
    assert len(arrived) == len(set(arrived))
