"""The simulated market keeps its own books, and the same seed makes the same market."""

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.sim.market.market import (
    Event,
    Executed,
    Market,
    OrderChanged,
    PositionChanged,
    QuoteMoved,
    Security,
    VirtualClock,
)
from psf_monitor.sim.market.records import OrderIds, Ticket
from psf_monitor.sim.market.scenarios import GUN, NORMAL, PED, SCENARIOS, scenario

GUN_ACCOUNT = "U1240821"
PED_ACCOUNT = "U1770037"


def a_market(seed: int = 7, name: str = "normal") -> Market:
    return Market(scenario(name), seed)


def a_still_market() -> Market:
    """Nothing moves by itself: what happens is what the test does."""
    still = tuple(row._replace(gap_s=0.0) for row in NORMAL.securities)
    empty = dataclasses.replace(NORMAL, securities=still, orders=(), least_orders=0, most_orders=0)
    return Market(empty)


def value(market: Market, account: str, tag: str, currency: str = "USD") -> float:
    (row,) = [row for row in market.account_values(account) if (row.tag, row.currency) == (tag, currency)]
    return float(row.value)


def picture(market: Market) -> list[object]:
    quotes = [
        (name, item.bid, item.ask, item.bid_size, item.ask_size, item.last, item.volume, item.changed_at)
        for name, item in market.securities.items()
    ]
    orders = [
        (order.perm_id, order.status, order.filled, order.limit_price, order.order_id)
        for order in (*market.orders.values(), *market.completed.values())
    ]
    held = [(key, item.quantity, item.average_cost) for key, item in market.holdings.items()]
    return [market.clock(), quotes, orders, held, [fill.exec_id for fill in market.executions]]


def test_that_the_same_seed_and_steps_make_the_same_market() -> None:
    one, other, third = a_market(3), a_market(3), a_market(4)
    for _ in range(3000):
        one.step()
    other.step(300)
    third.step(300)
    assert picture(one) == picture(other)
    assert picture(one) != picture(third)


def markets() -> list[str]:
    """The scenarios whose market is another: most differ in what becomes of the connections."""
    found = {str(dataclasses.replace(scenario(name), name="")): name for name in reversed(SCENARIOS)}
    return sorted(found.values())


@pytest.mark.parametrize("name", markets())
def test_that_an_hour_of_any_market_keeps_every_rule(name: str) -> None:
    market = a_market(11, name)
    events: list[Event] = []

    def check(event: Event) -> None:
        events.append(event)
        if isinstance(event, QuoteMoved):
            item = event.security
            assert 0 < item.bid < item.ask
            assert item.low <= item.last <= item.high
            assert min(item.bid_size, item.ask_size, item.last_size) > 0
            for price in (item.bid, item.ask, item.last):
                assert price == item.on_tick(price)
        elif isinstance(event, OrderChanged):
            assert event.order.filled + event.order.remaining == event.order.quantity
            assert min(event.order.filled, event.order.remaining) >= 0
            assert (event.order.status == "Filled") == (event.order.remaining == 0)

    market.subscribe(check)
    market.step(3600)
    assert len(market.orders) >= market.scenario.least_orders
    fills = [event.execution for event in events if isinstance(event, Executed)]
    gaps = [(b.time - a.time).total_seconds() for a, b in itertools.pairwise(fills)]
    assert len(fills) > 20
    assert min(gaps) >= 20
    assert 5 * 3600 < sum(isinstance(event, QuoteMoved) for event in events) < 20 * 3600
    assert all(held.quantity for held in market.holdings.values())
    assert all(abs(held.quantity) < 6000 for held in market.holdings.values())


def test_that_the_demo_market_begins_as_the_picture_of_the_window() -> None:
    market = a_market()
    assert market.clock().isoformat() == "2026-09-18T18:26:00+00:00"
    assert market.logins == {GUN: (GUN_ACCOUNT,), PED: (PED_ACCOUNT,)}
    assert len(market.holdings) == 20
    assert len(market.orders) == 8
    assert value(market, GUN_ACCOUNT, "NetLiquidation") == 1_284_310.00
    assert value(market, GUN_ACCOUNT, "ExcessLiquidity") == 402_118.00
    assert market.profit(GUN_ACCOUNT).unrealized == pytest.approx(12_486, abs=1)
    assert value(market, PED_ACCOUNT, "NetLiquidation") == 918_745.00
    unknown = [name for name, item in market.securities.items() if item.hammer_symbol is None]
    assert unknown == ["TWO PRB"]
    assert any(order.perm_id > 2**31 for order in market.orders.values())
    assert [order.client_id for order in market.orders.values() if order.order_id == 0] == [0]


def test_that_a_share_nobody_trades_does_not_move() -> None:
    market = a_market()
    quiet = market.security("EFC PRB")
    asked_at = market.clock()
    market.step(1200)
    assert (asked_at - quiet.changed_at).total_seconds() == 31 * 60


def test_that_an_unknown_scenario_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'abnormal'.*normal, paper-mismatch.*ibkr-failed"):
        scenario("abnormal")


def test_that_the_paper_scenario_has_a_paper_account_and_nothing_in_it() -> None:
    market = a_market(name="paper-mismatch")
    (account,) = market.logins[PED]
    assert account.startswith("DU")
    assert value(market, account, "NetLiquidation") == 1_000_000
    assert not market.holdings_of(account)


def test_that_a_crossing_order_fills_moves_the_position_and_the_cash() -> None:
    market = a_still_market()
    market.set_quote("CIM PRB", bid=24.50, ask=24.60, ask_size=300)
    order = market.place_order(PED_ACCOUNT, "CIM PRB", "BUY", 500, 24.60)
    held = market.holdings[PED_ACCOUNT, market.security("CIM PRB").con_id]
    cash = market.cash(PED_ACCOUNT)
    market.step()
    assert (order.status, order.filled, order.remaining) == ("Submitted", 300, 200)
    assert held.quantity == 1_700
    assert market.cash(PED_ACCOUNT) == pytest.approx(cash - 300 * 24.60 - 1.50)
    market.step()
    assert order.filled == 300, "the price behind the one that was taken is out of the order's reach"
    market.set_quote("CIM PRB", ask=24.55, ask_size=900)
    market.step()
    assert (order.status, order.filled, order.last_fill_price) == ("Filled", 500, 24.55)
    assert order.avg_fill_price == pytest.approx((300 * 24.60 + 200 * 24.55) / 500)
    assert order.perm_id in market.completed
    assert order.perm_id not in market.orders
    assert market.security("CIM PRB").ask_size == 700


@pytest.mark.parametrize("status", ["PendingSubmit", "PreSubmitted", "PendingCancel", "Inactive"])
def test_that_only_a_submitted_order_fills(status: str) -> None:
    market = a_still_market()
    order = market.place_order(PED_ACCOUNT, "CIM PRB", "BUY", 500, 26.00, ticket=Ticket(status=status))
    market.step(5)
    assert order.filled == 0


def test_that_one_fill_reports_print_order_position_and_execution_in_that_order() -> None:
    market = a_still_market()
    order = market.place_order(GUN_ACCOUNT, "T PRC", "BUY", 600, 19.00, ids=OrderIds(31))
    reported: list[Event] = []
    unsubscribe = market.subscribe(reported.append)
    market.fill_order(order.perm_id, 600, 19.00)
    assert [type(event) for event in reported] == [QuoteMoved, OrderChanged, PositionChanged, Executed]
    changed = reported[2]
    assert isinstance(changed, PositionChanged)
    assert changed.holding.quantity == 0, "600 bought against 600 short: the position is closed"
    assert (GUN_ACCOUNT, changed.holding.security.con_id) not in market.holdings
    execution = market.executions[-1]
    assert execution.realized_pnl == pytest.approx(600 * (19.41 - 19.00) - 3.00)
    unsubscribe()
    market.trade("T PRC", 19.05, 100)
    assert len(reported) == 4


def test_that_a_commission_makes_a_buy_dearer_and_a_sale_poorer() -> None:
    market = a_still_market()
    held = market.holdings[GUN_ACCOUNT, market.security("MS PRK").con_id]
    cost, cash = held.quantity * held.average_cost, market.cash(GUN_ACCOUNT)
    bought = market.place_order(GUN_ACCOUNT, "MS PRK", "BUY", 400, 25.00)
    assert market.fill_order(bought.perm_id, 400, 25.00).realized_pnl is None
    assert held.quantity * held.average_cost == pytest.approx(cost + 400 * 25.00 + 2.00)
    average = held.average_cost
    sold = market.place_order(GUN_ACCOUNT, "MS PRK", "SELL", 1_000, 25.10)
    execution = market.fill_order(sold.perm_id, 1_000, 25.10)
    assert (execution.commission, held.average_cost) == (5.00, average)
    assert execution.realized_pnl == pytest.approx(1_000 * (25.10 - average) - 5.00)
    assert market.cash(GUN_ACCOUNT) == pytest.approx(cash - 10_002.00 + 25_095.00)
    assert market.profit(GUN_ACCOUNT).realized == execution.realized_pnl


trades = st.tuples(
    st.sampled_from(("CIM PRB", "T PRC", "DUK PRA")),
    st.sampled_from(("BUY", "SELL")),
    st.integers(1, 5_000),
    st.integers(1_500, 3_000).map(lambda cents: cents / 100),
)


@given(st.lists(trades, min_size=1, max_size=8))
def test_that_fills_move_money_and_create_none(done: list[tuple[str, str, int, float]]) -> None:
    """Cash plus what the holdings cost, less what was realized, is the same before and after any fills."""
    market = a_still_market()

    def books() -> float:
        cost = sum(held.quantity * held.average_cost for held in market.holdings_of(GUN_ACCOUNT))
        return market.cash(GUN_ACCOUNT) + cost - market.profit(GUN_ACCOUNT).realized

    before = books()
    for symbol, action, quantity, price in done:
        order = market.place_order(GUN_ACCOUNT, symbol, action, quantity, price)
        market.fill_order(order.perm_id, quantity, price)
    assert books() == pytest.approx(before, abs=0.01)
    assert all(held.average_cost > 0 for held in market.holdings.values())
    worth = market.cash(GUN_ACCOUNT) + sum(
        held.quantity * held.security.mark for held in market.holdings_of(GUN_ACCOUNT)
    )
    assert value(market, GUN_ACCOUNT, "NetLiquidation") == pytest.approx(worth, abs=0.01)


def test_that_an_amended_and_a_cancelled_order_keep_what_was_filled() -> None:
    market = a_still_market()
    order = market.place_order(GUN_ACCOUNT, "MS PRK", "SELL", 500, 25.50, ids=OrderIds(31))
    assert (order.client_id, order.order_id) == (31, 1)
    market.fill_order(order.perm_id, 200, 25.50)
    market.amend_order(order.perm_id, quantity=800, limit_price=25.60)
    assert (order.quantity, order.filled, order.remaining, order.limit_price) == (800, 200, 600, 25.60)
    with pytest.raises(ValueError, match="200 are filled"):
        market.amend_order(order.perm_id, quantity=200)
    market.cancel_order(order.perm_id)
    assert (order.status, order.filled, order.remaining) == ("Cancelled", 200, 600)
    assert order.perm_id in market.completed


def test_that_a_print_moves_last_volume_and_range_and_is_kept() -> None:
    market = a_still_market()
    item = market.security("CIM PRB")
    volume = item.volume
    reported: list[Event] = []
    market.subscribe(reported.append)
    market.trade("CIM PRB", 24.70, 200)
    assert (item.last, item.last_size, item.volume, item.high) == (24.70, 200, volume + 200, 24.70)
    (event,) = reported
    assert isinstance(event, QuoteMoved)
    assert event.trade == item.prints[-1]
    assert set(event.changed_fields) >= {"last", "volume", "high"}


def test_that_a_control_refuses_what_cannot_be() -> None:
    market = a_still_market()
    with pytest.raises(ValueError, match="not below ask"):
        market.set_quote("CIM PRB", bid=25.00, ask=25.00)
    with pytest.raises(ValueError, match="no price"):
        market.set_quote("CIM PRB", price=25.00)
    with pytest.raises(ValueError, match="no trade of 0"):
        market.trade("CIM PRB", 25.00, 0)
    with pytest.raises(ValueError, match="no account"):
        market.place_order("U1", "CIM PRB", "BUY", 100, 25.00)
    order = market.place_order(GUN_ACCOUNT, "CIM PRB", "BUY", 100, 24.00)
    with pytest.raises(ValueError, match="100 remain"):
        market.fill_order(order.perm_id, 200, 24.00)
    with pytest.raises(ValueError, match="does not go back"):
        VirtualClock().advance(-1)


def test_that_a_quote_that_did_not_change_is_not_reported() -> None:
    market = a_still_market()
    reported: list[Event] = []
    market.subscribe(reported.append)
    market.set_quote("CIM PRB", bid=market.security("CIM PRB").bid)
    assert reported == []


def test_that_an_account_value_can_be_set_to_anything() -> None:
    market = a_still_market()
    market.set_account_value(GUN_ACCOUNT, "NetLiquidation", "", "USD")
    rows = [row for row in market.account_values(GUN_ACCOUNT) if row.tag == "NetLiquidation"]
    assert [(row.value, row.currency) for row in rows] == [("", "USD")]


def test_that_two_spellings_of_a_preferred_are_both_there() -> None:
    def spelling(item: Security) -> tuple[str, str, str]:
        return item.symbol, item.local_symbol, item.trading_class

    market = a_market()
    assert spelling(market.security("CIM PRB")) == ("CIM PRB", "CIM PRB", "CIM PRB")
    assert spelling(market.security("CIM PRD")) == ("CIM", "CIM PRD", "CIM PRD")
