"""A seeded market: its clock advances, its quotes move, its orders come, fill and go.

The same scenario, seed and steps give the same market. Other packages import everything about it from here.
"""

import random
from datetime import datetime

from psf_monitor.sim.market.controlled_market import ControlledMarket
from psf_monitor.sim.market.random_activity import RandomActivity
from psf_monitor.sim.market.records import (
    SESSION_START,
    AccountValue,
    Event,
    Executed,
    Listener,
    OrderChanged,
    PositionChanged,
    QuoteMoved,
    Security,
    SimExecution,
    SimHolding,
    SimOrder,
    SimPrint,
    VirtualClock,
)
from psf_monitor.sim.market.scenarios import Scenario

__all__ = [
    "AccountValue",
    "Event",
    "Executed",
    "Listener",
    "Market",
    "OrderChanged",
    "PositionChanged",
    "QuoteMoved",
    "Security",
    "SimExecution",
    "SimHolding",
    "SimOrder",
    "SimPrint",
    "VirtualClock",
]

SLICE_MS = 100
"""A long step is divided into steps of this length, so that it equals many short ones."""


class Market(ControlledMarket):
    """A market that moves only in ``step``.

    Orders fill in ``step`` only: a ``Submitted`` LMT order that the other side has reached, or a MKT order,
    at the displayed price and up to the displayed size. Stops never trigger; in any other status an order
    waits.
    """

    def __init__(self, scenario: Scenario, seed: int = 7, start: datetime = SESSION_START) -> None:
        super().__init__(scenario, start)
        self._activity = RandomActivity(self, random.Random(seed))

    def step(self, seconds: float = SLICE_MS / 1000) -> None:
        """Advance the clock by ``seconds``, to the millisecond, and let the market move."""
        slices, rest_ms = divmod(round(seconds * 1000), SLICE_MS)
        for slice_ms in [SLICE_MS] * slices + [rest_ms] * bool(rest_ms):
            self.clock.advance(slice_ms / 1000)
            self._activity.advance()
            for order in tuple(self.orders.values()):
                self._match(order)

    def _match(self, order: SimOrder) -> None:
        if order.status != "Submitted" or order.order_type not in ("LMT", "MKT"):
            return
        security, limit = order.security, order.limit_price
        buying = order.action == "BUY"
        price, size = (security.ask, security.ask_size) if buying else (security.bid, security.bid_size)
        if size <= 0:
            return
        if order.order_type == "LMT" and (limit is None or (limit < price if buying else limit > price)):
            return
        taken = min(order.remaining, size)
        self.fill_order(order.perm_id, taken, price)
        side = "ask" if buying else "bid"
        if taken < size:
            self.set_quote(security.local_symbol, **{f"{side}_size": int(size - taken)})
        else:
            # The displayed size is used up; the next price is displayed.
            self.set_quote(
                security.local_symbol, **{side: security.on_tick(price + order.sign * security.tick)}
            )
