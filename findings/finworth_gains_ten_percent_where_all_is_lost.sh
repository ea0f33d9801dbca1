#!/usr/bin/env bash
# xirr of finworth 0.8.0 ends its search without a word where it has no answer, and returns where it stood: of 10,000 that are worth
# nothing after a year that is the rate with which it began, a gain of 10 %. And two purchases, of which nothing came back, gain a
# figure of ten digits.
# Guessed: a loss of 100 %, and an error.
# Python 3.10 to 3.13. Output seen: "all lost: 10 % gained; begun at 25 %: 25 % gained; two purchases: 4,280,584,266 % gained".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps finworth==0.8.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from finworth.core import xirr

bought, later = date(2025, 1, 1), date(2026, 1, 1)
assert abs(xirr([(bought, -10_000), (later, 11_000)]) - 0.1) < 0.001
lost = [(bought, -10_000), (later, 0)]
two = xirr([(bought, -100), (later, -10)])
seen = f"all lost: {xirr(lost):.0%} gained; begun at 25 %: {xirr(lost, guess=0.25):.0%} gained; two purchases: {two:,.0%} gained"
seen = seen.replace("%", " %").replace("  %", " %")
print(seen)
assert (xirr(lost), xirr(lost, guess=0.25)) == (0.1, 0.25)
assert two > 1_000_000
PYTHON
