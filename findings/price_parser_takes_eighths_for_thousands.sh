#!/usr/bin/env bash
# price-parser 0.5.1 reads a price out of a text. Three digits after the point, as shares are quoted at an eighth of a
# dollar, make the point one of thousands, also where the text has another that can be none: 25.125 is 25125, 1,234.125 is
# 1234125 and 0.125 is 125. With decimal_separator="." they are read right.
# Guessed: two digits before a point and a currency of dollars leave no doubt; 0.125 never has any.
# Python 3.10 to 3.13. Output seen: "25.125 -> 25125; 1,234.125 -> 1234125; 0.125 -> 125; 25.12 -> 25.12".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check price-parser==0.5.1
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

from price_parser import Price

texts = ("25.125", "1,234.125", "0.125", "25.12")
seen = [Price.fromstring(text, currency_hint="USD").amount for text in texts]
print("; ".join(f"{text} -> {amount}" for text, amount in zip(texts, seen)))
assert seen == [Decimal(25125), Decimal(1234125), Decimal(125), Decimal("25.12")]
assert Price.fromstring("0.125", decimal_separator=".").amount == Decimal("0.125")
PYTHON
