#!/usr/bin/env bash
# The order book of fastlob 0.0.24 takes a resting order that was wholly filled out of its price, and leaves it PENDING with all of its
# shares; only one that was filled in part, and one that went with its whole price, are told. What was filled can then be cancelled,
# with success: its shares are taken from those of the order behind it. And a price that an update of the market takes away leaves its
# shares in the sum of the side.
# Guessed: FILLED with 0 left, a cancellation that is refused, and 100 shares bid where one price of 100 is left.
# Python 3.10 to 3.13. Output seen:
#   first bid PENDING with 100 left, second PARTIAL with 150 left, 150 bid; first cancelled: True, 50 bid
#   bids 25.00 x 100, sum 400
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastlob==0.0.24
"$folder/venv/bin/python" - <<'PYTHON'
from fastlob import Orderbook, OrderParams, OrderSide, OrderType

with Orderbook("orders") as book:

    def placed(side: OrderSide, shares: int) -> str:
        return book(OrderParams(side, 25.00, shares, OrderType.GTC)).orderid()

    def told(order: str) -> str:
        status, left = book.get_status(order)
        return f"{status.name} with {left:.0f} left"

    first, second = placed(OrderSide.BID, 100), placed(OrderSide.BID, 200)
    placed(OrderSide.ASK, 150)
    seen = f"first bid {told(first)}, second {told(second)}, {book.bids_volume():.0f} bid"
    cancelled = book.cancel(first).success()
    seen = f"{seen}; first cancelled: {cancelled}, {book.bids_volume():.0f} bid"
print(seen)
assert seen == "first bid PENDING with 100 left, second PARTIAL with 150 left, 150 bid; first cancelled: True, 50 bid"

market = Orderbook.from_snapshot({"bids": [(25.00, 100), (24.90, 300)], "asks": [(25.10, 100)]})
market.load_updates([{"bids": [(24.90, 0)], "asks": []}])
market.step()
bids = ", ".join(f"{price} x {shares:.0f}" for price, shares, _ in market.best_bids(market.n_bids()))
seen = f"bids {bids}, sum {market.bids_volume():.0f}"
print(seen)
assert seen == "bids 25.00 x 100, sum 400"
PYTHON
