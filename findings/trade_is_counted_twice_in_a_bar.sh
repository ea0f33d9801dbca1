#!/usr/bin/env bash
# The trades of a ticker are, for ib_insync 0.9.86 and ib_async 2.1.0, its ticks 4 and 5 (last price and size) and 48, the trade
# with time, volume and average that is asked for as generic tick 233. Whoever asks for it hears of each trade once more,
# since TWS tells 4 all the same: the bars made of them have twice the volume and twice the trades, beside a day's volume
# that is right.
# Guessed: one trade of 200 shares is 200 shares.
# Python 3.10 to 3.13. Output seen: "ib_insync: 1 trade of 200, told by ticks 4 and 48: volume 400.0, 2 trades; of the day:
# 200.0"; ib_async alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib

asyncio.set_event_loop(asyncio.new_event_loop())
TOLD = (
    ["1", "6", "5", "4", "25.02", "200", "0"],
    ["46", "6", "5", "48", "25.02;200;1764600000000;200;25.02;true"],
)
for name in ("ib_insync", "ib_async"):
    library = importlib.import_module(name)
    ib = library.IB()
    wrapper, decoder = ib.wrapper, ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    share = library.Contract(conId=901, symbol="KEY", secType="STK", exchange="SMART", currency="USD")
    ticker = wrapper.startTicker(5, share, "mktData")
    bars = ticker.updateEvent.trades().tickbars(10)
    for message in TOLD:
        wrapper.tcpDataArrived()
        decoder.interpret(message)
        wrapper.tcpDataProcessed()
    [bar] = bars.bars
    print(f"{name}: 1 trade of 200, told by ticks 4 and 48: volume {bar.volume}, {bar.count} trades; "
          f"of the day: {ticker.rtVolume}")
    assert (bar.volume, bar.count, ticker.rtVolume) == (400, 2, 200)
PYTHON
