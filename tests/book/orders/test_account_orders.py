"""The orders of one profile: of a list that repeats the one before, nothing is worked out again."""

from msgspec.structs import replace

from psf_monitor.book.orders.account_orders import AccountOrders
from tests.support.records import NOON, order

ONE, TWO, THREE = order(perm_id=1), order(perm_id=2), order(perm_id=3)


def listed() -> AccountOrders:
    orders = AccountOrders()
    orders.replace_all([ONE, TWO], NOON)
    return orders


def test_that_a_list_that_repeats_the_one_before_touches_no_order() -> None:
    orders = listed()
    assert orders.replace_all([replace(TWO), replace(ONE)], NOON) == set()


def test_that_an_order_of_a_list_that_repeats_it_stays_the_same_record() -> None:
    orders = listed()
    orders.replace_all([replace(ONE), replace(TWO, limit_price=24.6)], NOON)
    assert orders.by_key[ONE.key] is ONE
    assert orders.by_key[TWO.key].limit_price == 24.6


def test_that_a_list_touches_the_orders_that_came_went_or_differ() -> None:
    orders = listed()
    amended = replace(TWO, limit_price=24.6)
    assert orders.replace_all([amended, THREE], NOON) == {ONE.key, TWO.key, THREE.key}
    assert orders.replace_all([replace(amended, tif="GTC"), THREE], NOON) == {TWO.key}


def test_that_the_first_list_after_a_loss_touches_every_order() -> None:
    orders = listed()
    orders.mark_stale(NOON)
    assert orders.replace_all([ONE, TWO], NOON) == {ONE.key, TWO.key}
