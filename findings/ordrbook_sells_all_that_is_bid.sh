#!/usr/bin/env bash
# A sale at the market that takes a whole order of ordrbook 0.0.1 for Python is not made smaller by what it sold: of three bids for 100
# shares a sale of 100 takes all, and 300 are sold, each trade recorded. A purchase of 100 buys 100. And a bid at the price of the
# best ask does not trade: both stand in the book at 25, until somebody bids more than is asked.
# Guessed: 100 sold; and a trade at 25.
# Python 3.10 to 3.13. Output seen:
#   three of 100: sale of 100 sells 300, purchase of 100 buys 100; bid 25 to an ask of 25: 0 trades, book 25/25
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ordrbook==0.0.1 bintrees==2.2.0
"$folder/venv/bin/python" - <<'PYTHON'
from itertools import count

from ordrbook import OrderBook

numbers = count(1)


def order(price: int, shares: int) -> dict:
    number = next(numbers)
    return {"order_id": number, "trade_id": number, "timestamp": 1, "type": "limit", "price": price, "quantity": shares}


def traded(trades: list[dict]) -> int:
    return int(sum(each["quantity"] for each in trades))


bids, asks, locked = OrderBook(), OrderBook(), OrderBook()
for _ in range(3):
    bids.bid_limit_order(order(25, 100))
    asks.ask_limit_order(order(25, 100))
sold, bought = traded(bids.ask_market_order(order(0, 100))), traded(asks.bid_market_order(order(0, 100)))
locked.ask_limit_order(order(25, 100))
trades, _ = locked.bid_limit_order(order(25, 100))
seen = (f"three of 100: sale of 100 sells {sold}, purchase of 100 buys {bought}; bid 25 to an ask of 25: {len(trades)} trades, "
        f"book {locked.bids.max_price()}/{locked.asks.min_price()}")
print(seen)
assert seen == ("three of 100: sale of 100 sells 300, purchase of 100 buys 100; bid 25 to an ask of 25: 0 trades, book 25/25")
PYTHON
