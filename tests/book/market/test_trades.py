"""Prints in, the indicators' figures in the rows and in the detail."""

from datetime import timedelta

import pytest

from psf_monitor.book.book import Book
from psf_monitor.book.rows import PositionRow
from psf_monitor.domain.indicators import Grpan, Window
from psf_monitor.domain.quote import Print, Quote
from tests.support.python_calls import python_calls
from tests.support.records import GUN, NOON, Clock, position

QUOTE = Quote(bid=24.52, ask=24.60, last=24.55, changed_at=NOON, received_at=NOON)
FIGURES = ("grpan", "grpan_concentration", "grpan_deviation", "rwvap_1d", "rwvap_1d_deviation")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> Book:
    book = Book(clock)
    book.positions_replaced(GUN, [position("CIM PRB")])
    book.quotes_live()
    book.quotes_changed({"CIM PRB": QUOTE})
    return book


def row_of(book: Book) -> PositionRow:
    book.drain()
    (row,) = book.position_rows()
    return row


def time_and_sales(*prices: float, ends: float = 0) -> list[Print]:
    return [Print(price, 100, NOON + timedelta(seconds=ends)) for price in prices]


def test_that_without_a_print_no_figure_is_made_up(book: Book) -> None:
    row = row_of(book)
    assert {getattr(row, name) for name in FIGURES} == {None}
    assert book.indicators("CIM PRB") is None
    assert book.trades.prints("CIM PRB") == ()


def test_that_the_row_has_the_latest_grpan_and_the_day_of_rwvap(book: Book) -> None:
    book.prints_changed({"CIM PRB": time_and_sales(24.50, 24.50, 24.50, 24.60, 24.50)})
    row = row_of(book)
    assert (row.grpan, row.grpan_deviation) == (24.50, 0.05)
    assert row.grpan_concentration == pytest.approx(80)
    assert row.rwvap_1d == pytest.approx(24.52)
    assert row.rwvap_1d_deviation == pytest.approx(0.03)


def test_that_the_detail_has_every_window_and_the_last_prints(book: Book) -> None:
    prints = time_and_sales(24.50, 24.50, 24.50, 24.60, 24.50)
    book.prints_changed({"CIM PRB": prints})
    found = book.indicators("CIM PRB")
    assert found is not None
    assert found.grpan[Window.TEN_MINUTES] == Grpan(24.50, pytest.approx(80), 5)  # type: ignore[arg-type]
    assert book.trades.prints("CIM PRB") == prints


def test_that_a_symbol_with_constant_prints_is_recalculated_once_a_second(book: Book, clock: Clock) -> None:
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    assert row_of(book).grpan == 24.50
    clock.advance(0.9)
    book.prints_changed({"CIM PRB": time_and_sales(24.50, 24.60, 24.60)})
    assert row_of(book).grpan == 24.50
    clock.advance(0.1)
    assert row_of(book).grpan == 24.60


def test_that_the_deviation_follows_every_quote(book: Book) -> None:
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    book.drain()
    book.quotes_changed({"CIM PRB": Quote(bid=24.52, ask=24.60, last=24.58)})
    assert row_of(book).grpan_deviation == 0.08


def test_that_a_print_that_grew_too_old_leaves_the_row_without_further_news(book: Book, clock: Clock) -> None:
    book.prints_changed(
        {"CIM PRB": [*time_and_sales(20.00, ends=-86_400 + 30), *time_and_sales(*[24.50] * 5)]}
    )
    assert row_of(book).rwvap_1d == pytest.approx(23.75)
    clock.advance(60)
    assert row_of(book).rwvap_1d == 24.50


def test_that_a_symbol_without_prints_costs_nothing_again(book: Book, clock: Clock) -> None:
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    book.drain()
    clock.advance(5)
    assert book.drain().positions == {}
    before = book.indicators("CIM PRB")
    assert book.indicators("CIM PRB") is before
    clock.advance(1)
    assert book.indicators("CIM PRB") is not before


def test_that_figures_are_calculated_again_after_the_clock_was_set_back(book: Book, clock: Clock) -> None:
    clock.advance(4 * 3600)
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    assert row_of(book).grpan == 24.50
    before = book.indicators("CIM PRB")
    clock.advance(-4 * 3600)
    book.prints_changed({"CIM PRB": time_and_sales(24.60, 24.60)})
    assert row_of(book).grpan == 24.60
    assert book.indicators("CIM PRB") is not before


def test_that_a_second_without_a_print_costs_the_same_for_any_number_of_shares(clock: Clock) -> None:
    def calls(count: int) -> int:
        symbols = [f"S{number} PRA" for number in range(count)]
        book = Book(clock)
        book.positions_replaced(GUN, [position(symbol) for symbol in symbols])
        book.prints_changed({symbol: time_and_sales(24.50) for symbol in symbols})
        book.drain()
        clock.advance(5)
        book.drain()
        clock.advance(1)
        return python_calls(book.drain)

    assert calls(200) == calls(5)


def test_that_prints_above_the_traders_average_volume_are_left_out(book: Book, clock: Clock) -> None:
    book.prints_changed({"CIM PRB": [*time_and_sales(*[24.50] * 5), Print(30.0, 5_000, NOON)]})
    assert row_of(book).rwvap_1d != 24.50
    book.volumes_changed({"CIM PRB": 4_999})
    clock.advance(1)
    assert row_of(book).rwvap_1d == 24.50


def test_that_prints_leave_with_hammer_and_with_the_share(book: Book) -> None:
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    book.quotes_dropped()
    assert row_of(book).grpan is None
    assert book.indicators("CIM PRB") is None
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    book.positions_replaced(GUN, [])
    book.symbols_requested({})
    assert book.trades.prints("CIM PRB") == ()


def test_that_removed_prints_leave_no_figure(book: Book) -> None:
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    assert row_of(book).grpan == 24.50
    book.prints_changed({"CIM PRB": ()})
    assert row_of(book).grpan is None


def test_that_an_option_shows_no_figure_of_a_share_with_its_symbol(book: Book) -> None:
    book.positions_replaced(GUN, [position("CIM PRB", con_id=1), position("CIM PRB", con_id=2, kind="OPT")])
    book.prints_changed({"CIM PRB": time_and_sales(24.50)})
    book.drain()
    assert {row.key.con_id: row.grpan for row in book.position_rows()} == {1: 24.50, 2: None}
