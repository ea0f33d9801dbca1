#!/usr/bin/env bash
# quantstats 0.0.86 takes a series for prices if none of it is negative and one is above 1, and for returns otherwise. A share
# in default that rises from 0.80 to 0.96 had, after a day that lost 2 %, a worst day of +80 % and no drawdown; the same
# share at ten times the price is told right. The other way round, returns without a loss, one of which more than doubled
# the stake, are prices: 5 % after 102 % is a day of -95 %.
# Guessed: prices are prices whatever they are, or one has to say which of the two is meant.
# Python 3.10 to 3.13. Output seen:
#   from 8 to 9.6: worst day -2 %, best day 10 %, won 75 % of the days, drawdown -2 %
#   from 0.8 to 0.96: worst day 80 %, best day 96 %, won 100 % of the days, drawdown 0 %
#   returns of 2 %, 102 % and 5 %: worst day -95 %
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check quantstats==0.0.86 pandas==2.3.3
MPLCONFIGDIR="$folder" "$folder/venv/bin/python" - <<'PYTHON'
import pandas
from quantstats import stats

days = pandas.date_range("2026-11-16", periods=5, freq="B")
cheap = pandas.Series([0.80, 0.84, 0.82, 0.90, 0.96], index=days)
seen = []
for prices in (cheap * 10, cheap):
    figures = (stats.worst(prices), stats.best(prices), stats.win_rate(prices), stats.max_drawdown(prices))
    seen.append([round(100 * figure) for figure in figures])
    worst, best, won, drawdown = seen[-1]
    print(f"from {prices.iloc[0]:.2g} to {prices.iloc[-1]:.2g}: worst day {worst} %, best day {best} %, "
          f"won {won} % of the days, drawdown {drawdown} %")
worst = round(100 * stats.worst(pandas.Series([0.02, 1.02, 0.05], index=days[:3])))
print(f"returns of 2 %, 102 % and 5 %: worst day {worst} %")
assert seen == [[-2, 10, 75, -2], [80, 96, 100, 0]]
assert worst == -95
PYTHON
