#!/usr/bin/env bash
# symbol-parser 1.0.0 converts symbols between the notations of CQS, CMS and Nasdaq, by Nasdaq's table. The table shows
# preferreds by the series A and B, as examples, and the library takes it by the letter: a preferred of the series C to Z
# is none, and comes back as it was, in the notation it had, without an error. (Its other packages only fetch the table.)
# Guessed: every series is converted as B is.
# Python 3.10 to 3.13. Output seen: "CIM PRB -> CIM-B; KEY PRK -> KEY PRK; BAC PRL -> BAC PRL".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps symbol-parser==1.0.0
"$folder/venv/bin/python" - <<'PYTHON'
from symbol_parser import Symbol

seen = {symbol: Symbol(symbol).as_nasdaq()[0].symbol for symbol in ("CIM PRB", "KEY PRK", "BAC PRL")}
print("; ".join(f"{symbol} -> {converted}" for symbol, converted in seen.items()))
assert seen == {"CIM PRB": "CIM-B", "KEY PRK": "KEY PRK", "BAC PRL": "BAC PRL"}
PYTHON
