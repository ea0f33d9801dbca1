"""What one profile holds, if another holds the same; and whom a repeated list wakes."""

from msgspec.structs import replace

from psf_monitor.book.book import Book
from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.orders.order import Order
from psf_monitor.problem import Problem
from tests.support.records import GUN, NOON, PED, Clock, order, position

ONE = order(perm_id=1)


def test_that_rows_of_a_login_reached_twice_return_to_the_first_profile() -> None:
    book = Book(Clock())
    values = AccountSummary(GUN, ONE.account)

    for mode in (GUN, PED):
        book.positions_replaced(mode, [position(mode=mode)])
        book.orders_replaced(mode, [replace(ONE, mode=mode)])
        book.summaries_replaced(mode, [replace(values, mode=mode)])

    def shown() -> list[AccountMode]:
        return [row.mode for row in book.position_rows()] + [row.mode for row in book.order_rows()]

    assert shown() == [GUN, GUN]
    book.account_lost(GUN, NOON)
    assert shown() == [PED, PED]
    book.positions_replaced(GUN, [position()])
    book.orders_replaced(GUN, [ONE])
    assert shown() == [PED, PED]
    book.summaries_replaced(GUN, [values])
    assert shown() == [GUN, GUN]


def test_that_a_list_wakes_somebody_unless_it_repeats_the_one_before() -> None:
    book = Book(Clock())
    woken: list[bool] = []
    book.when_dirty(lambda: woken.append(True))

    def receive(orders: list[Order]) -> bool:
        book.drain()
        woken.clear()
        book.orders_replaced(GUN, orders)
        return bool(woken)

    assert receive([])
    assert not receive([])
    assert receive([ONE])
    assert not receive([replace(ONE)])
    assert receive([])
    book.orders_unavailable(GUN, Problem("TWS does not report."))
    assert receive([])
