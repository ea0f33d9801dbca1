"""Accounts that HAMMER refuses, does not have, or describes unreadably."""

import asyncio

import pytest

from psf_monitor.book.book import Book
from psf_monitor.connection.errors import UNFORESEEN
from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.account.errors import NO_ACCOUNT, refused
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer.account import OwnAccount
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.account.hammer_account import HELD, MODE, held, is_loaded, rows
from tests.hammer.running_adapter import RecordingSink, adapter_of, connected, running
from tests.support.records import GUN, position
from tests.support.scripted_hammer import ScriptedHammer
from tests.support.waiting import until


async def test_that_without_an_account_prices_go_on_and_the_reason_is_reported(
    hammer: SimHammer, adapter: HammerAdapter, book: Book, own: OwnAccount
) -> None:
    hammer.accounts.by_key.clear()
    book.positions_replaced(GUN, [position("CIM PRB")])
    async with connected(adapter):
        await until(lambda: book.account_state(MODE).problem)
        assert book.account_state(MODE).problem == NO_ACCOUNT
        assert not book.account_state(MODE).is_loaded
        assert adapter.link.status.state is LinkState.READY
        # Set up later, it is found without a reconnect.
        hammer.accounts.by_key[own.key] = own
        await until(lambda: is_loaded(book))
        await until(lambda: book.account_state(MODE).problem is None)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("startTradingAccount", "did not start its account. It says: the broker is not logged in."),
        ("getPositions", "did not report the positions. It says: the broker is not logged in."),
        ("getTransactions", "did not report the transactions. It says: the broker is not logged in."),
        ("getBalances", "did not report the balances. It says: the broker is not logged in."),
    ],
)
async def test_that_a_refusal_is_reported_and_tried_again(
    impatient: HammerAdapter, own: OwnAccount, book: Book, command: str, message: str
) -> None:
    own.refuses.add(command)
    async with connected(impatient):
        await until(lambda: str(book.account_state(MODE).problem) == f"Hammer Pro {message}")
        assert not is_loaded(book)
        own.refuses.clear()
        await until(lambda: is_loaded(book) and book.account_state(MODE).problem is None)
        assert held(book) == HELD


@pytest.mark.parametrize("nothing", [None, "", [], {}], ids=str)
async def test_that_a_refusal_without_a_reason_quotes_nothing(
    sink: RecordingSink, market: Market, nothing: object
) -> None:
    async with ScriptedHammer({"CIM-B": [24.5, 24.6, 24.55, 24.4]}) as hammer:
        hammer.refuses = {"subscribe": nothing}
        adapter = adapter_of(hammer, sink, market.clock)
        adapter.set_wanted(["CIM PRB"])
        async with running(adapter):
            adapter.link.connect()
            await until(lambda: "(CIM-B): no reason given." in str(adapter.link.status.warning))
    assert str(refused("list its accounts", "")) == (
        "Hammer Pro did not list its accounts. It gives no reason."
    )


async def test_that_orders_that_are_refused_are_not_an_empty_list(
    impatient: HammerAdapter, own: OwnAccount, book: Book
) -> None:
    own.refuses.add("getTransactions")
    async with connected(impatient):
        await until(lambda: book.account_state(MODE).orders_problem)
        assert book.account_state(MODE).orders_checked_at is None


async def test_that_an_account_that_never_answers_is_reported(
    impatient: HammerAdapter, hammer: SimHammer, book: Book
) -> None:
    hammer.unanswered.add("enumTradingAccounts")
    async with connected(impatient):
        await until(lambda: book.account_state(MODE).problem)
        assert "did not list its accounts: no answer" in str(book.account_state(MODE).problem)


async def test_that_an_unreadable_quantity_is_unknown_and_reported(
    adapter: HammerAdapter, hammer: SimHammer, book: Book
) -> None:
    async with connected(adapter):
        await until(lambda: is_loaded(book))
        hammer.unanswered.add("getPositions")
        hammer.send_raw(
            '{"cmd":"positionsUpdate","result":[{"Symbol":"CIM-B","QTY":"many"},{"Symbol":"SPY","Qty":3}]}'
        )
        await until(lambda: held(book).keys() == {"NLY PRG", "GS PRA", "CIM PRB", "SPY"})
        assert held(book)["CIM PRB"] == (None, None)
        assert rows(book)["CIM PRB"].market_value is None
        assert "HAMMER holds CIM-B in a quantity that cannot be read." in str(
            book.account_state(MODE).problem
        )


async def test_that_an_unreadable_account_is_reported_and_rubbish_is_counted(
    impatient: HammerAdapter, hammer: SimHammer, own: OwnAccount, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "answer", lambda _command: ["none"])
    async with connected(impatient):
        await until(lambda: "in a way that psf_monitor cannot read" in str(book.account_state(MODE).problem))
        monkeypatch.undo()
        await until(lambda: is_loaded(book))
        hammer.send_raw('{"cmd":"transactionsUpdate","result":"none"}')
        await until(lambda: impatient.unreadable_frames == {"unreadable transactions": 1})


async def test_that_an_unforeseen_fault_in_the_account_is_not_swallowed(
    adapter: HammerAdapter, book: Book, monkeypatch: pytest.MonkeyPatch, expected_errors: object
) -> None:
    expected_errors.allow("psf_monitor.connection.supervisor")  # type: ignore[attr-defined]

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(book, "summaries_replaced", fail)
    problems: set[str] = set()

    def note() -> None:
        if adapter.link.status.problem is not None:
            problems.add(adapter.link.status.problem.what)

    adapter.link.when_changed(note)
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: UNFORESEEN.what in problems)
    assert not [task for task in asyncio.all_tasks() if "HAMMER account" in task.get_name()]
