#!/usr/bin/env bash
# simple-backtest 0.3.0 for Python records the positions with each trade, and changes them in the record when something is sold: a
# purchase of 100 shares has 40 shares in the history after 60 were sold, beside the cash and the value of when there were 100. And the
# commission of a purchase is in the cash and in no P&L: two commissions of 5 and a gain of 100 are a P&L of 95, and 90 dollars.
# Guessed: 100 shares in the record of the purchase; and a P&L that the cash agrees with.
# Python 3.10 to 3.13. Output seen:
#   bought 100 at 25, then sold 60: recorded with the purchase 100, later 40; round trip 25 to 26: P&L 95, cash +90
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
# What simple-backtest itself asks for besides, for its charts, is not imported here.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6 scipy==1.15.3 pydantic==2.12.5 \
  pydantic-settings==2.12.0 joblib==1.5.2 tqdm==4.67.1
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps simple-backtest==0.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

from simple_backtest.core.portfolio import Portfolio

TIME = datetime(2026, 11, 27, 10, 15)


def recorded(portfolio: Portfolio) -> int:
    """How many shares the history has with the first trade."""
    return sum(each["shares"] for each in portfolio.get_trade_history()[0]["positions"].values())


half = Portfolio(10_000)
half.execute_buy(100, 25, 5, TIME)
before = recorded(half)
half.execute_sell(60, 26, 5, TIME)
after = recorded(half)
whole = Portfolio(10_000)
whole.execute_buy(100, 25, 5, TIME)
gain = whole.execute_sell(100, 26, 5, TIME)["pnl"]
print(f"bought 100 at 25, then sold 60: recorded with the purchase {before}, later {after}; "
      f"round trip 25 to 26: P&L {gain:g}, cash +{whole.cash - 10_000:g}")
assert (before, after) == (100, 40)
assert (gain, whole.cash) == (95, 10_090)
PYTHON
