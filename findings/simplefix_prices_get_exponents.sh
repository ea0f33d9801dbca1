#!/usr/bin/env bash
# simplefix 1.0.17 writes a small price with an exponent, "44=1e-05", as its type's own text is. A price of FIX has digits,
# a sign and a point, and no exponent. A Decimal fares no better; a text is written as given.
# Guessed: 0.00001, whatever the number's type.
# Python 3.10 to 3.13. Output seen: "float 1e-05, Decimal 1E-7, text 0.00001".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check simplefix==1.0.17
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

import simplefix

message = simplefix.FixMessage()
message.append_pair(44, 0.00001)
message.append_pair(99, Decimal("0.0000001"))
message.append_pair(132, "0.00001")
price, stop, bid = (message.get(tag).decode() for tag in (44, 99, 132))
print(f"float {price}, Decimal {stop}, text {bid}")
assert (price, stop, bid) == ("1e-05", "1E-7", "0.00001")
PYTHON
