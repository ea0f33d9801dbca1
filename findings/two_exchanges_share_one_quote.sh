#!/usr/bin/env bash
# ib_async 2.1.0 keeps a ticker by its contract's number alone, which is the same on each exchange. Whoever asks for a share
# on NYSE and on ARCA is given one ticker twice, called NYSE's: its bid is that of the exchange that spoke last. In
# ib_insync 0.9.86 these are two.
# Guessed: a quote for each request, by the exchange that it names.
# Python 3.10 to 3.13. Output seen: "ib_insync: NYSE 24.9, ARCA 24.1" and "ib_async: NYSE 24.1, NYSE 24.1".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib

asyncio.set_event_loop(asyncio.new_event_loop())
seen = {}
for name in ("ib_insync", "ib_async"):
    library = importlib.import_module(name)
    ib = library.IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    asked = []
    ib.client.reqMktData = lambda number, *_: asked.append(number)  # What TWS answers stands below.
    ib.client.getReqId = iter((11, 12)).__next__
    tickers = [
        ib.reqMktData(library.Contract(conId=901, symbol="KEY", secType="STK", exchange=exchange, currency="USD"))
        for exchange in ("NYSE", "ARCA")
    ]
    assert asked == [11, 12]
    decoder.interpret(["1", "6", "11", "1", "24.9", "300", "0"])
    decoder.interpret(["1", "6", "12", "1", "24.1", "100", "0"])
    seen[name] = [(ticker.contract.exchange, ticker.bid) for ticker in tickers]
    print(f"{name}: {', '.join(f'{exchange} {bid}' for exchange, bid in seen[name])}")
assert seen["ib_insync"] == [("NYSE", 24.9), ("ARCA", 24.1)]
assert seen["ib_async"] == [("NYSE", 24.1), ("NYSE", 24.1)]
PYTHON
