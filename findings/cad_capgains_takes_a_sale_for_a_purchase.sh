#!/usr/bin/env bash
# cad-capgains 2.0.2 reads the action of a line as BUY or SELL, and takes every other word for a purchase, without a
# word: of a sale written "Sell" it adds the shares and their price to what is held. After 100 bought at 25, "Sell" of 100
# at 26 and SELL of 100 at 30, it tells one sale with a gain of 450 and 100 shares left, where 100 shares were sold that
# are not there.
# Guessed: Sell is a sale, or an error names it.
# Python 3.10 to 3.13. Output seen: "shares after each line 100, 200, 100; gains 0, 0, 450".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cad-capgains==2.0.2 click==7.1.2 requests==2.32.5 tabulate==0.8.10
cat >"$folder/fills.csv" <<'CSV'
2026-11-02,CIM PRB,CIM-B,BUY,100,25.00,0,CAD
2026-11-09,CIM PRB,CIM-B,Sell,100,26.00,0,CAD
2026-11-16,CIM PRB,CIM-B,SELL,100,30.00,0,CAD
CSV
"$folder/venv/bin/python" - "$folder/fills.csv" <<'PYTHON'
import sys

from capgains.commands.capgains_calc import calculate_gains
from capgains.transactions_reader import TransactionsReader

lines = TransactionsReader.get_transactions(sys.argv[1])
sold = list(calculate_gains(lines, 2026, "CIM-B"))
shares = [int(each.share_balance) for each in lines]
gains = [int(each.capital_gain) for each in lines]
print(f"shares after each line {', '.join(map(str, shares))}; gains {', '.join(map(str, gains))}")
assert [each.action for each in lines] == ["BUY", "Sell", "SELL"]
assert (shares, gains) == ([100, 200, 100], [0, 0, 450])
assert [each.date.day for each in sold] == [16]
PYTHON
