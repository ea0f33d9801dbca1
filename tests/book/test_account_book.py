"""What one profile holds: of a list that repeats the one before, nothing is worked out again."""

from msgspec.structs import replace

from psf_monitor.book.account_book import AccountBook
from psf_monitor.book.book import Book
from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.domain.orders.order import Order
from psf_monitor.problem import Problem
from tests.support.records import GUN, NOON, PED, Clock, order, position

ONE, TWO, THREE = order(perm_id=1), order(perm_id=2), order(perm_id=3)


def listed() -> AccountBook:
    side = AccountBook(GUN)
    side.replace_orders([ONE, TWO], NOON)
    return side


def test_that_a_list_that_repeats_the_one_before_touches_no_order() -> None:
    side = listed()
    assert side.replace_orders([replace(TWO), replace(ONE)], NOON) == set()


def test_that_an_order_of_a_list_that_repeats_it_stays_the_same_record() -> None:
    side = listed()
    side.replace_orders([replace(ONE), replace(TWO, limit_price=24.6)], NOON)
    assert side.orders[ONE.key] is ONE
    assert side.orders[TWO.key].limit_price == 24.6


def test_that_a_list_touches_the_orders_that_came_went_or_differ() -> None:
    side = listed()
    amended = replace(TWO, limit_price=24.6)
    assert side.replace_orders([amended, THREE], NOON) == {ONE.key, TWO.key, THREE.key}
    assert side.replace_orders([replace(amended, tif="GTC"), THREE], NOON) == {TWO.key}


def test_that_the_first_list_after_a_loss_touches_every_order() -> None:
    side = listed()
    side.mark_orders_stale(NOON)
    assert side.replace_orders([ONE, TWO], NOON) == {ONE.key, TWO.key}


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
