#!/usr/bin/env bash
# nautilus_trader 1.231.0 compares a Price with a float by all the digits that the float has in binary. 25.1 is a little above
# 25.10: a price made of 25.1 is not 25.1, and has not reached it. A rule to sell at 25.1 or better does nothing at 25.10,
# while one at 25.5 works. float(price) gives the very float back; a Decimal, or another Price, is compared as it reads.
# Guessed: a price that was made of a float equals it; or floats are refused, as Money refuses them.
# Python 3.12 and 3.13. Output seen: "25.1: equal False, reached False; 25.5: equal True, reached True".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nautilus_trader==1.231.0
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal

from nautilus_trader.model.currencies import USD
from nautilus_trader.model.objects import Money, Price

seen = {}
for figure in (25.1, 25.5):
    price = Price(figure, precision=2)
    assert float(price) == figure and price >= Decimal(str(figure)) and price >= Price.from_str(f"{figure:.2f}")
    seen[figure] = (price == figure, price >= figure)
print("; ".join(f"{figure}: equal {equal}, reached {reached}" for figure, (equal, reached) in seen.items()))
assert seen == {25.1: (False, False), 25.5: (True, True)}
try:
    Money(25.1, USD) >= 25.1
except TypeError:
    pass
else:
    raise AssertionError("Money takes floats, too")
PYTHON
