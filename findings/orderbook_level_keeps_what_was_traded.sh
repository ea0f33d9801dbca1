#!/usr/bin/env bash
# The level of a price in the order book of akhil4n-orderbook 0.1.1 does not count down what was traded of an order that
# stays: of 100 shares bid at 25.50, of which 60 were sold, it tells 100 at this price, and the order itself 40. When the
# rest is cancelled, 60 stay that nobody bids, and 25.50 is still told as the best bid, above the true one of 25.40.
# Guessed: 40 after the trade, and 25.40 after the cancellation.
# Python 3.10 to 3.13. Output seen: "order 40, its level 100; cancelled: best bid 25.50, 60 shares of 0 orders".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check akhil4n-orderbook==0.1.1 sortedcontainers==2.4.0
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

from orderbook import MarketOrder, Order, OrderBook, OrderSide, OrderStatus

book = OrderBook()
order = Order(OrderSide.BID, Decimal("25.50"), 100)
book.add_limit_order(order)
book.add_limit_order(Order(OrderSide.BID, Decimal("25.40"), 100))
book.add_market_order(MarketOrder(OrderSide.ASK, 60))
level = book.bids[order.price]
left, told = order.remaining_quantity, level.total_quantity
book.cancel_order(order.order_id)
assert order.status is OrderStatus.CANCELLED
print(f"order {left}, its level {told}; cancelled: best bid {book.best_bid()}, {level.total_quantity} shares of "
      f"{len(level.queue)} orders")
assert (left, told) == (40, 100)
assert (book.best_bid(), level.total_quantity, len(level.queue)) == (Decimal("25.50"), 60, 0)
PYTHON
