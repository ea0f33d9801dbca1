"""Build the records of a simulated market from a scenario's rows."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from psf_monitor.sim.market.ledger import commission_of
from psf_monitor.sim.market.records import (
    DONE,
    NEW_YORK,
    PRINTS_KEPT,
    NewListing,
    Security,
    SimExecution,
    SimHolding,
    SimOrder,
    SimPrint,
)
from psf_monitor.sim.market.scenarios import Listing, OrderRow, Scenario

TICK = 0.01

_LOOKS_BACK_S = 6 * 3600.0
"""A scenario's orders go back no further than this; on a younger day their ages shrink to fit into it."""


def _age(age_s: float, now: datetime) -> timedelta:
    """Return how long ago something happened, shortened to stay on the same New York day as ``now``."""
    wall = now.astimezone(NEW_YORK)
    day_s = wall.hour * 3600 + wall.minute * 60 + wall.second
    return timedelta(seconds=age_s * min(day_s / _LOOKS_BACK_S, 1.0))


def securities(scenario: Scenario, now: datetime) -> dict[str, Security]:
    """Return the securities by local symbol."""
    return {row.local_symbol: _security(row, now) for row in scenario.securities}


def _security(row: Listing, now: datetime) -> Security:
    prev_close = round(row.last - row.change, 4)
    changed_at = now - _age(row.age_s, now)
    last_size = min(row.bid_size, 200)
    return Security(
        con_id=row.con_id,
        symbol=row.symbol or row.local_symbol,
        local_symbol=row.local_symbol,
        trading_class=row.local_symbol,
        kind="STK",
        exchange=row.exchange,
        currency="USD",
        multiplier=1.0,
        tick=TICK,
        hammer_symbol=row.hammer_symbol,
        bid=row.bid,
        ask=row.ask,
        bid_size=row.bid_size,
        ask_size=row.ask_size,
        last=row.last,
        last_size=last_size,
        prev_close=prev_close,
        open=prev_close,
        high=max(row.ask, prev_close),
        low=min(row.bid, prev_close),
        volume=row.volume,
        dividend=row.dividend,
        changed_at=changed_at,
        prints=deque([SimPrint(changed_at, row.last, last_size, row.exchange)], maxlen=PRINTS_KEPT),
    )


def newly_listed(listing: NewListing, now: datetime) -> Security:
    """Return a security on its first day: one tick wide around its price, which is also its previous
    close.
    """
    name, price = listing.local_symbol, listing.price
    return Security(
        con_id=listing.con_id,
        symbol=name,
        local_symbol=name,
        trading_class=name,
        kind=listing.kind,
        exchange=listing.exchange,
        currency=listing.currency,
        multiplier=listing.multiplier,
        tick=TICK,
        hammer_symbol=listing.hammer_symbol,
        bid=price,
        ask=round(price + TICK, 4),
        bid_size=100,
        ask_size=100,
        last=price,
        last_size=100,
        prev_close=price,
        open=price,
        high=price,
        low=price,
        volume=0,
        dividend=0.0,
        changed_at=now,
        price_unit=listing.price_unit,
    )


def holdings(scenario: Scenario, listed: Mapping[str, Security]) -> dict[tuple[str, int], SimHolding]:
    """Return the holdings by (account, con id)."""
    accounts = _accounts(scenario)
    held = [
        SimHolding(accounts[row.login], listed[row.local_symbol], row.quantity, row.average_cost)
        for row in scenario.holdings
    ]
    return {(holding.account, holding.security.con_id): holding for holding in held}


def orders(scenario: Scenario, listed: Mapping[str, Security], now: datetime) -> list[SimOrder]:
    """Return the open orders and the finished ones."""
    accounts = _accounts(scenario)
    return [_order(row, accounts[row.login], listed[row.local_symbol], now) for row in scenario.orders]


def _order(row: OrderRow, account: str, security: Security, now: datetime) -> SimOrder:
    age = _age(row.age_s, now)
    placed_at = now - age
    price = row.limit_price if row.filled else 0.0
    return SimOrder(
        account=account,
        security=security,
        perm_id=row.perm_id,
        order_id=row.order_id,
        client_id=row.client_id,
        action=row.action,
        quantity=row.quantity,
        order_type=row.order_type,
        limit_price=row.limit_price,
        aux_price=row.aux_price,
        tif=row.tif,
        status=row.status,
        filled=row.filled,
        remaining=row.quantity - row.filled,
        avg_fill_price=price,
        last_fill_price=price,
        placed_at=placed_at,
        done_at=placed_at + age / 2 if row.status in DONE else None,
    )


def _accounts(scenario: Scenario) -> dict[str, str]:
    return {row.login: row.account for row in scenario.accounts}


def executions(
    placed: Iterable[SimOrder], held: Mapping[tuple[str, int], SimHolding], now: datetime
) -> list[SimExecution]:
    """Return one execution for the filled part of each order; the holdings already include them."""
    filled = [order for order in placed if order.filled]
    return [_past_execution(order, held, number, now) for number, order in enumerate(filled, 1)]


def _past_execution(
    order: SimOrder, held: Mapping[tuple[str, int], SimHolding], number: int, now: datetime
) -> SimExecution:
    commission = commission_of(order.filled)
    at = order.done_at or order.placed_at + min(timedelta(minutes=5), (now - order.placed_at) / 2)
    holding = held.get((order.account, order.security.con_id))
    profit = None
    if holding is not None and holding.quantity * order.sign < 0:
        # The closed shares had cost as much per share as the remaining ones.
        gain = (order.avg_fill_price - holding.average_cost) * -order.sign
        profit = order.filled * gain * order.security.point_value - commission
    return execution(order, SimFill(order.filled, order.avg_fill_price, at, commission, profit), number)


class SimFill(NamedTuple):
    """One fill: shares, price per share, commission and realized P&L in contract currency."""

    shares: float
    price: float
    at: datetime
    commission: float
    realized_pnl: float | None


def execution(order: SimOrder, fill: SimFill, number: int) -> SimExecution:
    """Return the report of a fill that the order's own figures include already."""
    return SimExecution(
        exec_id=f"{number:08x}.{int(fill.at.timestamp()):08x}.01.01",
        time=fill.at,
        account=order.account,
        security=order.security,
        side="BOT" if order.action == "BUY" else "SLD",
        shares=fill.shares,
        price=fill.price,
        perm_id=order.perm_id,
        client_id=order.client_id,
        order_id=order.order_id,
        cum_qty=order.filled,
        avg_price=order.avg_fill_price,
        commission=fill.commission,
        realized_pnl=fill.realized_pnl,
        venue=order.security.exchange,
    )
