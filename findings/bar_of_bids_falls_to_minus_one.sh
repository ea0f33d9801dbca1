#!/usr/bin/env bash
# While nobody bids, TWS tells a bid of -1 with a size of 0. The bars that ib_insync 0.9.86 and ib_async 2.1.0 make of a
# ticker's bids take it for a price: a share whose bid is gone for a moment has a low of -1, and a rule that watches the low
# goes off.
# Guessed: no bid is no price, as in the library's own midpoint().
# Python 3.10 to 3.13. Output seen: "ib_insync: bids 24.9, none, 24.85: high 24.9, low -1.0, 3 prices"; ib_async: low -1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib

asyncio.set_event_loop(asyncio.new_event_loop())
for name in ("ib_insync", "ib_async"):
    library = importlib.import_module(name)
    ib = library.IB()
    wrapper, decoder = ib.wrapper, ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    share = library.Contract(conId=901, symbol="KEY", secType="STK", exchange="SMART", currency="USD")
    ticker = wrapper.startTicker(5, share, "mktData")
    bars = ticker.updateEvent.bids().tickbars(3)
    for price, size in (("24.9", "300"), ("-1", "0"), ("24.85", "200")):
        wrapper.tcpDataArrived()
        decoder.interpret(["1", "6", "5", "1", price, size, "0"])
        wrapper.tcpDataProcessed()
    [bar] = bars.bars
    print(f"{name}: bids 24.9, none, 24.85: high {bar.high}, low {bar.low}, {bar.count} prices")
    assert (bar.high, bar.low, bar.close, bar.count) == (24.9, -1, 24.85, 3)
PYTHON
