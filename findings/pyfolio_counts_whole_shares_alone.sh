#!/usr/bin/env bash
# The round trips of pyfolio-reloaded 0.10.1 are made of single shares, of which a trade has as many as it has whole ones:
# what is behind the point is cut off. 1.9 shares bought at 100 and sold at 110 gain 10, as one share does. Four purchases
# of half a share each are none, so the sale of the two at 110 opens a short position, and when two are bought again at
# 112, a gain of 20 is a loss of 4.
# Guessed: 19 and 20; or an error.
# Python 3.11 to 3.13. Output seen:
#   1.9 shares: 10.00 of 19.00; 4 times 0.5 shares: -4.00 of 20.00, short
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyfolio-reloaded==0.10.1 pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import pandas
from pyfolio.round_trips import extract_round_trips


def gains(*trades: tuple[float, float]) -> pandas.DataFrame:
    """Return the round trips of trades of one share, a day apart, each with its quantity and its price."""
    days = pandas.date_range("2026-11-02 15:00", periods=len(trades), tz="UTC")
    table = pandas.DataFrame(trades, columns=["amount", "price"], index=days)
    return extract_round_trips(table.assign(symbol="KEY PRK"))


bought, sold = (1.9, 100.0), (-1.9, 110.0)
[whole] = gains(bought, sold)["pnl"]
parts = gains(*[(0.5, 100.0)] * 4, (-2.0, 110.0), (2.0, 112.0))
[[gain, long]] = parts[["pnl", "long"]].to_numpy().tolist()
print(f"1.9 shares: {whole:.2f} of 19.00; 4 times 0.5 shares: {gain:.2f} of 20.00, {'long' if long else 'short'}")
assert (whole, gain, long) == (10, -4, False)
PYTHON
