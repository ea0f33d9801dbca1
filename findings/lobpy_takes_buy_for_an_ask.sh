#!/usr/bin/env bash
# The sides of lobpy 2.1.0 are "bid", "b", "ask" and "a". Whatever else it is given for a side it takes for an ask, without
# a word: a level of 300 that is bid at 25.50, told as "buy", stands among the asks, and is from then on the best ask,
# below the true one of 25.60. Told again with a size of zero it stays there. The best price of a side that is empty is 0.0,
# so that any price is above the best ask.
# Guessed: buy is a bid, or an error names it; a price that is not there is none.
# Python 3.10 and 3.11. Output seen: "bid 25.4, ask 25.5; size 0: ask 25.5; nothing offered: ask 0.0, below 25: True".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: lobpy==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
from lobpy import LOB

book = LOB("KEY PRK", 0.01, bids=[(25.4, 100)], asks=[(25.6, 200)])
book.update("buy", 25.5, 300)
bid, ask = float(book.bid), float(book.ask)
book.update("buy", 25.5, 0)
ask_after = float(book.ask)
one_sided = LOB("KEY PRI", 0.01, bids=[(25.4, 100)])
nothing = float(one_sided.ask)
print(f"bid {bid}, ask {ask}; size 0: ask {ask_after}; nothing offered: ask {nothing}, below 25: {one_sided.ask < 25}")
assert (bid, ask, ask_after) == (25.4, 25.5, 25.5)
assert nothing == 0.0 and one_sided.ask < 25
book.update("bid", 25.5, 300)
assert float(book.bid) == 25.5
PYTHON
