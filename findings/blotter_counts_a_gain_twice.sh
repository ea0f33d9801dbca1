#!/usr/bin/env bash
# The P&L of a blotter 1.17 keeps what was unrealized before a position was closed, and adds what was realized by closing it:
# a gain of 100 is one of 200 from then on. A price that comes after that is a TypeError, since there is no position to
# value. And a blotter made with nothing but a symbol, whose multiplier is told to be 1, takes 0.0025 for a tick worth 12.50:
# the 100 that were realized are half a million.
# Guessed: total_pnl is what was realized and what is unrealized now; a share gains a dollar when it rises by a dollar.
# Python 3.10 to 3.13. Output seen: "open: 0.0 realized, 100.0 in all; closed: 100.0 realized, 200.0 in all; next price:
# TypeError; of a symbol alone: 500000.0 realized".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check blotter==1.17
"$folder/venv/bin/python" - <<'PYTHON'
from blotter import Blotter, Fill

BOUGHT, SOLD = (1, "KEY PRK", 24.0, 100), (2, "KEY PRK", 25.0, -100)


def told(blotter):
    return f"{float(blotter.realized_pnl)} realized, {blotter.total_pnl} in all"


def next_price(blotter):
    try:
        blotter.update_from_marketdata(26.0)
    except TypeError:
        return "TypeError"
    return told(blotter)


shares = Blotter("KEY PRK", tick_value=1, tick_size=1)
shares.add_fill(Fill.create_from_attrs(*BOUGHT))
shares.update_from_marketdata(25.0)
before = told(shares)
shares.add_fill(Fill.create_from_attrs(*SOLD))
alone = Blotter("KEY PRK").initialize_from_list([Fill.create_from_attrs(*BOUGHT), Fill.create_from_attrs(*SOLD)])
seen = (f"open: {before}; closed: {told(shares)}; next price: {next_price(shares)}; "
        f"of a symbol alone: {round(alone.realized_pnl, 2)} realized")
print(seen)
assert seen == ("open: 0.0 realized, 100.0 in all; closed: 100.0 realized, 200.0 in all; next price: TypeError; "
                "of a symbol alone: 500000.0 realized")
PYTHON
