#!/usr/bin/env bash
# coinbasis 0.1.0 leaves a gain that it reckons by average cost out of its estimate of the tax: a gain of 100,000 is taxed with 7,946.25
# by first in, first out, and with 0 by average, where the same cost and gain are reported. And a loss within the year takes nothing
# from a gain of more than a year: of both together, a net gain of 0, the tax is again that of the gain alone.
# The docstring of the estimate has each of the two terms for itself, without a word on average cost.
# Guessed: one tax on one gain, and none on a net gain of 0.
# Python 3.10 to 3.13. Output seen:
#   first in, first out: gain 100000, tax 7946.25; average: gain 100000, tax 0.00; with a loss as great: gain 0, tax 7946.25
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps coinbasis==0.1.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timezone
from decimal import Decimal

from coinbasis import Buy, CostBasisMethod, Portfolio, Sell, TaxConfig, Transaction


def trade(kind: type, year: int, month: int, share: str, price: int) -> Transaction:
    """A purchase or sale of 1000 shares."""
    return kind(datetime(year, month, 10, tzinfo=timezone.utc), "account", share, Decimal(1000), Decimal(price), Decimal(0))


def taxed(trades: list[Transaction], method: CostBasisMethod) -> str:
    portfolio = Portfolio.from_transactions(trades)
    gain = portfolio.capital_gains_report(method, 2025).total_gain
    return f"gain {gain}, tax {portfolio.tax_estimate(method, 2025, TaxConfig.default()).total_tax:.2f}"


gain = [trade(Buy, 2024, 1, "KEY PRK", 20), trade(Sell, 2025, 6, "KEY PRK", 120)]
loss = [trade(Buy, 2025, 7, "KEY PRI", 120), trade(Sell, 2025, 8, "KEY PRI", 20)]
seen = (
    f"first in, first out: {taxed(gain, CostBasisMethod.FIFO)}; average: {taxed(gain, CostBasisMethod.AVERAGE)}; with a loss as "
    f"great: {taxed(gain + loss, CostBasisMethod.FIFO)}"
)
print(seen)
assert seen == (
    "first in, first out: gain 100000, tax 7946.25; average: gain 100000, tax 0.00; with a loss as great: gain 0, tax 7946.25"
)
PYTHON
