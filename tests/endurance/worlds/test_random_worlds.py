"""Random stories of two brokers: after each look every output holds exactly what they hold.

In each story everything that can happen happens, in another order: told in order, in reverse, twice or not at
all, alone or several at once. Until all is told no figure may be shown that was true neither before nor after
what happened. The snapshot, the window and a stream are judged at every look; HTTP, a stream that a reader
joins late, and the exported journal at the end. Short stories are the same every time, ``--long`` plays new
ones.
"""

import asyncio
import csv
import itertools
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from psf_monitor.book.account_book import DONE_STAYS_S
from psf_monitor.journal.journal import Journal
from tests.api.client import ApiClient, Events, opened, reading
from tests.conftest import ExpectedErrors
from tests.endurance.worlds import right_outputs
from tests.endurance.worlds.far_world import ACCOUNTS, CON_IDS, HAMMER_NAMES, Executed, FarWorld, Message
from tests.support.records import GUN
from tests.support.scripted_hammer import KEY
from tests.support.scripted_product import HAMMER, POLLING, ScriptedProduct, scripted
from tests.support.waiting import until

Item = TypeVar("Item")

SHORT_STORIES, LONG_STORIES = 2, 100
ROUNDS_OF_LONG = 3
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
        world: FarWorld,
        product: ScriptedProduct,
        early: Events,
    ) -> None:
        self._draw = draw
        self._world = world
        self._product = product
        self._early = early
        self._right_before: Mapping[str, right_outputs.Records] = {}

    async def play(self, rounds: int) -> None:
        """Have everything happen so many times."""
        await self._until_right()
        self._product.clock.advance(PASSES_S)  # Sooner, a position that moves may count as one listed late.
        for _ in range(rounds):
            waiting = self._draw(st.permutations(EVENTS))
            while waiting:
                together, waiting = waiting[: (count := self._draw(at_once))], waiting[count:]
                self._right_before = right_outputs.right_figures(self._world) if len(together) == 1 else {}
                for happens in together:
                    await happens(self)
                await self._until_right()

    async def let_ended_orders_leave(self) -> None:
        """Have so much time pass that no order which has ended is shown any more."""
        product = self._product

        def is_over() -> bool:
            product.window.show_now()
            both = (right_outputs.snapshot_of(product, mode) for mode in (GUN, HAMMER))
            return not right_outputs.ended_orders(self._world, *both)

        product.clock.advance(DONE_STAYS_S + 1.0)
        await until(is_over, what="the end of every ended order")
        await self._until_right()

    def report(self) -> None:
        """Have both servers list the world as it is now."""
        self._product.tws.answers.update(self._world.answers())
        self._product.hammer.account = self._world.account()
        self._product.hammer.quotes = dict(self._world.hammer_quotes())

    def _tell(self, messages: list[Message]) -> None:
        how = self._draw(tellings)
        self.report()
        if how != "not at all":
            told = messages[::-1] if how == "reversed" else messages
            self._product.tws.send(*told, *(told if how == "twice" else ()))

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
        await until_streamed(self._product, self._early)

    def _complaints(self) -> list[str]:
        world, product = self._world, self._product
        product.window.show_now()
        login, own = (right_outputs.snapshot_of(product, mode) for mode in (GUN, HAMMER))
        if self._right_before:
            never_true = list(right_outputs.never_true(world, self._right_before, login))
            if never_true:
                pytest.fail("\n".join(never_true))
        wrong = [
            *right_outputs.wrong_snapshot(world, login),
            *right_outputs.wrong_own_account(world, own),
            *right_outputs.wrong_fills(world, product),
        ]
        return wrong or [*right_outputs.wrong_cells(world, product, [login, own])]

    # At IBKR.

    async def share_is_traded(self) -> None:
        account, symbol, side = self._draw(accounts), self._draw(symbols), self._draw(sides)
        self._tell(self._world.trade(account, symbol, side, self._draw(shares)))

    async def account_trades_for_the_first_time(self) -> None:
        side = self._draw(sides)
        self._tell(self._world.trade(ACCOUNTS[-1], self._draw(symbols), side, self._draw(shares)))

    async def position_is_closed(self) -> None:
        account, symbol = self._draw(st.sampled_from(sorted(self._world.held)))
        held = self._world.held[account, symbol]
        self._tell(self._world.trade(account, symbol, "SELL" if held > 0 else "BUY", abs(held)))

    async def order_is_placed(self) -> None:
        account, symbol, side = self._draw(accounts), self._draw(symbols), self._draw(sides)
        self._tell(self._world.order(account, symbol, side, self._draw(shares)))

    async def order_fills(self) -> None:
        if self._world.orders:
            self._tell(self._world.fill(self._one_of(self._world.orders), self._draw(shares)))

    async def order_is_amended(self) -> None:
        if self._world.orders:
            self._tell(self._world.amend(self._one_of(self._world.orders), self._draw(prices)))

    async def order_is_cancelled(self) -> None:
        if self._world.orders:
            self._tell(self._world.cancel(self._one_of(self._world.orders)))

    async def execution_is_busted(self) -> None:
        if done := self._standing():
            self._tell(self._world.bust(self._one_of(done)))

    async def execution_is_corrected(self) -> None:
        if done := self._standing():
            self._tell(self._world.correct(self._one_of(done), self._draw(prices)))

    async def cost_is_reported(self) -> None:
        if done := self._standing():
            cents = self._draw(st.integers(-100, 500))
            self._tell(self._world.report_cost(self._one_of(done), cents / 100))

    async def account_is_worth_something_else(self) -> None:
        self._world.worth[self._draw(accounts)] = self._draw(st.integers(0, 10**8)) / 100
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
        self._world.quotes[symbol] = bid, round(bid + 0.1, 2), last
        self.report()
        name = HAMMER_NAMES[symbol]
        self._product.hammer.quote(name, *self._world.hammer_quotes()[name])

    async def own_order_is_placed(self) -> None:
        self._tell_own(self._world.own_order(self._draw(symbols), self._draw(shares)))

    async def own_order_fills_in_part(self) -> None:
        if found := self._own_orders():
            self._world.own_fill(order_id := self._one_of(found), 7)
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
        self._world.own_end(order_id, self._draw(st.sampled_from(("Filled", "Canceled", "Rejected"))))

    def _tell_own(self, order_id: str) -> None:
        self.report()
        update = {
            "accountKey": KEY,
            "setOrChange": "change",
            "transactions": [self._world.own_orders[order_id]],
        }
        self._product.hammer.send("transactionsUpdate", update)

    def _one_of(self, items: Sequence[Item] | dict[Item, Any]) -> Item:
        chosen: Item = self._draw(st.sampled_from(list(items)))
        return chosen

    def _standing(self) -> list[Executed]:
        """Executions that are not busted, of no order that is known."""
        return [each for each in self._world.executions if each.shares and each.perm_id >= 9000]

    def _own_orders(self) -> list[str]:
        return [key for key, order in self._world.own_orders.items() if order["StatusID"] == "Open"]


EVENTS = (
    Story.share_is_traded,
    Story.account_trades_for_the_first_time,
    Story.position_is_closed,
    Story.order_is_placed,
    Story.order_fills,
    Story.order_is_amended,
    Story.order_is_cancelled,
    Story.execution_is_busted,
    Story.execution_is_corrected,
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


async def play(draw: Callable[[st.SearchStrategy[Any]], Any], folder: Path, rounds: int) -> None:
    """Play one story, and judge at its end what is read once."""
    world, file = FarWorld(), folder / "journal.sqlite3"
    of = {
        "accounts": ",".join(ACCOUNTS),
        "hammer": world.hammer_quotes(),
        "hammer_account": world.account(),
    }
    timing = replace(POLLING, pulse_s=0.02)
    async with (
        scripted(of, timing=timing, journal=file) as product,
        opened(product.monitor, folder) as api,
        followed(api) as early,
    ):
        story = Story(draw, world, product, early)
        story.report()
        for mode in (GUN, HAMMER):
            product.monitor.links[mode].connect()
        await story.play(rounds)
        await story.let_ended_orders_leave()
        reported = right_outputs.snapshot_of(product, GUN)
        for path, kind in zip(("positions", "orders", "summary"), KINDS, strict=True):
            answer = await api.get(f"account/ibkr/{path}", params={"account_type": GUN.value})
            assert answer.status_code == 200, answer.text
            assert answer.json()[kind] == reported[kind]
        async with followed(api) as late:
            await until_streamed(product, late)
        numbers = [number for number, _, _ in early.seen]
        assert numbers == sorted(set(numbers)), "an event came twice, or late"
        assert list(right_outputs.wrong_lines(world, await _exported(product, file))) == []


async def until_streamed(product: ScriptedProduct, events: Events) -> None:
    """Wait until what this reader was sent adds up to what is reported now."""
    differing: dict[str, Any] = {}

    def is_whole() -> bool:
        both = [right_outputs.snapshot_of(product, mode) for mode in (GUN, HAMMER)]
        right = {kind: right_outputs.by_key([*both[0][kind], *both[1][kind]]) for kind in KINDS}
        differing.clear()
        differing.update(
            {k: (events.state.get(k), of) for k, of in right.items() if events.state.get(k) != of}
        )
        return not differing

    try:
        await until(is_whole, what="the stream")
    except AssertionError as error:
        raise AssertionError(f"{error}: {differing}") from None


async def _exported(product: ScriptedProduct, file: Path) -> list[dict[str, str]]:
    journal, lines = Journal(file), file.with_suffix(".csv")
    day = product.clock().date()
    try:
        await journal.export_fills(lines, [], day, day, datetime(2026, 12, 1, tzinfo=UTC))
    finally:
        await journal.close()
    return list(csv.DictReader(lines.read_text("utf-8-sig").splitlines()))


@asynccontextmanager
async def followed(api: ApiClient) -> AsyncIterator[Events]:
    """A stream that is read all the time."""

    async def follow(events: Events) -> None:
        while True:
            await events.next()

    async with reading(api) as events:
        following = asyncio.create_task(follow(events))
        try:
            yield events
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


@pytest.mark.usefixtures("qapp")
def test_that_every_output_holds_what_the_brokers_hold(
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")
    # ib_insync holds requests back above 45 a second.
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    is_long = request.config.getoption("--long")
    chosen = request.config.getoption("--hypothesis-seed")
    number = int(chosen) if chosen else random.SystemRandom().getrandbits(32) if is_long else 1
    play_stories(number, LONG_STORIES if is_long else SHORT_STORIES, ROUNDS_OF_LONG if is_long else 1)


def play_stories(number: int, stories: int, rounds: int) -> None:
    """Play stories that begin with this seed."""

    @seed(number)
    @settings(
        max_examples=stories,
        deadline=None,
        database=None,
        # How long things take is not the same twice: a shorter story may be another one.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.data())
    def tell(data: st.DataObject) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            with TemporaryDirectory() as folder:
                loop.run_until_complete(play(data.draw, Path(folder), rounds))
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    tell()
