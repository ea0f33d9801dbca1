#!/usr/bin/env bash
# clevercsv 0.8.5 finds out how a CSV file is written. Of a list of preferred shares, one a line, it says that a blank is
# between its columns: CIM PRB is CIM and PRB, and the header has one column less than the lines.
# Guessed: a table of one column is one, or the header's single word speaks against it.
# Python 3.10 to 3.13. Output seen: "' ' [['Symbol'], ['CIM', 'PRB'], ['DCOM', 'PRA'], ['ABR', 'PRD']]".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check clevercsv==0.8.5
"$folder/venv/bin/python" - <<'PYTHON'
import io

import clevercsv

text = "Symbol\nCIM PRB\nDCOM PRA\nABR PRD\n"
found = clevercsv.Sniffer().sniff(text)
rows = list(clevercsv.reader(io.StringIO(text), found))
print(repr(found.delimiter), rows)
assert rows == [["Symbol"], ["CIM", "PRB"], ["DCOM", "PRA"], ["ABR", "PRD"]]
PYTHON
