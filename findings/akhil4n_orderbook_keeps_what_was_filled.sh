#!/usr/bin/env bash
# A price level of akhil4n-orderbook 0.1.1 tells the quantity of its orders, and leaves it as it is when they are filled: of 100 shares
# offered at 25.50, of which 60 are bought, there are still 100. When the other 40 are cancelled, the level stays, with 60 shares and no
# order, and 25.50 is the best ask beside an offer at 25.60 that is really there.
# Guessed: 40 shares; and 25.60, once the order is cancelled.
# Python 3.10 to 3.13. Output seen:
#   bought 60 of 100 at 25.50: order has 40 left, level 100; cancelled: level 60 in 0 orders, best ask 25.50
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check akhil4n-orderbook==0.1.1 sortedcontainers==2.4.0
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

from orderbook import MarketOrder, Order, OrderBook, OrderSide

book = OrderBook()
offer = Order(OrderSide.ASK, Decimal("25.50"), 100)
book.add_limit_order(offer)
book.add_limit_order(Order(OrderSide.ASK, Decimal("25.60"), 100))
book.add_market_order(MarketOrder(OrderSide.BID, 60))
level = book.asks[Decimal("25.50")]
seen = f"bought 60 of 100 at 25.50: order has {offer.remaining_quantity} left, level {level.total_quantity}; "
assert book.cancel_order(offer.order_id)
left = book.asks.get(Decimal("25.50"))
seen += f"cancelled: level {left.total_quantity} in {len(left.queue)} orders, best ask {book.best_ask()}"
print(seen)
assert seen == ("bought 60 of 100 at 25.50: order has 40 left, level 100; "
                "cancelled: level 60 in 0 orders, best ask 25.50")
PYTHON
