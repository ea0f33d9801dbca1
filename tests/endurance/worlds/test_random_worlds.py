"""Random stories of two brokers: after each step every output holds exactly what they hold.

What happens is told in order, in reverse, twice or not at all, between losses of both lines. The snapshot,
the window and a stream are judged after every step; HTTP, a stream that a reader joins late, and the exported
journal at the end. Short stories are the same every time, ``--long`` plays new ones.
"""

import asyncio
import csv
import itertools
import random
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from psf_monitor.journal.journal import Journal
from tests.api.client import ApiClient, Events, opened, reading
from tests.conftest import ExpectedErrors
from tests.endurance.worlds import right_outputs
from tests.endurance.worlds.far_world import ACCOUNTS, CON_IDS, HAMMER_NAMES, Executed, FarWorld, Message
from tests.support.records import GUN
from tests.support.scripted_hammer import KEY
from tests.support.scripted_product import HAMMER, POLLING, scripted
from tests.support.waiting import until

Item = TypeVar("Item")

SHORT_STORIES, SHORT_STEPS = 2, 8
LONG_STORIES, LONG_STEPS = 100, 50
_START = 71
KINDS = ("positions", "orders", "summaries")
PASSES_S = 3.1
"""So much time passes between two lists: a position may change that much later than its execution."""

accounts, symbols = st.sampled_from(ACCOUNTS), st.sampled_from(tuple(CON_IDS))
sides, shares = st.sampled_from(("BUY", "SELL")), st.sampled_from((7, 50, 100, 400))
tellings = st.sampled_from(("in order", "reversed", "twice", "not at all"))
picks = st.integers(0, 99)


class Story(RuleBasedStateMachine):
    """One story over the whole product; between two steps the loop does not run."""

    def __init__(self) -> None:
        super().__init__()
        self.world = FarWorld()
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._stack = AsyncExitStack()
        self._is_sound = True
        self._do(self._begin())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        was_sound, self._is_sound = self._is_sound, False
        self._loop.run_until_complete(work)
        self._is_sound = was_sound

    async def _begin(self) -> None:
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        self._journal = folder / "journal.sqlite3"
        of = {
            "accounts": ",".join(ACCOUNTS),
            "hammer": self.world.hammer_quotes(),
            "hammer_account": self.world.account(),
        }
        timing = replace(POLLING, pulse_s=0.02)
        self.stage = await self._stack.enter_async_context(scripted(of, timing=timing, journal=self._journal))
        self._report()
        self._api = await self._stack.enter_async_context(opened(self.stage.monitor, folder))
        self._early: Events = await self._stack.enter_async_context(followed(self._api))
        for mode in (GUN, HAMMER):
            self.stage.monitor.links[mode].connect()
        await self._until_right()

    def _report(self) -> None:
        """Have both servers list the world as it is now."""
        self.stage.tws.answers.update(self.world.answers())
        self.stage.hammer.account = self.world.account()
        self.stage.hammer.quotes = dict(self.world.hammer_quotes())

    def _tell(self, messages: list[Message], how: str) -> None:
        self._report()
        if how != "not at all":
            told = messages[::-1] if how == "reversed" else messages
            self.stage.tws.send(*told, *(told if how == "twice" else ()))
        self._do(self._until_right())

    async def _until_right(self) -> None:
        complaints: list[str] = []
        looks = itertools.count(1)

        def is_right() -> bool:
            complaints[:] = self._complaints()
            look = next(looks)
            if complaints and look % 20 == 0:
                # Not so often that an order which ended wrongly leaves the table.
                self.stage.clock.advance(PASSES_S if look <= 60 else 0.0)
                self.stage.monitor.refresh()
            return not complaints

        try:
            await until(is_right, what="what every output says")
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *complaints])) from None
        await self._until_streamed(self._early)

    async def _until_streamed(self, events: Events) -> None:
        """Wait until what this reader was sent adds up to what is reported now."""

        def is_whole() -> bool:
            both = [right_outputs.snapshot_of(self.stage, mode) for mode in (GUN, HAMMER)]
            return all(
                events.state.get(kind) == right_outputs.by_key([*both[0][kind], *both[1][kind]])
                for kind in KINDS
            )

        await until(is_whole, what="the stream")

    def _complaints(self) -> list[str]:
        world, stage = self.world, self.stage
        stage.window.show_now()
        login, own = (right_outputs.snapshot_of(stage, mode) for mode in (GUN, HAMMER))
        wrong = [
            *right_outputs.wrong_snapshot(world, login),
            *right_outputs.wrong_own_account(world, own),
            *right_outputs.wrong_fills(world, stage),
        ]
        return wrong or [*right_outputs.wrong_cells(stage, [login, own])]

    # At IBKR.

    @rule(account=accounts, symbol=symbols, side=sides, size=shares, how=tellings)
    def share_is_traded(self, account: str, symbol: str, side: str, size: int, how: str) -> None:
        self._tell(self.world.trade(account, symbol, side, size), how)

    @rule(account=accounts, symbol=symbols, side=sides, size=shares, how=tellings)
    def order_is_placed(self, account: str, symbol: str, side: str, size: int, how: str) -> None:
        self._tell(self.world.order(account, symbol, side, size), how)

    @precondition(lambda self: self.world.orders)
    @rule(pick=picks, size=shares, how=tellings)
    def order_fills(self, pick: int, size: int, how: str) -> None:
        self._tell(self.world.fill(self._order(pick), size), how)

    @precondition(lambda self: self.world.orders)
    @rule(pick=picks, cents=st.integers(2300, 2500), how=tellings)
    def order_is_amended(self, pick: int, cents: int, how: str) -> None:
        self._tell(self.world.amend(self._order(pick), cents / 100), how)

    @precondition(lambda self: self.world.orders)
    @rule(pick=picks, how=tellings)
    def order_is_cancelled(self, pick: int, how: str) -> None:
        self._tell(self.world.cancel(self._order(pick)), how)

    @precondition(lambda self: self._standing())
    @rule(pick=picks, how=tellings)
    def execution_is_busted(self, pick: int, how: str) -> None:
        self._tell(self.world.bust(self._execution(pick)), how)

    @precondition(lambda self: self._standing())
    @rule(pick=picks, cents=st.integers(2300, 2500), how=tellings)
    def execution_is_corrected(self, pick: int, cents: int, how: str) -> None:
        self._tell(self.world.correct(self._execution(pick), cents / 100), how)

    @precondition(lambda self: self._standing())
    @rule(pick=picks, cents=st.integers(-100, 500), how=tellings)
    def cost_is_reported(self, pick: int, cents: int, how: str) -> None:
        self._tell(self.world.report_cost(self._execution(pick), cents / 100), how)

    @rule(account=accounts, cents=st.integers(0, 10**8))
    def account_is_worth_something_else(self, account: str, cents: int) -> None:
        self.world.worth[account] = cents / 100
        self._tell([], "not at all")

    @rule()
    def tws_restarts(self) -> None:
        self._report()
        self._do(self._lose_tws())
        self._do(self._until_right())

    async def _lose_tws(self) -> None:
        tws = self.stage.tws
        connected = tws.asked(_START)
        tws.close_all()
        await until(lambda: tws.asked(_START) > connected, what="the next connection")

    # At HAMMER.

    @rule(symbol=symbols, cents=st.integers(2300, 2500), last=st.integers(-5, 15))
    def price_moves(self, symbol: str, cents: int, last: int) -> None:
        quote = cents / 100, (cents + 10) / 100, (cents + last) / 100
        self.world.quotes[symbol] = quote
        self._report()
        self.stage.hammer.quote(HAMMER_NAMES[symbol], *self.world.hammer_quotes()[HAMMER_NAMES[symbol]])
        self._do(self._until_right())

    @rule(symbol=symbols, size=shares)
    def own_order_is_placed(self, symbol: str, size: int) -> None:
        self._tell_own(self.world.own_order(symbol, size))

    @precondition(lambda self: self._own_orders())
    @rule(pick=picks, status=st.sampled_from(("Filled", "Canceled", "Rejected")), is_lost=st.booleans())
    def own_order_ends(self, pick: int, status: str, *, is_lost: bool) -> None:
        order_id = _picked(self._own_orders(), pick)
        self.world.own_end(order_id, status)
        if is_lost:
            self.hammer_restarts()
        else:
            self._tell_own(order_id)

    @rule()
    def hammer_restarts(self) -> None:
        self._report()
        self._do(self._lose_hammer())
        self._do(self._until_right())

    async def _lose_hammer(self) -> None:
        hammer = self.stage.hammer

        def connected() -> int:
            return sum(command["cmd"] == "connect" for command in hammer.received)

        before = connected()
        await hammer.close_all()
        await until(lambda: connected() > before, what="the next connection")

    def _tell_own(self, order_id: str) -> None:
        self._report()
        update = {
            "accountKey": KEY,
            "setOrChange": "change",
            "transactions": [self.world.own_orders[order_id]],
        }
        self.stage.hammer.send("transactionsUpdate", update)
        self._do(self._until_right())

    def _order(self, pick: int) -> int:
        return _picked(list(self.world.orders), pick)

    def _execution(self, pick: int) -> Executed:
        return _picked(self._standing(), pick)

    def _standing(self) -> list[Executed]:
        """Executions that are not busted, of no order that is known."""
        return [each for each in self.world.executions if each.shares and each.perm_id >= 9000]

    def _own_orders(self) -> list[str]:
        return [key for key, order in self.world.own_orders.items() if order["StatusID"] == "Open"]

    # At the end.

    def teardown(self) -> None:
        try:
            if self._is_sound:
                self._do(self._judge_the_others())
        finally:
            self._loop.run_until_complete(self._stack.aclose())
            asyncio.set_event_loop(None)
            self._loop.close()

    async def _judge_the_others(self) -> None:
        reported = right_outputs.snapshot_of(self.stage, GUN)
        for path, kind in zip(("positions", "orders", "summary"), KINDS, strict=True):
            answer = await self._api.get(f"account/ibkr/{path}", params={"account_type": GUN.value})
            assert answer.status_code == 200, answer.text
            assert answer.json()[kind] == reported[kind]
        async with followed(self._api) as late:
            await self._until_streamed(late)
        numbers = [number for number, _, _ in self._early.seen]
        assert numbers == sorted(set(numbers)), "an event came twice, or late"
        assert list(right_outputs.wrong_lines(self.world, await self._exported())) == []

    async def _exported(self) -> list[dict[str, str]]:
        journal, file = Journal(self._journal), self._journal.with_suffix(".csv")
        day = self.stage.clock().date()
        try:
            await journal.export_fills(file, [], day, day, datetime(2026, 12, 1, tzinfo=UTC))
        finally:
            await journal.close()
        return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))


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


def _picked(items: Sequence[Item], pick: int) -> Item:
    return items[pick % len(items)]


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
    form = settings(
        max_examples=LONG_STORIES if is_long else SHORT_STORIES,
        stateful_step_count=LONG_STEPS if is_long else SHORT_STEPS,
        deadline=None,
        database=None,
        # How long things take is not the same twice: a shorter story may be another one.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(seed(number)(Story), settings=form)
