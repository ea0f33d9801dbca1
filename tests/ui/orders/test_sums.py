"""What selected or filtered orders can still trade, under the eyes of who selects them."""

from PySide6.QtCore import Qt

from psf_monitor.book.sums.orders import order_sums
from psf_monitor.formatting import HIDDEN
from tests.records import GUN, order
from tests.ui.rows import an_order
from tests.ui.window import WindowUnderTest


def test_that_sides_are_summed_apart_at_their_limits() -> None:
    rows = [an_order(), an_order(limit_price=24.0, remaining=100.0), an_order(side="SELL", limit_price=None)]
    buy, sell = order_sums(rows)
    assert (buy.side, buy.orders, buy.remaining, buy.value) == ("BUY", 2, 600, 500 * 24.52 + 2400)
    assert (sell.remaining, sell.value) == (500, None)


def test_that_an_unknown_remainder_is_named_and_an_excluded_order_in_no_sum() -> None:
    (buy,) = order_sums([an_order(), an_order(remaining=None), an_order(is_excluded=True)])
    assert (buy.remaining, buy.unknown, buy.orders) == (500, 1, 2)


def test_that_currencies_are_not_added() -> None:
    (buy,) = order_sums([an_order(), an_order(currency="CAD")])
    assert (buy.value, buy.currency) == (None, None)


def test_that_pence_are_no_pounds_and_an_unknown_unit_has_no_value() -> None:
    pence = an_order(currency="GBP", limit_price=2225.0, remaining=100.0, price_unit=0.01)
    (buy,) = order_sums([pence])
    assert (buy.value, buy.currency) == (2225.0, "GBP")
    (buy,) = order_sums([pence, an_order(currency="GBP", price_unit=None)])
    assert (buy.value, buy.remaining) == (None, 600)


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
