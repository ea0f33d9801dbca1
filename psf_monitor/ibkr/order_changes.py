"""Single orders as TWS sends them by itself, before and after its first list of all."""

import asyncio
from collections.abc import Callable, Container, Sequence

from ib_insync.order import Trade

from psf_monitor.connection.pacing import ORDERS_A_TURN
from psf_monitor.ibkr.list_answers import ORDER_LIST, ListAnswers


class OrderChanges:
    """Hands on what is heard of an order, but while the first list is coming, which reports it, too.

    When a client connects, TWS sends every order of its id by itself, and again in the list of all that is
    asked for then: thousands of a firm. What was heard is handed on where no list is to be had, or where none
    has been heard of for ``quiet_s`` seconds. ``answered`` is set once there is a list, or is known to be
    none.
    """

    def __init__(self, report: Callable[[Trade], None], lists: ListAnswers, quiet_s: float) -> None:
        self.answered = asyncio.Event()
        self._report = report
        self._received = lists.received
        self._quiet_s = quiet_s
        self._held: dict[int, Trade] | None = {}

    async def until_answered(self) -> None:
        """Wait for the list, and hand on what waits for it in vain."""
        while not self.answered.is_set():
            before = self._received[ORDER_LIST]
            try:
                async with asyncio.timeout(self._quiet_s):
                    await self.answered.wait()
            except TimeoutError:
                if self._received[ORDER_LIST] == before:
                    self._hand_on()

    def on_order(self, trade: Trade) -> None:
        """Note an order, or the status of one, that TWS has sent."""
        if self._held is None:
            self._report(trade)
        else:
            self._held[id(trade)] = trade

    async def read_ahead(self, trades: Sequence[Trade], read: Callable[[Trade], object]) -> None:
        """Have ``read`` each of the first list, as many in a turn as leave the window its own."""
        if not self.answered.is_set():
            for number, trade in enumerate(trades, 1):
                read(trade)
                if number % ORDERS_A_TURN == 0:
                    await asyncio.sleep(0)

    def on_list(self, trades: Sequence[Trade]) -> None:
        """Note that a list of all orders has been handed on, and hand on what was received behind its end."""
        self._hand_on(set(map(id, trades)))
        self.answered.set()

    def on_no_list(self) -> None:
        """Note that no list comes: what was received is what is known."""
        self._hand_on()
        self.answered.set()

    def _hand_on(self, listed: Container[int] = ()) -> None:
        held, self._held = self._held or {}, None
        for number, trade in held.items():
            if number not in listed:
                self._report(trade)
