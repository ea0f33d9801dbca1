#!/usr/bin/env bash
# Where a price is to fit the ticks of a share, tigeropen 3.8.0 (the client of Tiger Brokers) cuts it down to a tick, and adds
# one if it is to be rounded up: to a price that fits already, too. 25.75 is found to fit, and rounded up to 25.76; so a
# price that is rounded up each time an order is amended climbs a cent each time.
# Guessed: what fits stays; rounded up, 25.751 is 25.76 and 25.75 is 25.75.
# Python 3.10 to 3.13. Output seen:
#   25.75 fits: True, down 25.75, up 25.76; 25.751 fits: False, down 25.75, up 25.76; amended three times: 25.78
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tigeropen==3.8.0 pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
from tigeropen.common.util.price_util import PriceUtil

TICKS = [
    {"begin": "0", "end": "1", "type": "CLOSED", "tick_size": 0.0001},
    {"begin": "1", "end": "Infinity", "type": "OPEN", "tick_size": 0.01},
]


def fitted(price: float, is_up: bool = False) -> float:
    return PriceUtil.fix_price_by_tick_size(price, TICKS, is_up)


seen = {price: (PriceUtil.match_tick_size(price, TICKS), fitted(price), fitted(price, True)) for price in (25.75, 25.751)}
amended = fitted(fitted(fitted(25.75, True), True), True)
print("; ".join(f"{price} fits: {fits}, down {down}, up {up}" for price, (fits, down, up) in seen.items())
      + f"; amended three times: {amended}")
assert seen == {25.75: (True, 25.75, 25.76), 25.751: (False, 25.75, 25.76)} and amended == 25.78
PYTHON
