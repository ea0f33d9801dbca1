#!/usr/bin/env bash
# portfolio-lib 1.1.0 for Python takes from the cash what a trade is worth less its commission, when something is bought as when it is
# sold: 100 shares at 25 with a commission of 5 cost 2495, so each purchase makes the portfolio 5 richer. And a sale of what is not held
# brings its cash and leaves no position, so a short sale is a gain of all that it brought, whatever the price does. Nothing is raised.
# Guessed: 2505; and -100 shares, which make up for the cash.
# Python 3.10 to 3.13. Output seen, of 10000 in cash:
#   bought 100 at 25, commission 5: cash 7505, worth 10005; sold short 100 at 25, now 26: positions 0, worth 12500
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6 scipy==1.15.3 yfinance==0.2.66
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps portfolio-lib==1.1.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

from portfolio_lib import Portfolio, Trade

TIME = datetime(2026, 11, 27, 10, 15)
bought = Portfolio(initial_cash=10_000)
bought.add_trade(Trade("KEY PRK", 100, 25.0, TIME, action="BUY", commission=5))
bought.update_prices({"KEY PRK": 25.0}, TIME)
short = Portfolio(initial_cash=10_000)
short.add_trade(Trade("KEY PRK", 100, 25.0, TIME, action="SELL"))
short.update_prices({"KEY PRK": 26.0}, TIME)
print(f"bought 100 at 25, commission 5: cash {bought.cash:g}, worth {bought.total_equity:g}; "
      f"sold short 100 at 25, now 26: positions {len(short.positions)}, worth {short.total_equity:g}")
assert (bought.cash, bought.total_equity) == (7505, 10_005)
assert (len(short.positions), short.total_equity) == (0, 12_500)
PYTHON
