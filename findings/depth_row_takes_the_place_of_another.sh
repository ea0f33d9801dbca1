#!/usr/bin/env bash
# A row of market depth that TWS inserts (operation 0 of message 12) moves the rows below it down. So it does in ib_insync
# 0.9.86; in its successor ib_async 2.1.0 it takes the place of the row that stood there: of four bids there are three. A
# row that was deleted and is inserted again comes last: domBids[0], the best bid of before, is now the second best.
# Guessed: the successor shows the rows that its predecessor shows, the best one first.
# Python 3.10 to 3.13. Output seen:
#   ib_insync: inserted 24.95: 24.95 24.9 24.85 24.8; deleted it, inserted 24.92: 24.92 24.9 24.85 24.8
#   ib_async: inserted 24.95: 24.95 24.85 24.8; deleted it, inserted 24.92: 24.85 24.8 24.92
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib

asyncio.set_event_loop(asyncio.new_event_loop())
INSERT, DELETE = "0", "2"
BID = "1"
seen = {}
for name in ("ib_insync", "ib_async"):
    library = importlib.import_module(name)
    ib = library.IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    share = library.Contract(conId=901, symbol="KEY", secType="STK", exchange="NYSE", currency="USD")
    ticker = ib.wrapper.startTicker(5, share, "mktDepth")

    def bids() -> list[float]:
        return [level.price for level in ticker.domBids]

    for row, price in enumerate(("24.9", "24.85", "24.8")):
        decoder.interpret(["12", "1", "5", str(row), INSERT, BID, price, "300"])
    assert bids() == [24.9, 24.85, 24.8]
    decoder.interpret(["12", "1", "5", "0", INSERT, BID, "24.95", "100"])
    inserted = bids()
    decoder.interpret(["12", "1", "5", "0", DELETE, BID, "0", "0"])
    decoder.interpret(["12", "1", "5", "0", INSERT, BID, "24.92", "100"])
    seen[name] = (inserted, bids())
    print(f"{name}: inserted 24.95: {' '.join(map(str, inserted))}; "
          f"deleted it, inserted 24.92: {' '.join(map(str, bids()))}")
assert seen["ib_insync"] == ([24.95, 24.9, 24.85, 24.8], [24.92, 24.9, 24.85, 24.8])
assert seen["ib_async"] == ([24.95, 24.85, 24.8], [24.85, 24.8, 24.92])
PYTHON
