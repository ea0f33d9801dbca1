"""How Hammer Pro's own account is loaded: what HAMMER lacks at first, refuses, or sends in its own form."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.book.rows import AccountState
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.problem import Problem
from psf_monitor.sim.hammer.account import STYLES, OwnAccount, Shape
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.account.hammer_account import HELD, MODE, adapter_of, held, is_loaded, orders
from tests.hammer.passing_time import WatchedClock
from tests.hammer.running_adapter import connected
from tests.support.waiting import until

LISTS = ("getPositions", "getTransactions", "getBalances")


@pytest.fixture
def hammer(hammer_with_account: SimHammer) -> SimHammer:
    return hammer_with_account


@pytest.fixture
def book(market: Market) -> Book:
    return Book(market.clock)


@pytest.fixture
def fills(market: Market) -> Fills:
    return Fills(market.clock)


@pytest.fixture
def adapter(hammer: SimHammer, book: Book, clock: WatchedClock, fills: Fills) -> HammerAdapter:
    return adapter_of(hammer, book, clock, fills=fills)


def state(book: Book) -> AccountState:
    return book.account_state(MODE)


async def test_that_a_share_that_is_listed_in_several_entries_is_held_in_all_of_them(
    adapter: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    own.lots = {"NLY-G": [(300.0, 25.0), (200.0, 24.5)], "GS-A": [(100.0, 22.0), (-300.0, 22.4)]}
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        # What is held long and short was not bought at one price.
        assert held(book) == {"NLY PRG": (500.0, pytest.approx(24.8)), "GS PRA": (-200.0, None)}
        own.lots = {"NLY-G": [(300.0, 25.0), (300.0, 25.0)]}
        own.send_full_list("getPositions")
        await until(lambda: held(book) == {"NLY PRG": (300.0, 25.0), "GS PRA": HELD["GS PRA"]})
        own.lots.clear()
        own.send_full_list("getPositions")
        await until(lambda: held(book) == HELD)


async def test_that_an_answer_without_the_list_is_asked_for_again_and_is_not_nothing(
    adapter: HammerAdapter, own: OwnAccount, hammer: SimHammer, book: Book
) -> None:
    own.not_yet.update(dict.fromkeys(LISTS, 5))
    own.place("Buy", "CIM-B", 300, 24.50)
    async with connected(adapter):
        await until(lambda: len(hammer.commands("getPositions")) > 2)
        assert not state(book).is_loaded
        assert state(book).orders_checked_at is None
        await until(lambda: is_loaded(book))
        assert held(book) == HELD
        assert len(orders(book)) == 1
        assert state(book).problem is None


@pytest.mark.parametrize("marks_sets", [True, False])
@pytest.mark.parametrize("shape", list(Shape))
async def test_that_a_list_that_follows_as_an_update_loads_its_part(
    adapter: HammerAdapter, own: OwnAccount, book: Book, marks_sets: bool, shape: Shape
) -> None:
    own.sent_as_updates.update(LISTS)
    own.marks_sets, own.shape = marks_sets, shape
    own.place("Buy", "CIM-B", 300, 24.50)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        assert held(book) == HELD
        assert len(orders(book)) == 1


async def test_that_symbols_that_hammer_never_reports_are_named_and_still_requested(
    impatient: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    own.not_yet["getPositions"] = 10_000
    async with connected(impatient):
        await until(lambda: state(book).problem)
        assert (
            str(state(book).problem) == "HAMMER does not report its positions yet. They are asked for again."
        )
        assert not state(book).is_loaded
        await until(lambda: state(book).orders_checked_at, what="the orders, which are another part,")
        own.not_yet.clear()
        await until(lambda: held(book) == HELD)
        await until(lambda: state(book).problem is None)


async def test_that_an_empty_first_list_is_believed_when_it_is_reported_twice(
    adapter: HammerAdapter, own: OwnAccount, hammer: SimHammer, book: Book
) -> None:
    own.holdings.clear()
    async with connected(adapter):
        await until(lambda: state(book).is_loaded)
        assert len(hammer.commands("getPositions")) >= 2
        assert held(book) == {}


@pytest.mark.parametrize("shape", list(Shape))
async def test_that_an_empty_first_list_before_the_real_one_is_not_shown(
    adapter: HammerAdapter, own: OwnAccount, book: Book, shape: Shape
) -> None:
    own.shape = shape
    own.empty_first.update(dict.fromkeys(LISTS, 1))
    own.place("Buy", "CIM-B", 300, 24.50)
    seen: set[int] = set()
    async with connected(adapter):

        def is_reported() -> bool:
            if state(book).is_loaded:
                seen.add(len(held(book)))
            if state(book).orders_checked_at is not None:
                seen.add(1 + len(orders(book)))
            return is_loaded(book)

        await until(is_reported)
    assert seen == {2}


async def test_that_a_set_loads_a_part_that_is_empty(
    adapter: HammerAdapter, own: OwnAccount, hammer: SimHammer, book: Book
) -> None:
    hammer.unanswered.add("getTransactions")
    async with connected(adapter):
        await until(lambda: state(book).is_loaded)
        own.send_full_list("getTransactions")
        await until(lambda: state(book).orders_checked_at)
        assert orders(book) == {}


async def test_that_a_change_alone_loads_nothing(
    adapter: HammerAdapter, own: OwnAccount, hammer: SimHammer, book: Book
) -> None:
    own.not_yet["getTransactions"] = 10_000
    own.place("Buy", "CIM-D", 100, 23.0)
    async with connected(adapter):
        await until(lambda: state(book).is_loaded)
        placed = own.place("Buy", "CIM-B", 300, 24.50)
        asked = len(hammer.commands("getTransactions"))
        await until(lambda: len(hammer.commands("getTransactions")) > asked + 1)
        assert state(book).orders_checked_at is None, "one of two orders is not the list"
        own.not_yet.clear()
        await until(lambda: len(orders(book)) == 2)
        assert placed.order_id in orders(book)


@pytest.mark.parametrize("command", ["startTradingAccount", "subscribe"])
async def test_that_an_account_that_is_up_reports_whatever_is_refused_of_opening_it(
    adapter: HammerAdapter, own: OwnAccount, book: Book, command: str
) -> None:
    own.is_started = True
    own.refuses.add(command)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        assert held(book) == HELD
        assert state(book).problem is None


async def test_that_a_start_that_fails_at_first_is_tried_again(
    adapter: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    own.fails_first["startTradingAccount"] = 3
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        assert held(book) == HELD
        await until(lambda: state(book).problem is None)


async def test_that_401_until_the_account_is_up_is_no_problem(
    hammer: SimHammer, own: OwnAccount, book: Book, clock: WatchedClock
) -> None:
    adapter = adapter_of(hammer, book, clock)
    own.fails_first.update(dict.fromkeys(LISTS, 2))
    problems: set[Problem | None] = set()
    async with connected(adapter):

        def is_reported() -> bool:
            problems.add(state(book).problem)
            return is_loaded(book)

        await until(is_reported)
    assert problems == {None}


@pytest.mark.parametrize("part", ["positions", "transactions", "balances"])
async def test_that_a_refused_subscription_costs_neither_the_part_nor_the_others(
    adapter: HammerAdapter,
    own: OwnAccount,
    book: Book,
    part: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    own.refuses.add(f"subscribe {part}")
    buy = own.place("Buy", "CIM-B", 300, 24.50)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        assert f"did not follow the {part}. It says: the broker is not logged in." in caplog.text
        own.fill(buy, 300, 24.50)
        await until(lambda: held(book).keys() == {"NLY PRG", "GS PRA", "CIM PRB"})
        await until(lambda: book.summaries(MODE)[0].total_cash == 250_000 - 300 * 24.50)
        # Nothing comes of it by itself: it is asked for now and then.
        own.holdings["GS-A"] = (-100.0, 22.31)
        if part == "positions":
            await until(lambda: held(book)["GS PRA"] == (-100, 22.31))


async def test_that_balances_that_are_refused_leave_positions_and_orders(
    impatient: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    own.refuses.add("getBalances")
    async with connected(impatient):
        await until(lambda: state(book).problem)
        assert str(state(book).problem) == (
            "Hammer Pro did not report the balances. It says: the broker is not logged in."
        )
        assert held(book) == HELD
        assert state(book).orders_checked_at is not None
        assert state(book).orders_problem is None


@pytest.mark.parametrize("style", range(STYLES))
@pytest.mark.parametrize("partial", ["Open", "Partial", "PartiallyFilled"])
@pytest.mark.parametrize("sends_is_open", [True, False])
async def test_that_every_working_order_is_shown_however_it_is_reported(
    adapter: HammerAdapter, own: OwnAccount, book: Book, style: int, partial: str, sends_is_open: bool
) -> None:
    own.style, own.partial_status, own.sends_is_open, own.id_form = style, partial, sends_is_open, "AL-{}/x"
    buy, short = own.place("Buy", "CIM-B", 300, 24.50), own.place("SELL_SHORT", "GS-A", 100, None)
    cover = own.place("BUY_TO_COVER", "GS-A", 200, 22.0)
    own.fill(cover, 50, 22.0)
    own.end(own.place("Sell", "NLY-G", 100, 26.0))
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        shown = orders(book)
        assert shown.keys() == {buy.order_id, short.order_id, cover.order_id}
        assert [(o.side, o.quantity, o.filled, o.status) for o in shown.values()] == [
            ("BUY", 300, 0, "Submitted"),
            ("SELL", 100, 0, "Submitted"),
            ("BUY", 200, 50, "Submitted"),
        ]
        assert held(book) == {"NLY PRG": (500.0, 25.02), "GS PRA": (-150.0, 22.31)}


async def test_that_times_without_a_zone_are_utc(
    adapter: HammerAdapter, own: OwnAccount, fills: Fills, market: Market
) -> None:
    own.sends_zone = False
    own.fill(own.place("Buy", "CIM-B", 300, 24.50), 100, 24.50)
    async with connected(adapter):
        await until(lambda: fills.state(MODE).as_of)
        assert [fill.at for fill in fills.fills()] == [market.clock()]
        assert market.clock() < datetime.now(UTC)


async def test_that_an_execution_without_a_time_keeps_no_time(
    hammer: SimHammer, own: OwnAccount, book: Book, clock: WatchedClock
) -> None:
    reported: list[Fill] = []

    class Executions:
        def fills_reported(self, _mode: AccountMode, fills: Sequence[Fill]) -> None:
            reported.extend(fills)

        def fills_listed(
            self, _mode: AccountMode, _accounts: Sequence[str], _reach: object = None
        ) -> None: ...
        def fills_unavailable(self, _mode: AccountMode, _why: Problem) -> None: ...

    own.sends_times = False
    own.fill(own.place("Buy", "CIM-B", 300, 24.50), 100, 24.51)
    async with connected(adapter_of(hammer, book, clock, fills=Executions())):
        await until(lambda: is_loaded(book))
        assert [(fill.quantity, fill.price, fill.at) for fill in reported] == [(100, 24.51, None)]


async def test_that_one_unreadable_position_costs_that_one_and_is_reported(
    adapter: HammerAdapter, own: OwnAccount, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = own.answer

    def with_rubbish(command: str) -> object:
        reported = whole(command)
        if command == "getPositions":
            reported["positions"].append(None)
        return reported

    monkeypatch.setattr(own, "answer", with_rubbish)
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        assert held(book) == HELD
        assert (
            str(state(book).problem)
            == "HAMMER reports 1 of its positions in a way that psf_monitor cannot read."
        )
        assert adapter.link.status.state is LinkState.READY
