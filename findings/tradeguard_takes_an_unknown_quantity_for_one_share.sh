#!/usr/bin/env bash
# tradeguard-oss 0.16.0 imports a journal and tells for each row that it cannot take what is missing or is no number. A row
# whose quantity is empty is a trade of one share, one whose entry price is "nan" is a trade at nan, and the import is
# complete, without a remark. Nor does the validation remark on either: of nan no test comes true. The gain of all trades is
# nan then, two of three were won, and the best is that of those trades whose figures are known, or were made up.
# Guessed: a quantity that is not told is missing, as a price is, and nan is no number.
# Python 3.10 to 3.13. Output seen: "complete, 0 remarks, 0 errors; quantities 1000.0 1.0 100.0; 2 won, 0 lost, 0 even, net
# nan; without the last: net 1001.0".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tradeguard-oss==0.16.0
cat >"$folder/journal.csv" <<'CSV'
Symbol,Side,Entry,Exit,Quantity
CIM PRB,long,24.00,25.00,1000
KEY PRK,long,24.00,25.00,
KEY PRI,short,nan,25.00,100
CSV
"$folder/venv/bin/python" - "$folder/journal.csv" <<'PYTHON'
import sys

from tradeguard import analyze_trades, import_mapped_csv, validate_trades

COLUMNS = {name.lower(): name for name in ("Symbol", "Side", "Entry", "Exit", "Quantity")}

result = import_mapped_csv(sys.argv[1], COLUMNS)
errors = [each for each in validate_trades(result.trades) if each.severity == "error"]
metrics = analyze_trades(result.trades)
seen = (f"{'complete' if result.complete else 'not complete'}, {len(result.diagnostics)} remarks, {len(errors)} errors; "
        f"quantities {' '.join(str(trade.quantity) for trade in result.trades)}; "
        f"{metrics.wins} won, {metrics.losses} lost, {metrics.breakeven} even, net {metrics.net_pnl}; "
        f"without the last: net {analyze_trades(result.trades[:2]).net_pnl}")
print(seen)
assert seen == ("complete, 0 remarks, 0 errors; quantities 1000.0 1.0 100.0; 2 won, 0 lost, 0 even, net nan; "
                "without the last: net 1001.0")
PYTHON
