#!/usr/bin/env bash
# pyorderbook 0.4.9 answers each order with a blotter: what was paid in all, at what average price, in how many trades. The average is
# that of the prices, whatever was traded at each: 900 shares at 25 and 100 at 30 have cost 25,500 dollars, and 27.50 on average, which
# would be 27,500. It is cut to cents, where the order's own prices are Decimals. The number of trades is 0 for any order, beside a
# list that has them.
# Guessed: 25.50, 24.985 and 2.
# Python 3.11 to 3.13. Output seen:
#   900 at 25 and 100 at 30: cost 25500.0, average 27.5, trades 0 of 2; 100 at 24.985: cost 2498.5, average 24.98
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyorderbook==0.4.9
"$folder/venv/bin/python" - <<'PYTHON'
from pyorderbook import Book, TradeBlotter, ask, bid


def bought(*offers: tuple[float, int]) -> TradeBlotter:
    """Return the blotter of an order that buys all that is offered, each a price and a number of shares."""
    book = Book()
    book.match([ask("KEY PRK", price, shares) for price, shares in offers])
    return book.match(bid("KEY PRK", max(price for price, _ in offers), sum(shares for _, shares in offers)))


two, one = bought((25, 900), (30, 100)), bought((24.985, 100))
seen = (f"900 at 25 and 100 at 30: cost {two.total_cost}, average {two.average_price}, trades {two.num_trades} of "
        f"{len(two.trades)}; 100 at 24.985: cost {one.total_cost}, average {one.average_price}")
print(seen)
assert seen == ("900 at 25 and 100 at 30: cost 25500.0, average 27.5, trades 0 of 2; "
                "100 at 24.985: cost 2498.5, average 24.98")
PYTHON
