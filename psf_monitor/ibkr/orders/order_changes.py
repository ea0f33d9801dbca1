"""Single orders as TWS sends them by itself, before and after the first complete list."""

import asyncio
from collections.abc import Callable, Container, Sequence

from ib_insync.order import Trade

from psf_monitor.connection.pacing import ORDERS_A_TURN
from psf_monitor.ibkr.list_completion import ORDER_LIST, ListCompletion


class OrderChanges:
    """Passes on reports of single orders, except while the first list is arriving, which contains them, too.

    When a client connects, TWS sends every order of its id by itself, and again in the list of all orders
    that is then requested: thousands for a firm. The reports are passed on if there is no list, or if nothing
    of one has arrived for ``quiet_s`` seconds. ``answered`` is set once there is a list, or it is known that
    there is none.
    """

    def __init__(self, report: Callable[[Trade], None], lists: ListCompletion, quiet_s: float) -> None:
        self.answered = asyncio.Event()
        self._report = report
        self._received = lists.received
        self._quiet_s = quiet_s
        self._held: dict[int, Trade] | None = {}

    async def until_answered(self) -> None:
        """Wait for the list, and pass on the orders for which it does not come."""
        while not self.answered.is_set():
            before = self._received[ORDER_LIST]
            try:
                async with asyncio.timeout(self._quiet_s):
                    await self.answered.wait()
            except TimeoutError:
                if self._received[ORDER_LIST] == before:
                    self._forward()

    def on_order(self, trade: Trade) -> None:
        """Receive an order, or the status of one, that TWS has sent."""
        if self._held is None:
            self._report(trade)
        else:
            self._held[id(trade)] = trade

    async def read_ahead(self, trades: Sequence[Trade], read: Callable[[Trade], object]) -> None:
        """Call ``read`` for each order of the first list, in turns short enough for the window."""
        if not self.answered.is_set():
            for number, trade in enumerate(trades, 1):
                read(trade)
                if number % ORDERS_A_TURN == 0:
                    await asyncio.sleep(0)

    def on_list(self, trades: Sequence[Trade]) -> None:
        """Record that a list of all orders has been passed on, and pass on what arrived after its end."""
        self._forward(set(map(id, trades)))
        self.answered.set()

    def on_no_list(self) -> None:
        """Record that there is no list: what arrived is everything known."""
        self._forward()
        self.answered.set()

    def _forward(self, listed: Container[int] = ()) -> None:
        held, self._held = self._held or {}, None
        for number, trade in held.items():
            if number not in listed:
                self._report(trade)
