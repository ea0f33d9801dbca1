#!/usr/bin/env bash
# The value at risk at 95 % is what a day loses at worst, save for one day in twenty. trading-journal 0.1.0 for Python prints it with its
# performance ("Value at Risk (VaR) @95%"), of returns in which a loss is below zero, and takes it from the other end: what a day gains at
# best. What it calls the conditional one is the mean of the best days. A journal whose worst day lost half of the account has the same
# risk as one whose worst day lost 1 %.
# Guessed: 0.01 or -0.01 here and 0.50 or -0.50 there, by whichever way of counting.
# Python 3.10 to 3.13. Output seen, of 18 days of +1 %, a best one of +5 %, and a worst one:
#   worst -1 %: VaR 0.012, CVaR 0.050; worst -50 %: VaR 0.012, CVaR 0.050
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
# What trading-journal itself asks for besides, for its charts and its screen, is not imported here.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps trading-journal==0.1.0
"$folder/venv/bin/python" - <<'PYTHON'
from trading_journal.metrics import emp_cvar, emp_var

seen = []
for worst in (-0.01, -0.50):
    returns = [0.01] * 18 + [0.05, worst]
    seen.append(f"worst {worst:.0%}".replace("%", " %") + f": VaR {emp_var(returns):.3f}, CVaR {emp_cvar(returns):.3f}")
print("; ".join(seen))
assert seen == ["worst -1 %: VaR 0.012, CVaR 0.050", "worst -50 %: VaR 0.012, CVaR 0.050"]
PYTHON
