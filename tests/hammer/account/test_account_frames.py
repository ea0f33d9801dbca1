"""The later report wins: answers and updates of Hammer Pro's own account in any order of their frames."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from psf_monitor.book.book import Book
from psf_monitor.domain.account import AccountMode, AccountSection, AccountSummary
from psf_monitor.domain.orders.order import Order
from psf_monitor.domain.position import Position
from psf_monitor.hammer.account.account import HammerAccount
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.messages import AccountUpdate, Reply, decode, encode
from psf_monitor.hammer.symbols import SymbolTable
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.problem import Problem
from psf_monitor.sim.hammer.account import OwnAccount
from psf_monitor.sim.hammer.server import SimHammer
from tests.hammer.account.hammer_account import MODE, held, is_loaded, orders
from tests.hammer.running_adapter import connected
from tests.support.waiting import until


def asked(hammer: SimHammer) -> dict[str, int]:
    names = ("getPositions", "getTransactions", "getBalances")
    return {name: len(hammer.commands(name)) for name in names}


async def all_are_asked(hammer: SimHammer, before: dict[str, int]) -> None:
    await until(lambda: all(count > before[name] for name, count in asked(hammer).items()))


async def test_that_an_update_overtaken_by_an_older_answer_is_kept(
    adapter: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book
) -> None:
    order = own.place("Sell", "NLY-G", 500, 25.45)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        own.hold_answers()
        before = asked(hammer)
        own.fill(order, 200, 25.45)
        await all_are_asked(hammer, before)
        # The answers are written, with 300 held and working, and under way.
        own.fill(order, 300, 25.46)
        await until(lambda: "NLY PRG" not in held(book))
        seen: set[float] = set()
        before = asked(hammer)
        own.release_answers()

        def is_asked_again() -> bool:
            seen.update(quantity or 0 for symbol, (quantity, _) in held(book).items() if symbol == "NLY PRG")
            seen.update(o.remaining or 0 for o in orders(book).values() if o.status == "Submitted")
            return all(count > before[name] for name, count in asked(hammer).items())

        await until(is_asked_again)
        assert seen == set()
        assert book.summaries(MODE)[0].total_cash == 250_000 + 200 * 25.45 + 300 * 25.46


async def test_that_an_update_in_the_same_turn_as_the_preceding_answer_is_kept(
    adapter: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book
) -> None:
    order = own.place("Sell", "NLY-G", 500, 25.45)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        before = asked(hammer)
        own.fill(order, 200, 25.45)
        hammer.stall()
        await all_are_asked(hammer, before)
        own.fill(order, 300, 25.46)
        hammer.resume()
        await until(lambda: "NLY PRG" not in held(book))
        await until(lambda: orders(book)[order.order_id].status == "Filled")
        await until(lambda: book.summaries(MODE)[0].total_cash == 250_000 + 200 * 25.45 + 300 * 25.46)


async def test_that_a_part_reported_only_with_an_order_is_requested_for_all_parts(
    adapter: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book
) -> None:
    own.mutes.update({"positionsUpdate", "balancesUpdate"})
    order = own.place("Sell", "NLY-G", 500, 25.45)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        own.hold_answers()
        before = asked(hammer)
        own.fill(order, 200, 25.45)
        await all_are_asked(hammer, before)
        own.fill(order, 300, 25.46)
        own.release_answers()
        await until(lambda: "NLY PRG" not in held(book))
        await until(lambda: book.summaries(MODE)[0].total_cash == 250_000 + 200 * 25.45 + 300 * 25.46)


KEY = "A1"
NAMES = ("CIM-B", "GS-A", "SPY")
GONE = 0


class Server:
    """Hammer Pro with one position and one order a name, each figure the number of the change that made it.

    An answer is written at one moment and sent at a later one; frames are read in the order they were sent.
    """

    def __init__(self) -> None:
        self.changes = 0
        self.positions = dict.fromkeys(NAMES, GONE)
        self.orders = dict.fromkeys(NAMES, GONE)
        self.cash = 0
        self.history: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self.line: list[tuple[bytes, asyncio.Future[Reply] | None, Any]] = []
        self.questions: list[tuple[str, str, asyncio.Future[Reply]]] = []
        self.written: list[tuple[bytes, asyncio.Future[Reply]]] = []
        self.asked = 0

    def change(self, part: str, name: str, *, is_gone: bool) -> None:
        self.changes += 1
        figure = GONE if is_gone and part != "balances" else self.changes
        if part == "positions":
            self.positions[name] = figure
        elif part == "transactions":
            self.orders[name] = figure
        else:
            self.cash = figure
        self.history.setdefault((part, name), [(0, GONE)]).append((self.changes, figure))

    def report(self, part: str, name: str) -> None:
        fields: dict[str, Any] = {"accountKey": KEY}
        if part == "positions":
            fields["positions"] = [self._position(name)]
        elif part == "transactions":
            fields |= {"setOrChange": "change", "transactions": [self._order(name)]}
        else:
            fields["Cash"] = self.cash
        frame = json.dumps({"cmd": f"{part}Update", "result": fields}).encode()
        number, _figure = self.history[part, name][-1]
        self.line.append((frame, None, (part, name, number)))

    async def ask(self, command: str, wait_s: float, **fields: Any) -> Reply | None:
        assert wait_s > 0
        assert encode(command, "1", fields)
        assert not fields.get("forceRefresh")
        self.asked += 1
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self.questions.append((command, str(self.asked), answer))
        return await answer

    def write(self, place: int) -> None:
        command, request_id, answer = self.questions.pop(place % len(self.questions))
        reply = {"cmd": command, "reqID": request_id, "success": "OK", "result": self._result(command)}
        self.written.append((json.dumps(reply).encode(), answer))

    def send(self, place: int) -> None:
        frame, answer = self.written.pop(place % len(self.written))
        self.line.append((frame, answer, None))

    def _result(self, command: str) -> Any:
        if command == "enumTradingAccounts":
            return [{"accountKey": KEY, "accountID": KEY, "accountNick": ""}]
        if command == "getPositions":
            return [self._position(name) for name, figure in self.positions.items() if figure != GONE]
        if command == "getTransactions":
            return {
                "setOrChange": "set",
                "transactions": [self._order(n) for n, f in self.orders.items() if f],
            }
        return {"accountKey": KEY, "Cash": self.cash} if command == "getBalances" else "OK"

    def _position(self, name: str) -> dict[str, Any]:
        return {"Symbol": name, "QTY": self.positions[name], "Paid": 20}

    def _order(self, name: str) -> dict[str, Any]:
        figure = self.orders[name]
        status = "Open" if figure != GONE else "Canceled"
        return {"OrderID": name, "Symbol": name, "Action": "Buy", "LimitPrice": figure, "StatusID": status}


class Shown:
    """What was last reported; a part that was not reported is ``None``."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, float]] = {}

    def positions_replaced(self, _mode: AccountMode, positions: Sequence[Position]) -> None:
        self.parts["positions"] = {p.instrument.symbol: p.quantity for p in positions if p.quantity}

    def orders_replaced(self, _mode: AccountMode, orders: Sequence[Order]) -> None:
        self.parts["transactions"] = {o.hammer_id: o.limit_price or 0 for o in orders}

    def summaries_replaced(self, _mode: AccountMode, summaries: Sequence[AccountSummary]) -> None:
        self.parts["balances"] = dict.fromkeys(NAMES, summaries[0].total_cash or 0)

    def accounts_named(self, _mode: AccountMode, _accounts: Sequence[str]) -> None: ...
    def order_changed(self, _mode: AccountMode, _order: Order) -> None: ...
    def orders_unavailable(self, _mode: AccountMode, why: Problem) -> None: ...
    def account_lost(
        self, _mode: AccountMode, _since: datetime, _of: AccountSection | None = None
    ) -> None: ...
    def account_dropped(self, _mode: AccountMode) -> None: ...
    def account_problem(self, _mode: AccountMode, why: Problem | None) -> None: ...


class Interleaving(RuleBasedStateMachine):
    """Changes, answers and updates at random: what is shown is never older than the last update of it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.far, self.shown = Server(), Shown()
        self.read: dict[tuple[str, str], int] = {}
        self.account = HammerAccount(
            self.shown,
            SymbolTable({name: name for name in NAMES}),
            clock=lambda: datetime(2026, 9, 18, 16, tzinfo=UTC),
            timing=HammerTiming(account_soonest_s=0.0, account_again_s=0.0),
        )
        self.serving = self.loop.create_task(self.account.serve(self.far.ask, ""))

    def turn(self) -> None:
        async def turns() -> None:
            for _ in range(12):
                await asyncio.sleep(0)

        self.loop.run_until_complete(turns())
        assert not self.serving.done()

    @initialize(loaded=st.booleans())
    def start(self, loaded: bool) -> None:
        self.far.change("positions", "SPY", is_gone=False)
        self.far.change("transactions", "SPY", is_gone=False)
        self.far.change("balances", "SPY", is_gone=False)
        self.turn()
        if loaded:
            self.settle()

    @rule(
        part=st.sampled_from(["positions", "transactions", "balances"]),
        name=st.sampled_from(NAMES),
        is_gone=st.booleans(),
        is_reported=st.booleans(),
    )
    def change(self, part: str, name: str, is_gone: bool, is_reported: bool) -> None:
        name = "SPY" if part == "balances" else name
        self.far.change(part, name, is_gone=is_gone)
        if is_reported:
            self.far.report(part, name)

    @precondition(lambda self: self.far.questions)
    @rule(place=st.integers(0, 5))
    def write(self, place: int) -> None:
        self.far.write(place)

    @precondition(lambda self: self.far.written)
    @rule(place=st.integers(0, 5))
    def send(self, place: int) -> None:
        self.far.send(place)

    @precondition(lambda self: self.far.line)
    @rule(count=st.integers(1, 4))
    def read_in_one_turn(self, count: int) -> None:
        for frame, answer, reported in self.far.line[:count]:
            message = decode(frame)
            if isinstance(message, AccountUpdate):
                self.account.apply(message.command, message.result)
                part, name, number = reported
                self.read[part, name] = number
            else:
                assert isinstance(message, Reply)
                assert answer is not None
                answer.set_result(message)
        del self.far.line[:count]
        self.turn()

    @invariant()
    def nothing_shown_is_older_than_the_last_update_of_it(self) -> None:
        for (part, name), number in self.read.items():
            if part in self.shown.parts:
                figure = self.shown.parts[part].get(name, GONE)
                history = self.far.history[part, name]
                assert any(f == figure for n, f in history if n >= number), (part, name, figure, history)

    def settle(self) -> None:
        """Everything asked is answered and read, until a list of each part was written after all changes."""
        for _ in range(4):
            while self.far.line or self.far.questions or self.far.written:
                for _ in tuple(self.far.questions):
                    self.far.write(0)
                for _ in tuple(self.far.written):
                    self.far.send(0)
                self.read_in_one_turn(len(self.far.line))
                self.nothing_shown_is_older_than_the_last_update_of_it()
                if not self.far.questions:
                    break
            self.turn()

    def teardown(self) -> None:
        try:
            for part in ("positions", "transactions", "balances"):
                # A word about each part: what was changed without a word comes to light with it.
                self.far.report(part, "SPY")
            self.settle()
            far = self.far
            assert self.shown.parts["positions"] == {n: f for n, f in far.positions.items() if f}
            assert self.shown.parts["transactions"] == {n: f for n, f in far.orders.items() if f}
            assert set(self.shown.parts["balances"].values()) == {far.cash}
        finally:
            self.serving.cancel()
            self.loop.run_until_complete(asyncio.gather(self.serving, return_exceptions=True))
            self.loop.close()


def test_that_nothing_shown_is_older_than_the_last_update_of_it(request: pytest.FixtureRequest) -> None:
    stories = 3000 if request.config.getoption("--long") else 40
    form = settings(max_examples=stories, stateful_step_count=60, deadline=None)
    run_state_machine_as_test(Interleaving, settings=form)
