#!/usr/bin/env bash
# alpheast 0.1.3 for Python keeps a portfolio in Decimals, and sets their precision to 10 digits when it is imported: not for itself,
# but for all that the thread reckons from then on, in any other module. An account of 123 million dollars has no cents any more, nor
# has what is added to it. Nothing is raised or warned of.
# Guessed: an import changes nothing of other people's figures; or a context of its own, as decimal has them.
# Python 3.10 to 3.13. Output seen:
#   123456789.25 + 0.01: before 123456789.26, after the import 123456789.3
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
# What alpheast itself asks for besides, pandas, matplotlib and requests, is not imported here.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps alpheast==0.1.3
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

CASH, PAID_IN = Decimal("123456789.25"), Decimal("0.01")
before = CASH + PAID_IN
from alpheast.portfolio.portfolio import Portfolio  # noqa: E402, F401

after = CASH + PAID_IN
print(f"{CASH} + {PAID_IN}: before {before}, after the import {after}")
assert (before, after) == (Decimal("123456789.26"), Decimal("123456789.3"))
PYTHON
