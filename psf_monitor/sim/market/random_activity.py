"""What happens in a simulated market without any control: calm, seeded, and endless.

It uses the controls that tests use, so the subscribers are sent whatever it does like everything else.
"""

import math
import random
from datetime import datetime, timedelta

from psf_monitor.sim.market.controlled_market import ControlledMarket
from psf_monitor.sim.market.records import OrderIds, Security, SimOrder, Ticket

PRINT_SIZES = (100, 100, 100, 200, 200, 300, 300, 50, 10, 400, 75, 1000)
MOST_DISPLAYED = 4000
HOME_RANGE = 0.004
"""How far the middle may stray from where it started, as a part of the price."""
FILL_PAUSE_S = (20.0, 60.0)
RETRY_PAUSE_S = (4.0, 8.0)
PLACE_PAUSE_S = (4.0, 9.0)
AMEND_PAUSE_S = (25.0, 70.0)
ACKNOWLEDGE_S = 1.5
NEAR = 0.003
"""How far a limit may be from the other side, as a part of the price, and still be reached."""
MOST_ORDER_VALUE = 13_000
MOST_HELD_FACTOR = 1.5


class RandomActivity:
    """Moves quotes by ticks around where they began, and keeps a short list of orders alive.

    It never moves a quote into a working order by chance: fills are paced, one in 20 to 60 seconds, each by
    letting the market come to one order. Fills pull each position back towards its start.
    """

    def __init__(self, market: ControlledMarket, rng: random.Random) -> None:
        self._market = market
        self._rng = rng
        now = market.clock()
        self._gap_s = {row.local_symbol: row.gap_s for row in market.scenario.securities if row.gap_s}
        self._home = {name: (item.bid + item.ask) / 2 for name, item in market.securities.items()}
        self._spread = {name: item.ask - item.bid for name, item in market.securities.items()}
        self._start = {key: held.quantity for key, held in market.holdings.items()}
        self._moves_at = {name: self._after(now, self._gap_s[name]) for name in self._gap_s}
        self._fills_at = self._within(now, FILL_PAUSE_S)
        self._places_at = self._within(now, PLACE_PAUSE_S)
        self._amends_at = self._within(now, AMEND_PAUSE_S)
        self._own: set[int] = set()

    def advance(self) -> None:
        """Do everything that is due at the clock's time."""
        now = self._market.clock()
        for name, at in self._moves_at.items():
            if at <= now:
                self._moves_at[name] = self._after(now, self._gap_s[name])
                self._move(self._market.securities[name])
        self._acknowledge(now)
        if self._fills_at <= now:
            came = self._come_to_one_order()
            self._fills_at = self._within(now, FILL_PAUSE_S if came else RETRY_PAUSE_S)
        if self._places_at <= now:
            self._places_at = self._within(now, PLACE_PAUSE_S)
            if len(self._market.orders) < self._market.scenario.least_orders:
                self._place()
        if self._amends_at <= now:
            self._amends_at = self._within(now, AMEND_PAUSE_S)
            self._place_amend_or_cancel()

    def _after(self, now: datetime, mean_s: float) -> datetime:
        return now + timedelta(seconds=min(self._rng.expovariate(1 / mean_s), 4 * mean_s))

    def _within(self, now: datetime, pause_s: tuple[float, float]) -> datetime:
        return now + timedelta(seconds=self._rng.uniform(*pause_s))

    # -- quotes -------------------------------------------------------------------------------------

    def _move(self, security: Security) -> None:
        chance = self._rng.random()
        if chance < 0.50:
            self._resize(security)
        elif chance < 0.78:
            self._reprice(security)
        else:
            price = self._rng.choice((security.bid, security.ask, security.ask, security.bid, security.last))
            price = min(max(price, security.bid), security.ask)
            size = self._rng.choice(PRINT_SIZES)
            if price > 1000:
                size = max(size // 100, 1)
            self._market.trade(security.local_symbol, price, size, security.exchange)

    def _resize(self, security: Security) -> None:
        side = self._rng.choice(("bid_size", "ask_size"))
        size = getattr(security, side) + 100 * self._rng.choice((-5, -3, -2, -1, 1, 2, 3, 4))
        self._market.set_quote(security.local_symbol, **{side: min(max(size, 100), MOST_DISPLAYED)})

    def _reprice(self, security: Security) -> None:
        name = security.local_symbol
        usual = self._spread[name]
        step = max(security.on_tick(usual / 8), security.tick)
        middle = (security.bid + security.ask) / 2
        away = (middle - self._home[name]) / (HOME_RANGE * self._home[name])
        up = self._rng.random() < 0.5 - 0.5 * max(min(away, 1.0), -1.0)
        sides = self._rng.choice((("bid",), ("ask",), ("bid", "ask")))
        shift = step if up else -step
        moved = {side: security.on_tick(getattr(security, side) + shift) for side in sides}
        bid, ask = moved.get("bid", security.bid), moved.get("ask", security.ask)
        narrowest = security.tick * 0.9
        if narrowest <= ask - bid <= 2 * usual + security.tick and not self._reaches_an_order(
            security, bid, ask
        ):
            self._market.set_quote(name, **moved)

    def _reaches_an_order(self, security: Security, bid: float, ask: float) -> bool:
        for order in self._market.orders.values():
            if order.security is security and order.limit_price is not None:
                if order.action == "BUY" and ask <= order.limit_price:
                    return True
                if order.action == "SELL" and bid >= order.limit_price:
                    return True
        return False

    # -- orders -------------------------------------------------------------------------------------

    def _acknowledge(self, now: datetime) -> None:
        for perm_id in tuple(self._own):
            order = self._market.orders.get(perm_id)
            if order is None:
                self._own.discard(perm_id)
            elif order.status == "PendingSubmit" and (now - order.placed_at).total_seconds() >= ACKNOWLEDGE_S:
                self._market.set_status(perm_id, "Submitted")

    def _come_to_one_order(self) -> bool:
        within_reach = [order for order in self._market.orders.values() if self._may_fill(order)]
        if not within_reach:
            return False
        order = self._rng.choice(within_reach)
        security, limit = order.security, order.limit_price
        assert limit is not None
        size = math.ceil(min(order.remaining, self._rng.choice((100, 200, 200, 300, 500))))
        gap = max(security.on_tick(self._spread[security.local_symbol]), security.tick)
        if order.action == "BUY":
            bid = min(security.bid, security.on_tick(limit - gap))
            self._market.set_quote(security.local_symbol, bid=bid, ask=limit, ask_size=size)
        else:
            ask = max(security.ask, security.on_tick(limit + gap))
            self._market.set_quote(security.local_symbol, bid=limit, ask=ask, bid_size=size)
        return True

    def _may_fill(self, order: SimOrder) -> bool:
        if order.status != "Submitted" or order.order_type != "LMT" or order.limit_price is None:
            return False
        security = order.security
        other_side = security.ask if order.action == "BUY" else security.bid
        reach = max(NEAR * order.limit_price, 1.5 * self._spread[security.local_symbol])
        if abs(other_side - order.limit_price) > reach:
            return False
        key = (order.account, security.con_id)
        if any(self._is_before(other, order) for other in self._market.orders.values()):
            return False
        held = self._market.holdings[key].quantity if key in self._market.holdings else 0
        return abs(held + order.sign * order.remaining) <= self._most_held(key)

    def _is_before(self, other: SimOrder, order: SimOrder) -> bool:
        """Return whether a market that reaches ``order`` would also reach ``other``."""
        if other is order or other.security is not order.security or other.sign != order.sign:
            return False
        if other.limit_price is None or order.limit_price is None:
            return False
        return order.sign * (other.limit_price - order.limit_price) >= 0

    def _most_held(self, key: tuple[str, int]) -> float:
        return max(abs(self._start.get(key, 0)) * MOST_HELD_FACTOR, 600)

    def _place(self) -> None:
        row = self._rng.choice(self._market.scenario.accounts)
        security = self._market.securities[self._rng.choice(tuple(self._gap_s))]
        key = (row.account, security.con_id)
        if security.hammer_symbol is None or not self._is_traded_here(key):
            return
        held = self._market.holdings[key].quantity if key in self._market.holdings else 0
        surplus = held - self._start.get(key, 0)
        action = self._rng.choice(("BUY", "SELL")) if not surplus else "SELL" if surplus > 0 else "BUY"
        lot = 100 if security.ask < 100 else 5
        quantity = lot * self._rng.randint(1, max(1, int(MOST_ORDER_VALUE / security.ask / lot)))
        behind = self._rng.randint(0, 4) * max(
            security.on_tick(self._spread[security.local_symbol] / 4), security.tick
        )
        limit = security.bid - behind if action == "BUY" else security.ask + behind
        order = self._market.place_order(
            row.account,
            security.local_symbol,
            action,
            quantity,
            security.on_tick(limit),
            ticket=Ticket(tif=self._rng.choice(("DAY", "DAY", "GTC")), status="PendingSubmit"),
            ids=OrderIds(self._rng.choice((row.program_client_id, row.program_client_id, 0))),
        )
        self._own.add(order.perm_id)

    def _is_traded_here(self, key: tuple[str, int]) -> bool:
        """Place orders of each account only in what it, or nobody, held at first, one at a time for each."""
        account, con_id = key
        held_elsewhere = any(con_id == other and account != holder for holder, other in self._start)
        ordered = any(order.security.con_id == con_id for order in self._market.orders.values())
        return not ordered and (key in self._start or not held_elsewhere)

    def _place_amend_or_cancel(self) -> None:
        """Amend or cancel an order, as traders and programs do, but only one that it placed itself."""
        orders = self._market.orders
        own = [orders[perm_id] for perm_id in sorted(self._own) if perm_id in orders]
        working = [order for order in own if order.status == "Submitted" and order.limit_price is not None]
        count, scenario = len(orders), self._market.scenario
        if not working or (count < scenario.most_orders and self._rng.random() < 0.4):
            if count < scenario.most_orders:
                self._place()
            return
        order = self._rng.choice(working)
        if count > scenario.least_orders and self._rng.random() < 0.4:
            self._market.cancel_order(order.perm_id)
            return
        security = order.security
        limit = security.bid if order.action == "BUY" else security.ask
        self._market.amend_order(order.perm_id, limit_price=security.on_tick(limit))
