#!/usr/bin/env bash
# profit_and_loss of accfifo 0.2.0, "the realized profit and loss" by its own words, is what the closed shares cost less
# what they brought: 100 shares bought at 10 and sold at 12 are a loss of 200, sold at 9 a gain of 100, and a short sale at
# 12 bought back at 10 is a loss, too. The shares that are left and their average cost are right.
# Guessed: a gain is above zero.
# Python 3.10 to 3.13. Output seen: "sold higher -200, sold lower 100, short bought back lower -200; 50 left at 10.0".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check accfifo==0.2.0
"$folder/venv/bin/python" - <<'PYTHON'
from accfifo import FIFO, Entry


def told(*fills: tuple[int, float]) -> FIFO:
    """What the library makes of fills, each a quantity, below zero when sold, and a price."""
    return FIFO([Entry(quantity, price) for quantity, price in fills])


gains = [told(*fills).profit_and_loss for fills in (
    ((100, 10), (-100, 12)), ((100, 10), (-100, 9)), ((-100, 12), (100, 10)))]
left = told((100, 10), (-50, 12))
print("sold higher {}, sold lower {}, short bought back lower {}; ".format(*gains) + f"{left.stock} left at {left.avgcost}")
assert gains == [-200, 100, -200]
assert (left.stock, left.avgcost) == (50, 10)
PYTHON
