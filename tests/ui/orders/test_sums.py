"""What selected or filtered orders can still trade, as shown while they are selected."""

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt

from psf_monitor.book.sums.order_sums import order_sums
from psf_monitor.formatting import HIDDEN
from tests.support.records import GUN, instrument, order
from tests.ui.rows import an_order
from tests.ui.window import WindowUnderTest


def test_that_sides_are_summed_apart_at_their_limits() -> None:
    rows = [an_order(), an_order(limit_price=24.0, remaining=100.0), an_order(side="SELL", limit_price=None)]
    buy, sell = order_sums(rows)
    assert (buy.side, buy.orders, buy.remaining, buy.value) == ("BUY", 2, 600, 500 * 24.52 + 2400)
    assert (sell.remaining, sell.value) == (500, None)


def test_that_an_unknown_remainder_is_named_and_an_excluded_order_in_no_sum() -> None:
    (buy,) = order_sums([an_order(), an_order(remaining=None), an_order(is_excluded=True)])
    assert (buy.remaining, buy.uncounted, buy.orders) == (500, 1, 2)


def test_that_currencies_are_not_added() -> None:
    (buy,) = order_sums([an_order(), an_order(currency="CAD")])
    assert (buy.value, buy.currency) == (None, None)


def test_that_pence_are_no_pounds_and_an_unknown_unit_has_no_value() -> None:
    pence = an_order(currency="GBP", limit_price=2225.0, remaining=100.0, price_unit=0.01)
    (buy,) = order_sums([pence])
    assert (buy.value, buy.currency) == (2225.0, "GBP")
    (buy,) = order_sums([pence, an_order(currency="GBP", price_unit=None)])
    assert (buy.value, buy.remaining) == (None, 600)


def test_that_of_orders_that_cancel_each_other_the_largest_counts() -> None:
    group: dict[str, Any] = {"side": "SELL", "oca_group": "OC1"}
    rows = [an_order(**group, remaining=400.0), an_order(**group, remaining=300.0, order_type="STP")]
    (sell,) = order_sums([*rows, an_order(**group, remaining=50.0, con_id=7)])
    assert (sell.remaining, sell.together, sell.value) == (450, 2, 450 * 24.52)
    stop = an_order(**group, remaining=400.0, order_type="STP", limit_price=None)
    assert order_sums([*rows, stop])[0].value is None


def test_that_an_order_that_cannot_trade_is_named_and_in_no_sum() -> None:
    idle = [an_order(status=status) for status in ("Inactive", "Cancelled", "Gone", "Filled")]
    odd = [an_order(status="A word of tomorrow"), an_order(remaining=-5.0)]
    (buy,) = order_sums([an_order(), *idle, *odd, an_order(status="Inactive", why_held="locate")])
    assert (buy.orders, buy.remaining, buy.idle, buy.uncounted) == (8, 1000, 4, 2)


def test_that_shares_contracts_and_combinations_are_not_added() -> None:
    spread: dict[str, Any] = {"symbol": "SPY", "kind": "BAG", "price_unit": 1.0, "limit_price": -1.85}
    combos = [an_order(**spread, legs=legs, remaining=5.0) for legs in ("a", "b", "a")]
    sums = order_sums([an_order(), *combos, an_order(kind="OPT", remaining=2.0)])
    found = [(each.of, each.remaining, each.value is None) for each in sums]
    assert found == [("", 500, False), ("SPY combo", 10, True), ("SPY combo", 5, True), ("OPT", 2, True)]


def test_that_the_sentence_names_what_it_does_not_count(ui: WindowUnderTest) -> None:
    orders = [
        order(side="SELL", perm_id=1, oca_group="OC1", quantity=400, limit_price=25.0),
        order(side="SELL", perm_id=2, oca_group="OC1", quantity=400, order_type="STP", limit_price=None),
        order(side="SELL", perm_id=3, status="Inactive"),
        replace(order(side="SELL", perm_id=4, quantity=5), instrument=instrument("SPY", kind="BAG")),
        order(side="SSHORT", perm_id=5),
    ]
    ui.open(GUN, [], orders)
    ui.window.show_now()
    ui.window.orders.view.selectAll()
    assert ui.window.orders.remark.text == (
        "Sum of 5 orders: SELL 400 left, 2 cancel each other, 1 not working"
        "  ·  SELL 5 SPY combo left  ·  SSHORT 0 left, 1 not counted"
    )


def test_that_selected_and_filtered_orders_are_summed(ui: WindowUnderTest) -> None:
    working = [("CIM PRB", 500, 24.5), ("CIM PRD", 100, 23.0), ("MS PRK", 200, 25.0)]
    orders = [order(s, quantity=q, limit_price=p, perm_id=n) for n, (s, q, p) in enumerate(working, start=9)]
    ui.open(GUN, [], orders)
    ui.window.show_now()
    panel = ui.window.orders
    assert panel.remark.text.startswith("Order list checked")
    panel.view.selectAll()
    assert panel.remark.text == "Sum of 3 orders: BUY 800 left, 19,550 USD at the limits"
    panel.view.clearSelection()
    assert panel.remark.text.startswith("Order list checked")
    ui.window.positions.filter_box.setText("cim")
    assert panel.remark.text == "Sum of 2 orders: BUY 600 left, 14,550 USD at the limits"
    ui.window.menus.hide_values.setChecked(True)
    assert panel.remark.text == f"Sum of 2 orders: BUY {HIDDEN} left, {HIDDEN} USD at the limits"
    assert panel.model.sort_order[1] is Qt.SortOrder.AscendingOrder
