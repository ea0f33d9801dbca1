"""What may happen in a random story, and the look at every output after it."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st

from psf_monitor.book.orders.account_orders import DONE_STAYS_S
from tests.api.client import Events
from tests.endurance.random_brokers import expected_outputs
from tests.endurance.random_brokers.broker_state import (
    ACCOUNTS,
    CON_IDS,
    HAMMER_NAMES,
    BrokerState,
    Executed,
    Message,
)
from tests.endurance.random_brokers.watched_alerts import WatchedAlerts
from tests.support.records import GUN
from tests.support.scripted_hammer import KEY
from tests.support.scripted_product import HAMMER, ScriptedProduct
from tests.support.waiting import until

Item = TypeVar("Item")

_START = 71
KINDS = ("positions", "orders", "summaries")
PASSES_S = 3.1
"""So much time passes between two lists: a position may change that much later than its execution."""

accounts, symbols = st.sampled_from(ACCOUNTS), st.sampled_from(tuple(CON_IDS))
sides, shares = st.sampled_from(("BUY", "SELL")), st.sampled_from((7, 50, 100, 400))
tellings = st.sampled_from(("in order", "reversed", "twice", "not at all"))
prices = st.integers(2300, 2500).map(lambda cents: cents / 100)
at_once = st.sampled_from((1, 1, 2, 3))


class Story:
    """One story over the whole product; ``draw`` decides what happens in it."""

    def __init__(
        self,
        draw: Callable[[st.SearchStrategy[Any]], Any],
        brokers: BrokerState,
        product: ScriptedProduct,
        early: Events,
    ) -> None:
        self._draw = draw
        self._brokers = brokers
        self._product = product
        self._early = early
        self._alerts = WatchedAlerts(brokers, product)
        self._right_before: Mapping[str, expected_outputs.Records] = {}

    async def play(self, rounds: int) -> None:
        """Have everything happen so many times."""
        await self._until_right()
        self._product.clock.advance(PASSES_S)  # Sooner, a position that moves may count as one listed late.
        for _ in range(rounds):
            waiting = self._draw(st.permutations(EVENTS))
            while waiting:
                together, waiting = waiting[: (count := self._draw(at_once))], waiting[count:]
                self._right_before = (
                    expected_outputs.expected_figures(self._brokers) if len(together) == 1 else {}
                )
                for happens in together:
                    await happens(self)
                await self._until_right()

    async def let_ended_orders_leave(self) -> None:
        """Have so much time pass that no order which has ended is shown any more, also by a later list."""
        product = self._product

        def ended() -> set[str]:
            product.window.show_now()
            both = (expected_outputs.snapshot_of(product, mode) for mode in (GUN, HAMMER))
            return expected_outputs.ended_orders(self._brokers, *both)

        product.clock.advance(DONE_STAYS_S + 1.0)
        await until(lambda: not ended(), what="the end of every ended order")
        for happens in (Story.order_is_placed, Story.own_order_is_placed):
            await happens(self)
        await self._until_right()
        assert not (back := ended()), f"orders that have ended are there again: {back}"

    def report(self) -> None:
        """Have both servers list what their brokers hold now."""
        self._product.tws.answers.update(self._brokers.answers())
        self._product.hammer.account = self._brokers.account()
        self._product.hammer.quotes = dict(self._brokers.hammer_quotes())

    def _tell(self, messages: list[Message]) -> None:
        how = self._draw(tellings)
        self.report()
        if how != "not at all":
            sent = messages[::-1] if how == "reversed" else messages
            self._product.tws.send(*sent, *(sent if how == "twice" else ()))

    async def _until_right(self) -> None:
        complaints: list[str] = []
        looks = itertools.count(1)

        def is_right() -> bool:
            complaints[:] = self._complaints()
            look = next(looks)
            if complaints and look % 20 == 0:
                # Not so often that an order which ended wrongly leaves the table.
                self._product.clock.advance(PASSES_S if look <= 60 else 0.0)
                self._product.monitor.refresh()
            return not complaints

        try:
            await until(is_right, what="what every output says")
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *complaints])) from None
        self._alerts.note()
        await until_streamed(self._product, self._early)

    def _complaints(self) -> list[str]:
        brokers, product = self._brokers, self._product
        product.window.show_now()
        login, own = (expected_outputs.snapshot_of(product, mode) for mode in (GUN, HAMMER))
        if self._right_before:
            never_true = list(expected_outputs.never_true(brokers, self._right_before, login))
            if never_true:
                pytest.fail("\n".join(never_true))
        wrong = [
            *expected_outputs.wrong_snapshot(brokers, login),
            *expected_outputs.wrong_own_account(brokers, own),
            *expected_outputs.wrong_fills(brokers, product),
        ]
        wrong = wrong or [*expected_outputs.wrong_cells(brokers, product, [login, own])]
        return wrong or [*self._alerts.wrong()]

    # At IBKR.

    async def share_is_traded(self) -> None:
        account, symbol, side = self._draw(accounts), self._draw(symbols), self._draw(sides)
        self._tell(self._brokers.trade(account, symbol, side, self._draw(shares)))

    async def account_trades_for_the_first_time(self) -> None:
        side = self._draw(sides)
        self._tell(self._brokers.trade(ACCOUNTS[-1], self._draw(symbols), side, self._draw(shares)))

    async def position_is_closed(self) -> None:
        if len(self._brokers.held) > 1:
            self._tell(self._close_one())

    async def position_is_closed_while_the_line_is_lost(self) -> None:
        if len(self._brokers.held) > 1:
            self._close_one()
        await self.tws_restarts()

    def _close_one(self) -> list[Message]:
        account, symbol = self._draw(st.sampled_from(sorted(self._brokers.held)))
        held = self._brokers.held[account, symbol]
        return self._brokers.trade(account, symbol, "SELL" if held > 0 else "BUY", abs(held))

    async def order_is_placed(self) -> None:
        account, symbol, side = self._draw(accounts), self._draw(symbols), self._draw(sides)
        self._tell(self._brokers.order(account, symbol, side, self._draw(shares)))

    async def order_fills(self) -> None:
        if self._brokers.orders:
            self._tell(self._brokers.fill(self._one_of(self._brokers.orders), self._draw(shares)))

    async def order_is_amended(self) -> None:
        if self._brokers.orders:
            self._tell(self._brokers.amend(self._one_of(self._brokers.orders), self._draw(prices)))

    async def order_is_cancelled(self) -> None:
        if self._brokers.orders:
            self._tell(self._brokers.cancel(self._one_of(self._brokers.orders)))

    async def execution_is_busted(self) -> None:
        if done := self._standing():
            self._tell(self._brokers.bust(self._one_of(done)))

    async def execution_is_corrected(self) -> None:
        if done := self._standing():
            self._tell(self._brokers.correct(self._one_of(done), self._draw(prices)))

    async def corrected_execution_is_listed_before_its_original(self) -> None:
        if done := self._standing():
            self._tell(self._brokers.correct_before_original(self._one_of(done), self._draw(prices)))

    async def cost_is_reported(self) -> None:
        if done := self._standing():
            cents = self._draw(st.integers(-100, 500))
            self._tell(self._brokers.report_cost(self._one_of(done), cents / 100))

    async def account_is_worth_something_else(self) -> None:
        self._brokers.worth[self._draw(accounts)] = self._draw(st.integers(0, 10**8)) / 100
        self.report()

    async def tws_restarts(self) -> None:
        self.report()
        tws = self._product.tws
        connected = tws.asked(_START)
        tws.close_all()
        await until(lambda: tws.asked(_START) > connected, what="the next connection")

    # At HAMMER.

    async def price_moves(self) -> None:
        symbol, bid = self._draw(symbols), self._draw(prices)
        last = round(bid + self._draw(st.integers(-5, 15)) / 100, 2)
        self._brokers.quotes[symbol] = bid, round(bid + 0.1, 2), last
        self.report()
        name = HAMMER_NAMES[symbol]
        self._product.hammer.quote(name, *self._brokers.hammer_quotes()[name])

    async def own_order_is_placed(self) -> None:
        self._tell_own(self._brokers.own_order(self._draw(symbols), self._draw(shares)))

    async def own_order_fills_in_part(self) -> None:
        if found := self._own_orders():
            self._brokers.own_fill(order_id := self._one_of(found), 7)
            self._tell_own(order_id)

    async def own_order_ends(self) -> None:
        if found := self._own_orders():
            self._end_own(order_id := self._one_of(found))
            self._tell_own(order_id)

    async def own_order_ends_while_the_line_is_lost(self) -> None:
        if found := self._own_orders():
            self._end_own(self._one_of(found))
        await self.hammer_restarts()

    async def hammer_restarts(self) -> None:
        self.report()
        hammer = self._product.hammer

        def connected() -> int:
            return sum(command["cmd"] == "connect" for command in hammer.received)

        before = connected()
        await hammer.close_all()
        await until(lambda: connected() > before, what="the next connection")

    def _end_own(self, order_id: str) -> None:
        self._brokers.own_end(order_id, self._draw(st.sampled_from(("Filled", "Canceled", "Rejected"))))

    def _tell_own(self, order_id: str) -> None:
        self.report()
        update = {
            "accountKey": KEY,
            "setOrChange": "change",
            "transactions": [self._brokers.own_orders[order_id]],
        }
        self._product.hammer.send("transactionsUpdate", update)

    def _one_of(self, items: Sequence[Item] | dict[Item, Any]) -> Item:
        chosen: Item = self._draw(st.sampled_from(list(items)))
        return chosen

    def _standing(self) -> list[Executed]:
        """Executions that are not busted, of no order that is known."""
        return [each for each in self._brokers.executions if each.shares and each.perm_id >= 9000]

    def _own_orders(self) -> list[str]:
        return [key for key, order in self._brokers.own_orders.items() if order["StatusID"] == "Open"]


EVENTS = (
    Story.share_is_traded,
    Story.account_trades_for_the_first_time,
    Story.position_is_closed,
    Story.position_is_closed_while_the_line_is_lost,
    Story.order_is_placed,
    Story.order_fills,
    Story.order_is_amended,
    Story.order_is_cancelled,
    Story.execution_is_busted,
    Story.execution_is_corrected,
    Story.corrected_execution_is_listed_before_its_original,
    Story.cost_is_reported,
    Story.account_is_worth_something_else,
    Story.tws_restarts,
    Story.price_moves,
    Story.own_order_is_placed,
    Story.own_order_fills_in_part,
    Story.own_order_ends,
    Story.own_order_ends_while_the_line_is_lost,
    Story.hammer_restarts,
)
"""Everything that can happen."""


async def until_streamed(product: ScriptedProduct, events: Events) -> None:
    """Wait until what this reader was sent adds up to what is reported now."""
    differing: dict[str, Any] = {}

    def is_whole() -> bool:
        both = [expected_outputs.snapshot_of(product, mode) for mode in (GUN, HAMMER)]
        right = {kind: expected_outputs.by_key([*both[0][kind], *both[1][kind]]) for kind in KINDS}
        differing.clear()
        differing.update(
            {k: (events.state.get(k), of) for k, of in right.items() if events.state.get(k) != of}
        )
        return not differing

    try:
        await until(is_whole, what="the stream")
    except AssertionError as error:
        raise AssertionError(f"{error}: {differing}") from None
