#!/usr/bin/env bash
# calculate_sip_returns of cagrx 0.2.0 buys at the next price that is known. An instalment after the last one buys nothing, and counts
# as paid in: of two of 5,000 at a price that never moved half is lost. And calculate_rolling_returns, which promises figures per
# year, takes any window that is not in years for one of a year: 10 % in six months are 10 % per year, as are 10 % in three.
# Guessed: nothing gained or lost, or an error; 21 % and 46 % per year.
# Python 3.11 to 3.13. Output seen: "paid in 10000, worth 5000: -50 %; 10 % in 6 months: 10 % per year, in 3: 10 % per year".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6 requests==2.32.5
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps cagrx==0.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import cagrx
import pandas as pd


def days(*texts: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(list(texts)), name="date")


def per_year(months: int, last: str) -> str:
    """The gain per year of 10 % within the months."""
    prices = pd.DataFrame({"nav": [100.0, 110.0]}, index=days("2025-01-02", last))
    return f"{cagrx.calculate_rolling_returns(prices, period=pd.DateOffset(months=months))['avg_return'] * 100:.0f} % per year"


prices = pd.DataFrame({"nav": [100.0] * 3}, index=days("2026-01-02", "2026-02-02", "2026-03-02"))
paid_in = pd.DataFrame({"amount": [5000.0] * 2}, index=days("2026-01-02", "2026-03-03"))
plan = cagrx.calculate_sip_returns(paid_in, prices)
seen = (
    f"paid in {plan['total_invested']:.0f}, worth {plan['current_value']:.0f}: {plan['return_percentage']:.0f} %; 10 % in 6 months: "
    f"{per_year(6, '2025-07-02')}, in 3: {per_year(3, '2025-04-02')}"
)
print(seen)
assert seen == "paid in 10000, worth 5000: -50 %; 10 % in 6 months: 10 % per year, in 3: 10 % per year"
PYTHON
