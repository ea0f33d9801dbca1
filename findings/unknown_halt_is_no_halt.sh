#!/usr/bin/env bash
# Tick 49 of TWS tells whether trading is halted: 1 or 2 if it is, 0 if it is not, -1 if TWS does not know, as with frozen
# data. ib_async 2.1.0 makes 0 of every figure of these ticks that is not positive: what is not known is not halted. A
# future that stands 3.5 under its index (tick 31) has a premium of 0. ib_insync 0.9.86 keeps both.
# Guessed: the figure that TWS told, or NaN.
# Python 3.10 to 3.13. Output seen: "ib_insync: halted -1.0, premium -3.5" and "ib_async: halted 0, premium 0".
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
    share = library.Contract(conId=901, symbol="KEY", secType="STK", exchange="NYSE", currency="USD")
    ticker = ib.wrapper.startTicker(6, share, "mktData")
    decoder.interpret(["45", "1", "6", "49", "-1"])
    decoder.interpret(["45", "1", "6", "31", "-3.5"])
    seen[name] = (ticker.halted, ticker.indexFuturePremium)
    print(f"{name}: halted {ticker.halted}, premium {ticker.indexFuturePremium}")
assert seen == {"ib_insync": (-1, -3.5), "ib_async": (0, 0)}
PYTHON
