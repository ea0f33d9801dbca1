#!/usr/bin/env bash
# An order of yabte 0.4.1 whose size is a percentage of the value of a book takes it of the cash alone: of a book of 5,000 in cash and 5,000
# in shares, half is 2,500. The basket of the same share and the same percentage buys for 5,000. An order that is to hold 50 percent
# therefore sells, day after day, while nothing in the market moves: it holds 5,000, then 2,500.
# Guessed: half of 10,000 either way, as the words on the size say.
# Python 3.10 to 3.12. Output seen:
#   half of a book of 10000: order for 2500, basket for 5000; to hold half: 5000, then 2500
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6 scipy==1.15.3 mypy_extensions==1.1.0
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps yabte==0.4.1
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

import pandas as pd
from yabte.backtest import BasketOrder, Book, OHLCAsset, OrderSizeType, PositionalOrder, SimpleOrder

SHARE, PRICE = "KEY PRI", 25.0
TIME = pd.Timestamp("2026-11-27")
share = OHLCAsset(name=SHARE, denom="USD", quantity_round_dp=0)
DAY = pd.Series({(SHARE, field): PRICE for field in ("Open", "High", "Low", "Close")} | {(SHARE, "Volume"): 1000.0})
PERCENT = OrderSizeType.BOOK_PERCENT


def book(shares: int, cash: int) -> Book:
    """A book with so many shares, and cash."""
    held = Book(name="IBKR_GUN", cash=Decimal(cash))
    held.positions[SHARE] = Decimal(shares)
    return held


def bought(order: SimpleOrder | BasketOrder) -> float:
    """What an order pays for the shares that it buys."""
    before = order.book.cash
    order.apply(TIME, DAY, {SHARE: share})
    return float(before - order.book.cash)


single = bought(SimpleOrder(asset_name=SHARE, size=50, size_type=PERCENT, book=book(200, 5000)))
basket = BasketOrder([SHARE], [50], 100, PERCENT)
basket.book = book(200, 5000)
together = bought(basket)
held = book(0, 10000)
days = []
for _ in range(2):
    PositionalOrder(asset_name=SHARE, size=50, size_type=PERCENT, book=held).apply(TIME, DAY, {SHARE: share})
    days.append(float(held.positions[SHARE]) * PRICE)
print(f"half of a book of 10000: order for {single:.0f}, basket for {together:.0f}; to hold half: {days[0]:.0f}, then {days[1]:.0f}")
assert (single, together) == (2500, 5000)
assert days == [5000, 2500]
PYTHON
