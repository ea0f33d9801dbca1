#!/usr/bin/env bash
# Upside and downside capture say how much of an index's rise and fall a portfolio takes part in: its return on the days on which the
# index rises (falls), divided by that of the index. finance-calculator 0.0.6 adds 1 to both in the one and takes both from 1 in the
# other before it divides: half of a rise of 20 % is 0.92 of it, and who holds cash while the index falls by 20 % has taken part in 0.83
# of the fall. All of it is 1, so a portfolio that follows its index looks right.
# Guessed: 0.5, and 0.
# Python 3.10 to 3.13. Output seen, beside an index of +20 % and then -20 %:
#   +10 %, 0 %: up 0.92, down 0.83; +20 %, -20 %: up 1.00, down 1.00; 0 %, 0 %: up 0.83, down 0.83
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check finance-calculator==0.0.6 pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from datetime import date

from finance_calculator import get_downside_capture, get_upside_capture

DAYS = [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)]
INDEX = [100.0, 120.0, 96.0]


def told(name: str, values: list[float]) -> str:
    """What share of the rise and of the fall the library says was captured."""
    up, down = (float(capture(list(zip(DAYS, values)), list(zip(DAYS, INDEX)), window=2))
                for capture in (get_upside_capture, get_downside_capture))
    return f"{name}: up {up:.2f}, down {down:.2f}"


seen = "; ".join([told("+10 %, 0 %", [100.0, 110.0, 110.0]), told("+20 %, -20 %", INDEX),
                  told("0 %, 0 %", [100.0, 100.0, 100.0])])
print(seen)
assert seen == ("+10 %, 0 %: up 0.92, down 0.83; +20 %, -20 %: up 1.00, down 1.00; "
                "0 %, 0 %: up 0.83, down 0.83")
PYTHON
