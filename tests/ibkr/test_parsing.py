"""What a TWS may say of logins, orders, positions and accounts: nothing of it is lost, merged or made up."""

from dataclasses import replace

import pytest

from psf_monitor.book.orders.account_orders import DONE_STAYS_S, EXPLAINED_WITHIN_S
from psf_monitor.connection.status import LinkState
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import NewListing, OrderIds, Ticket
from psf_monitor.sim.market.scenarios import AccountRow, scenario
from psf_monitor.sim.tws.faults import Cut
from psf_monitor.sim.tws.framing import UNSET_FLOAT
from psf_monitor.sim.tws.layouts import position
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import (
    ACCOUNT,
    POLLING,
    QUICK,
    Login,
    assert_equals_the_market,
    profile,
    serving,
)
from tests.support.records import GUN
from tests.support.waiting import until

# Logins.


def login_of(accounts: int) -> Market:
    """A market whose GUN login has that many accounts; the scenario's book is in the last one."""
    rows = tuple(AccountRow("IBKR_GUN", f"U90000{n:02}", 1e6 + n, 5e5, 31) for n in range(accounts))
    ped = scenario("normal").accounts[1]
    return Market(replace(scenario("normal"), accounts=(*rows, ped)), 7)


async def test_that_a_login_of_more_accounts_than_tws_lists_is_reported() -> None:
    market = login_of(51)
    async with (
        SimTws(market, "IBKR_GUN") as tws,
        serving(Login(market, profile(tws.port), QUICK)) as login,
    ):
        login.link.connect()
        await login.reach(LinkState.FAILED)
        assert login.problem_text.startswith("This login has 51 accounts.")
        assert "account id" in login.problem_text
        assert login.positions() == {}


@pytest.mark.parametrize("account_id", ["", ACCOUNT])
async def test_that_an_account_that_the_login_did_not_name_is_shown_unless_one_was_chosen(
    market: Market, tws: SimTws, account_id: str
) -> None:
    async with serving(Login(market, profile(tws.port, account_id=account_id), POLLING)) as login:
        await login.connect()
        held = market.holdings_of(ACCOUNT)[0]
        tws.send(*position(replace(held, account="U5550001", quantity=7)))
        tws.send(*position(replace(held, quantity=8)))

        def shown() -> set[tuple[str, float | None]]:
            rows = [row for row in login.book.position_rows() if row.key.con_id == held.security.con_id]
            return {(row.account, row.quantity) for row in rows}

        await until(lambda: (ACCOUNT, 8) in shown())
        assert shown() - {(ACCOUNT, 8)} == (set() if account_id else {("U5550001", 7)})


async def test_that_one_account_of_a_large_login_is_shown_and_followed() -> None:
    market = login_of(51)
    async with (
        SimTws(market, "IBKR_GUN", refresh_s=0.0) as tws,
        serving(Login(market, profile(tws.port, account_id="U9000050"), POLLING)) as login,
    ):
        await login.connect()
        assert {s: r.quantity for s, r in login.positions().items()} == {
            held.security.local_symbol: held.quantity for held in market.holdings_of("U9000050")
        }
        assert len(login.orders()) == sum(o.account == "U9000050" for o in market.orders.values())
        assert login.book.strip(GUN).net_liquidation == 1_000_050.0
        market.set_position("U9000050", "CIM PRB", 13, 20.0)
        await until(lambda: login.positions()["CIM PRB"].quantity == 13)
        tws.notify(1100, "Connectivity between IBKR and Trader Workstation has been lost.")
        await login.reach(LinkState.CUT_OFF)
        market.set_position("U9000050", "CIM PRB", 0, 0)
        tws.notify(1101, "Connectivity between IBKR and Trader Workstation has been restored.")
        await login.reach(LinkState.READY)
        await until(lambda: "CIM PRB" not in login.positions())
        assert tws.refused == []


async def test_that_every_account_of_a_login_is_shown() -> None:
    market = login_of(3)
    market.set_position("U9000000", "SPY", 5, 600.0)
    market.place_order("U9000001", "SPY", "BUY", 1, 600.0)
    async with (
        SimTws(market, "IBKR_GUN") as tws,
        serving(Login(market, profile(tws.port), QUICK)) as login,
    ):
        await login.connect()
        login.book.drain()
        assert {row.account for row in login.book.position_rows()} == {"U9000000", "U9000002"}
        assert {row.account for row in login.book.order_rows()} == {"U9000001", "U9000002"}
        assert [s.account for s in login.book.summaries(GUN)] == ["U9000000", "U9000001", "U9000002"]


# Orders, positions, account values.


async def test_that_an_order_that_leaves_without_a_message_is_gone_for_an_unknown_reason(
    login: Login, market: Market
) -> None:
    own = market.place_order(ACCOUNT, "SPY", "BUY", 1, 600.0, ids=OrderIds(1))
    await login.connect()
    assert own.perm_id in login.orders()
    market.vanish_order(own.perm_id)
    await until(lambda: login.orders()[own.perm_id].status == "Gone")
    market.clock.advance(EXPLAINED_WITHIN_S)
    (notice,) = login.book.drain().notices
    assert notice.text == f"order {own.order_id} SPY left the list of open orders, reason unknown"
    market.clock.advance(DONE_STAYS_S - EXPLAINED_WITHIN_S)
    assert own.perm_id not in login.orders()


async def test_that_every_term_of_an_amended_order_follows(login: Login, market: Market) -> None:
    trail = market.place_order(
        ACCOUNT, "SPY", "SELL", 10, ticket=Ticket(order_type="TRAIL", aux_price=2.5, trail_stop_price=655.0)
    )
    limit = market.place_order(ACCOUNT, "SPY", "BUY", 10, 600.0, ids=OrderIds(1))
    await login.connect()
    assert (login.orders()[trail.perm_id].limit_price, login.orders()[trail.perm_id].stop_price) == (
        None,
        655.0,
    )
    market.amend_order(trail.perm_id, quantity=12, trail_stop_price=656.5, tif="GTC")
    market.amend_order(limit.perm_id, quantity=20, limit_price=601.25, tif="GTC")
    await until(lambda: login.orders()[trail.perm_id].stop_price == 656.5)
    await until(lambda: login.orders()[limit.perm_id].limit_price == 601.25)
    rows = login.orders()
    assert (rows[trail.perm_id].quantity, rows[trail.perm_id].tif) == (12, "GTC")
    assert (rows[limit.perm_id].quantity, rows[limit.perm_id].remaining) == (20, 20)
    assert (rows[limit.perm_id].tif, rows[limit.perm_id].stop_price) == ("GTC", None)


async def test_that_a_manual_order_that_is_bound_stays_one_row(login: Login, market: Market) -> None:
    order = market.place_order(ACCOUNT, "SPY", "BUY", 1, 600.0)
    await login.connect()
    before = len(login.orders())
    market.bind_order(order.perm_id, -2)
    await until(lambda: login.orders()[order.perm_id].order_id == -2)
    assert len(login.orders()) == before


async def _described(login: Login, *symbols: str) -> None:
    """Return once TWS has sent the price units of these contracts."""
    await until(lambda: all(login.positions()[symbol].average_price is not None for symbol in symbols))


async def test_that_orders_with_any_ids_texts_and_sizes_are_shown(login: Login, market: Market) -> None:
    market.list_security(NewListing("XYZ?", con_id=72, price=1.5, kind="WEIRD", exchange="NOWHERE"))
    odd = market.place_order(
        ACCOUNT,
        "XYZ?",
        "BUY",
        0.25,
        1.5,
        ticket=Ticket(order_type="PEG X", status="Awaiting"),
        ids=OrderIds(perm_id=2**31 + 9, order_id=-7),
    )
    manual = [market.place_order(ACCOUNT, "SPY", "SELL", n, 700.0) for n in (1, 2)]
    market.set_position(ACCOUNT, "XYZ?", -0.5, 1.25)
    await login.connect()
    row = login.orders()[odd.perm_id]
    assert (row.order_id, row.order_type, row.status, row.quantity, row.remaining) == (
        *(-7, "PEG X", "Awaiting"),
        *(0.25, 0.25),
    )
    assert {order.perm_id for order in manual} <= login.orders().keys()
    await _described(login, "XYZ?")
    held = login.positions()["XYZ?"]
    assert (held.quantity, held.exchange, held.average_price) == (-0.5, "NOWHERE", 1.25)
    assert_equals_the_market(login, market)


async def test_that_average_cost_of_options_and_futures_becomes_a_price_and_a_cost(
    login: Login, market: Market
) -> None:
    market.list_security(NewListing("ESZ6", con_id=70, price=6302.25, kind="FUT", exchange="", multiplier=50))
    market.list_security(
        NewListing("SPY   261218P00600000", con_id=71, price=4.2, kind="OPT", multiplier=100)
    )
    market.set_position(ACCOUNT, "ESZ6", -2, 315_114.75)
    market.set_position(ACCOUNT, "SPY   261218P00600000", 3, 420.65)
    await login.connect()
    await _described(login, "ESZ6", "SPY   261218P00600000")
    rows = login.positions()
    assert rows["ESZ6"].average_price == pytest.approx(6302.295)
    assert rows["ESZ6"].multiplier == 50
    assert rows["SPY   261218P00600000"].average_price == pytest.approx(4.2065)


async def test_that_a_position_listed_with_quantity_0_is_not_shown(
    login: Login, market: Market, tws: SimTws
) -> None:
    tws.faults.lists_closed = True
    market.set_position(ACCOUNT, "CIM PRB", 0, 0)
    await login.connect()
    assert "CIM PRB" not in login.positions()
    assert_equals_the_market(login, market)


async def test_that_rows_of_several_currencies_are_not_added_to_the_base_row(
    login: Login, market: Market
) -> None:
    for currency, profit in (("USD", "100.0"), ("BASE", "86.4"), ("EUR", "-12.5")):
        market.set_account_value(ACCOUNT, "UnrealizedPnL", profit, currency)
    market.set_account_value(ACCOUNT, "BuyingPower", UNSET_FLOAT, "USD")
    market.set_account_value(ACCOUNT, "ExcessLiquidity", "", "USD")
    await login.connect()
    (summary,) = login.book.summaries(GUN)
    assert summary.unrealized_pnl == 86.4
    assert summary.currency == "USD"
    assert (summary.buying_power, summary.excess_liquidity) == (None, None)


@pytest.mark.parametrize("cut", [Cut.BYTES, Cut.CHUNKS, Cut.GLUED])
async def test_that_the_book_is_the_same_however_the_network_cuts_the_stream(
    cut: Cut, login: Login, market: Market, tws: SimTws
) -> None:
    tws.faults.cut = cut
    await login.connect()
    assert_equals_the_market(login, market)
    market.set_position(ACCOUNT, "CIM PRB", 5, 20.0)
    await until(lambda: login.positions()["CIM PRB"].quantity == 5)


async def test_that_an_order_that_names_no_account_is_still_shown(login: Login, market: Market) -> None:
    of_a_group = next(order for order in market.orders.values() if order.account == ACCOUNT)
    of_a_group.account = ""
    await login.connect()
    assert login.orders()[of_a_group.perm_id].account == ""
