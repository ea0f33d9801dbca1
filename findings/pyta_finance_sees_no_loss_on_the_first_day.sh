#!/usr/bin/env bash
# pyta-finance 0.1.3 measures the greatest fall from the end of the first day on: who loses half of it all on that day, and nothing after,
# never fell. And its Sharpe ratio takes a rate without risk and does not use it: whether it is 0 or 5 % a year, the ratio is the same.
# Guessed: a fall of a half, from what was there before the day; and 4.30 with the rate, where it is 5.15 without.
# Python 3.10 to 3.13. Output seen:
#   returns -0.5, 0, 0: greatest fall 0.0; Sharpe ratio at 0 % 5.15, at 5 % 5.15, by hand 4.30
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps pyta-finance==0.1.3
"$folder/venv/bin/python" - <<'PYTHON'
from finlib import max_drawdown, sharpe_ratio
from pandas import DataFrame

fall = max_drawdown(DataFrame({"KEY PRI": [-0.5, 0.0, 0.0]}))["KEY PRI"]
returns = DataFrame({"KEY PRI": [0.006, -0.003, 0.004, -0.001, 0.0]})
ratios = [round(sharpe_ratio(returns, risk_free_rate=rate)["KEY PRI"], 2) for rate in (0.0, 0.05)]
daily = returns["KEY PRI"]
by_hand = round((daily - 0.05 / 252).mean() / daily.std() * 252**0.5, 2)
print(f"returns -0.5, 0, 0: greatest fall {fall}; Sharpe ratio at 0 % {ratios[0]}, at 5 % {ratios[1]}, by hand {by_hand:.2f}")
assert fall == 0
assert (ratios, by_hand) == ([5.15, 5.15], 4.3)
PYTHON
