"""Orders in the book: working ones, finished ones, and those that left the list."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from psf_monitor.book.book import Book
from psf_monitor.book.orders.account_orders import DONE_STAYS_S, EXPLAINED_WITHIN_S
from psf_monitor.book.orders.working_quantity import NOTHING_WORKS
from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.orders.order import OrderExecution, OrderKey
from psf_monitor.problem import Problem
from tests.book.loaded_book import HAMMER, hammers_own, load, only_order, only_position
from tests.support.records import GUN, NOON, PED, Clock, order


def test_that_working_orders_are_shown_in_the_row_of_their_position(book: Book) -> None:
    load(book)
    book.order_changed(GUN, order(side="SELL", quantity=800, filled=300, perm_id=2))
    row = only_position(book)
    assert (row.working.buy, row.working.sell) == (500, 500)
    book.order_changed(GUN, order(side="SELL", quantity=800, filled=800, perm_id=2, status="Filled"))
    assert only_position(book).working.sell == 0


def test_that_orders_of_the_other_account_are_not_working_here(book: Book) -> None:
    load(book)
    load(book, PED, "U1770037")
    book.orders_replaced(PED, [order(mode=PED, account="U1770037", perm_id=5, quantity=70)])
    book.drain()
    working = {row.mode: row.working.buy for row in book.position_rows()}
    assert working == {GUN: 500, PED: 70}


def test_that_a_finished_order_stays_half_a_minute_and_then_leaves(book: Book, clock: Clock) -> None:
    load(book)
    book.order_changed(GUN, order(status="Filled", filled=500))
    book.orders_replaced(GUN, [])
    clock.advance(29)
    assert only_order(book).status == "Filled"
    clock.advance(1)
    assert book.drain().orders == {order().key: None}


def test_that_a_clock_set_back_keeps_no_ended_order_for_longer(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.drain()
    clock.advance(-3600)
    assert book.drain().notices == ()
    clock.advance(EXPLAINED_WITHIN_S)
    assert len(book.drain().notices) == 1
    clock.advance(DONE_STAYS_S - EXPLAINED_WITHIN_S)
    book.drain()
    assert book.order_rows() == []


def test_that_an_order_that_vanished_is_gone_and_that_is_reported_once(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.orders_replaced(GUN, [])
    assert only_order(book).status == "Gone"
    assert only_order(book).to_fill is None
    assert only_position(book).working == NOTHING_WORKS
    assert book.drain().notices == ()
    clock.advance(EXPLAINED_WITHIN_S)
    text = "order 11 CIM PRB left the list of open orders, reason unknown"
    assert [notice.text for notice in book.drain().notices] == [text]
    clock.advance(DONE_STAYS_S - EXPLAINED_WITHIN_S)
    assert book.drain().notices == ()
    assert book.order_rows() == []


def execution(filled: float, *, perm_id: int = 9001, is_combination: bool = False) -> OrderExecution:
    return OrderExecution(perm_id, is_combination, filled, 24.5)


@pytest.mark.parametrize("is_reported_first", [True, False])
def test_that_executions_report_why_an_order_left_the_list(
    book: Book, clock: Clock, is_reported_first: bool
) -> None:
    load(book)
    if is_reported_first:
        book.order_executed(GUN, execution(500))
    book.orders_replaced(GUN, [])
    book.order_executed(GUN, execution(500))
    row = only_order(book)
    assert (row.status, row.filled, row.remaining) == ("Filled", 500, 0)
    clock.advance(EXPLAINED_WITHIN_S)
    text = "order 11 CIM PRB filled 500 of 500 at 24.50"
    assert [notice.text for notice in book.drain().notices] == [text]


def test_that_the_status_line_writes_id_and_price_as_the_table_does(book: Book) -> None:
    known = order("CIM PRB", order_id=0, perm_id=7001, quantity=12_000, limit_price=24.53)
    book.orders_replaced(GUN, [known])
    book.drain()
    book.order_changed(GUN, replace(known, filled=1_500, average_fill_price=24.5275))
    (notice,) = book.drain().notices
    assert only_order(book).display_id == known.display_id
    assert notice.text == f"order {known.display_id} CIM PRB filled 1,500 of 12,000 at 24.5275"
    assert notice.masked == f"order {known.display_id} CIM PRB filled ••••• of ••••• at 24.5275"


def test_that_a_part_fill_does_not_show_what_became_of_the_rest(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.order_executed(GUN, execution(200))
    row = only_order(book)
    assert (row.status, row.filled, row.remaining) == ("Gone", 200, 300)
    book.drain()
    clock.advance(EXPLAINED_WITHIN_S)
    (notice,) = book.drain().notices
    assert notice.text.endswith("left the list of open orders, reason unknown; filled 200 of 500")
    assert "200" not in notice.masked


def test_that_an_order_that_is_listed_again_was_not_gone(book: Book, clock: Clock) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.orders_replaced(GUN, [order()])
    clock.advance(DONE_STAYS_S)
    assert only_order(book).status == "Submitted"
    assert book.drain().notices == ()


def test_that_the_shares_of_a_leg_are_not_those_of_its_combination(book: Book) -> None:
    load(book)
    book.orders_replaced(GUN, [])
    book.order_executed(GUN, execution(500, is_combination=True))
    book.order_executed(GUN, execution(500, perm_id=9002))
    assert only_order(book).status == "Gone"


def test_that_a_status_comes_from_no_execution_while_the_order_is_listed(book: Book) -> None:
    load(book)
    book.order_executed(GUN, execution(500))
    assert (only_order(book).status, only_order(book).filled) == ("Submitted", 0)


def test_that_unavailable_orders_are_not_an_empty_list(book: Book, clock: Clock) -> None:
    load(book)
    clock.advance(10)
    book.orders_unavailable(GUN, Problem("Orders are not available."))
    assert only_order(book).stale_since == clock()
    assert str(book.account_state(GUN).orders_problem) == "Orders are not available."
    book.orders_replaced(GUN, [order()])
    assert book.account_state(GUN).orders_problem is None


def test_that_only_orders_that_appear_while_we_watch_have_a_time(book: Book, clock: Clock) -> None:
    load(book)
    clock.advance(7)
    book.orders_replaced(GUN, [order(), order(perm_id=2)])
    book.drain()
    placed = {row.perm_id: row.placed_at for row in book.order_rows()}
    assert placed == {9001: None, 2: NOON + timedelta(seconds=7)}


def test_that_orders_that_came_while_the_link_was_lost_have_no_time(book: Book, clock: Clock) -> None:
    load(book)
    book.account_lost(GUN, clock())
    book.orders_replaced(GUN, [order(), order(perm_id=2)])
    book.drain()
    assert {row.placed_at for row in book.order_rows()} == {None}


def test_that_a_fill_is_reported_and_can_be_reported_without_figures(book: Book) -> None:
    load(book)
    book.drain()
    book.order_changed(GUN, order(filled=300, average_fill_price=24.5))
    (notice,) = book.drain().notices
    assert notice.text == "order 11 CIM PRB filled 300 of 500 at 24.50"
    assert not any(figure in notice.masked for figure in ("300", "500"))


def test_that_news_of_an_order_with_a_perm_id_leaves_the_one_without_that_shares_its_ids(book: Book) -> None:
    book.orders_replaced(GUN, [order(perm_id=0, limit_price=24.7), order(perm_id=9001)])
    book.order_changed(GUN, order(perm_id=9001, limit_price=24.6))
    assert sorted(row.limit_price or 0 for row in book.order_rows()) == [24.6, 24.7]


def test_that_an_order_that_gets_its_perm_id_stays_one_row(book: Book) -> None:
    book.orders_replaced(GUN, [order(perm_id=0)])
    book.drain()
    book.order_changed(GUN, order(perm_id=77))
    changes = book.drain()
    assert changes.orders[OrderKey(0, 3, 11, account="U1240821")] is None
    assert [row.perm_id for row in book.order_rows()] == [77]


def test_that_an_order_of_a_renamed_share_works_under_the_new_name_only(book: Book) -> None:
    book.positions_replaced(HAMMER, [hammers_own("CIM PRB"), hammers_own("MS PRK")])
    mine = replace(order(mode=HAMMER, account="A1", perm_id=0, order_id=0), hammer_id="a")
    for symbol in ("CIM PRB", "MS PRK"):
        book.orders_replaced(HAMMER, [replace(mine, instrument=Instrument(0, symbol))])
    book.drain()
    assert {row.symbol: row.working.buy for row in book.position_rows()} == {"CIM PRB": 0, "MS PRK": 500}
