#!/usr/bin/env bash
# ibkr-porez 2.6.3 reckons gains of IBKR's trades, first in first out. A sale of what is not there, as every short sale
# is, has been bought on its own day for nothing: of 100 shares sold at 25 and bought back at 24 the gain is 2500. What
# was bought back stays as a lot, of which the next sale is made: 100 shares bought and sold at 30 are a gain of 600.
# Guessed: gains of 100 and of 0, or an error.
# Python 3.11 to 3.13. Output seen: "sold at 25.00, bought at 0.00, gain 2500.00; sold at 30.00, bought at 24.00, gain
# 600.00".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.89 pandas==2.3.3 platformdirs==4.5.0 \
  pydantic==2.12.5 python-dateutil==2.9.0.post0 requests==2.32.5 tenacity==9.1.2
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ibkr-porez==2.6.3
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date
from decimal import Decimal

import pandas as pd

from ibkr_porez.tax import TaxCalculator

TRADES = [(date(2026, 11, 2), -100, 25.0), (date(2026, 11, 9), 100, 24.0), (date(2026, 11, 16), 100, 30.0),
          (date(2026, 11, 23), -100, 30.0)]


class Rates:
    """One dinar for one dollar, on any day."""

    def get_rate(self, *_):
        return Decimal(1)


trades = pd.DataFrame(TRADES, columns=["date", "quantity", "price"]).assign(type="TRADE", symbol="T", currency="USD")
entries = TaxCalculator(Rates()).process_trades(trades)
seen = "; ".join(f"sold at {each.sale_price:.2f}, bought at {each.purchase_price:.2f}, gain {each.capital_gain_rsd:.2f}"
                 for each in entries)
print(seen)
assert seen == "sold at 25.00, bought at 0.00, gain 2500.00; sold at 30.00, bought at 24.00, gain 600.00"
PYTHON
