#!/usr/bin/env bash
# irs-asset-fifo-calculator 1.0.0 takes the dollars that an exchange of one asset for another cost from the proceeds of the first, and
# adds them to the cost of the second. A fee of 10 is a loss of 20 once the second is sold at the price it was had for.
# Guessed: a loss of 10, the fee.
# Python 3.11 to 3.13. Output seen: "1000 paid, 10 of fees, 1000 had back: losses (10.00) and (10.00)".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps irs-asset-fifo-calculator==1.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import pandas as pd
from irs_asset_fifo_calculator import run_fifo_pipeline

COLUMNS = ["Tx Index", "Tx Date", "Asset", "Amount (asset)", "Sell price ($)", "Buy price ($)", "Type"]
bought, exchanged, sold = (pd.Timestamp(2025, month, 3) for month in (1, 2, 3))
trades = [
    (1, bought, "FIRST", 10, 0, 100, "Buy"),
    (1, bought, "USD", -1000, 1, 1, "Buy"),
    (2, exchanged, "FIRST", -10, 100, 100, "Exchange"),
    (2, exchanged, "SECOND", 20, 50, 50, "Exchange"),
    (2, exchanged, "feeUSD", -10, 1, 1, "Exchange"),
    (3, sold, "SECOND", -20, 50, 50, "Sell"),
    (3, sold, "USD", 1000, 1, 1, "Sell"),
]
losses = [row["Gain or Loss"] for row in run_fifo_pipeline(pd.DataFrame(trades, columns=COLUMNS))]
print(f"1000 paid, 10 of fees, 1000 had back: losses {' and '.join(losses)}")
assert losses == ["(10.00)", "(10.00)"]
PYTHON
