#!/usr/bin/env bash
# tastytrade 13.2.3 reads a quote of the data stream only if it has both prices. One without an ask, whose ask dxFeed tells as
# NaN, is left out with a line for debugging; so is one without a bid. Of a share whose only ask was bought, the last quote
# that a program hears of is the one with that ask.
# Guessed: a quote whose ask is None, as the library makes None of NaN in its other events.
# Python 3.11 to 3.13. Output seen: "told 2 quotes of KEY/PRK, heard of 1: 24.9 bid, 25.1 ask".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tastytrade==13.2.3 pandas==2.3.3
"$folder/venv/bin/python" - <<'PYTHON'
from tastytrade.dxfeed import Quote


def told(bid: float | str, ask: float | str, bid_size: float, ask_size: float | str) -> list:
    """Give the fields of a quote in the stream's order: symbol, times and exchanges, prices, sizes."""
    return ["KEY/PRK", 0, 0, 0, 1764600000000, "N", 1764600000000, "N", bid, ask, bid_size, ask_size]


both, bid_alone = told(24.9, 25.1, 300, 100), told(24.95, "NaN", 400, 0)
quotes = Quote.from_stream(both + bid_alone)
[quote] = quotes
print(f"told 2 quotes of {quote.event_symbol}, heard of 1: {quote.bid_price} bid, {quote.ask_price} ask")
assert (float(quote.bid_price), float(quote.ask_price)) == (24.9, 25.1)
assert Quote.from_stream(told("NaN", 25.1, 0, 100)) == []
PYTHON
