"""The orders of Hammer Pro's own account between two reports of them."""

from typing import Any

import msgspec

from psf_monitor.hammer.account.order_list import OrderList

KEY = "ALARIC:TOPI000000A1"


def order(order_id: int | None, **differs: Any) -> dict[str, Any]:
    plain = {"OrderID": order_id, "Symbol": "CIM-B", "Action": "Buy", "QTY": 100, "StatusID": "Open"}
    return {**plain, **differs}


def report(orders: OrderList, how: str, *transactions: dict[str, Any]) -> None:
    result = {"accountKey": KEY, "setOrChange": how, "transactions": transactions}
    orders.apply_update(msgspec.Raw(msgspec.json.encode(result)), KEY)


def test_that_of_a_thousand_orders_only_the_one_that_changed_is_read_again() -> None:
    orders = OrderList("transactions", "getTransactions")
    report(orders, "set", *(order(n) for n in range(1, 1001)))
    before = orders.orders()
    report(orders, "change", order(7, FilledQTY=40))
    after = orders.orders()
    assert [now.order_id for was, now in zip(before, after, strict=True) if now is not was] == ["7"]
    assert after[6].read.filled == 40


def test_that_a_list_that_says_the_same_is_not_read_again() -> None:
    orders = OrderList("transactions", "getTransactions")
    without_ids = [order(None), order(None, LimitPrice=24.4)]
    report(orders, "set", order(1), order(2), *without_ids)
    before = orders.orders()
    report(orders, "set", order(2, QTY=300), order(1), *without_ids)
    after = {(each.order_id, each.twin): each for each in orders.orders()}
    assert {each.order_id for each in before if after[each.order_id, each.twin] is not each} == {"2"}
    assert after["2", 0].read.quantity == 300
