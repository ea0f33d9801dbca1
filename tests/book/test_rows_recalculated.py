"""In a large book only the rows with news are recalculated."""

from collections.abc import Callable

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.position import Position
from psf_monitor.domain.quote import Quote
from tests.support.records import GUN, PED, Clock, order, position

MANY = 300
ACCOUNT = {GUN: "U1240821", PED: "U7654037"}


def name(number: int) -> str:
    return f"S{number:03d} PRA"


def held(mode: AccountMode) -> list[Position]:
    return [position(name(n), 100, 19.0, con_id=n + 1, account=ACCOUNT[mode], mode=mode) for n in range(MANY)]


@pytest.fixture
def book() -> Book:
    """Return a book of two logins with many positions, all calculated and drained."""
    clock = Clock()
    book = Book(clock)
    book.attach_fills(Fills(clock))
    for mode in (GUN, PED):
        book.accounts_named(mode, [ACCOUNT[mode]])
        book.positions_replaced(mode, held(mode))
    book.symbols_requested({name(n): name(n) for n in range(MANY)})
    book.quotes_live()
    book.drain()
    assert not book.tables.waiting
    return book


def rows_due(book: Book, what: Callable[[], None]) -> int:
    book.drain()
    what()
    return book.tables.waiting


def test_that_a_new_share_recalculates_no_other_row(book: Book) -> None:
    def reported() -> None:
        book.order_changed(GUN, order("NEW PRA", perm_id=7))
        book.symbols_requested({name(n): name(n) for n in range(MANY)} | {"NEW PRA": "NEW-A"})

    assert rows_due(book, reported) <= 2
    assert [row.hammer_symbol for row in book.order_rows()] == ["NEW-A"]


def test_that_a_share_unknown_to_hammer_recalculates_no_other_row(book: Book) -> None:
    assert rows_due(book, lambda: book.symbols_refused(frozenset({name(5)}))) == 2
    assert rows_due(book, lambda: book.symbols_refused(frozenset())) == 2


def test_that_the_volume_of_a_share_recalculates_no_other_row(book: Book) -> None:
    assert rows_due(book, lambda: book.volumes_changed({name(5): 10_000.0})) == 2


def test_that_a_quote_recalculates_the_rows_of_its_share(book: Book) -> None:
    assert rows_due(book, lambda: book.quotes_changed({name(5): Quote(bid=20.0, ask=20.02)})) == 2


def test_that_a_gap_in_one_logins_day_recalculates_no_row_of_the_other(book: Book) -> None:
    why = "Nothing was received from 10:00 to 10:05."
    assert rows_due(book, lambda: book.trades_unknown(PED, why, {})) == MANY
    gaps = {row.mode: row.day_gap for row in book.position_rows()}
    assert gaps == {GUN: "", PED: why}


def test_that_changes_by_time_alone_are_known_before_any_row_is_recalculated() -> None:
    clock = Clock()
    book = Book(clock)
    book.accounts_named(GUN, [ACCOUNT[GUN]])
    book.orders_replaced(GUN, [order(name(n), perm_id=1 + n) for n in range(MANY)])
    book.drain()
    # The session ends: what an order waits for is another.
    clock.advance(8 * 3600)
    book.settle((), 0)
    assert book.tables.waiting == MANY
    book.settle((), MANY - 1)
    assert book.tables.waiting == 1
    book.drain()
    assert (book.tables.waiting, book.tables.is_behind) == (0, False)
