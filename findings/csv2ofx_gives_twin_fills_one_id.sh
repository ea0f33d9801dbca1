#!/usr/bin/env bash
# Who reads an OFX file knows a transaction again by its FITID, and leaves out one that he has. csv2ofx 0.34.2 makes it of
# the day, the amount and the texts of a row that has no id of its own: of an order that was filled in two equal parts on a
# day both rows get one id, and the second is taken for the first.
# Guessed: each row of a file has an id of its own.
# Python 3.10 to 3.13. Output seen: "3 fills written, with 2 ids: the two of 100 at 25.50 have one".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check csv2ofx==0.34.2
cat >"$folder/fills.csv" <<'CSV'
Date,Amount,Description,Notes,Account
2024-11-27,-2550.00,KEY PRK,bought 100 at 25.50,DU1234567
2024-11-27,-2550.00,KEY PRK,bought 100 at 25.50,DU1234567
2024-11-27,-2551.00,KEY PRK,bought 100 at 25.51,DU1234567
CSV
"$folder/venv/bin/csv2ofx" "$folder/fills.csv" "$folder/fills.ofx"
"$folder/venv/bin/python" - "$folder/fills.ofx" <<'PYTHON'
import re
import sys
from pathlib import Path

written = Path(sys.argv[1]).read_text(encoding="utf-8")
ids = re.findall(r"<FITID>(\w+)", written)
amounts = re.findall(r"<TRNAMT>([-\d.]+)", written)
print(f"{len(amounts)} fills written, with {len(set(ids))} ids: the two of 100 at 25.50 have "
      f"{'one' if ids[0] == ids[1] else 'two'}")
assert amounts == ["-2550.00", "-2550.00", "-2551.00"]
assert ids[0] == ids[1] != ids[2]
PYTHON
