#!/usr/bin/env bash
# Event.map() of eventkit 1.0.3 and aeventkit 2.1.0, the events of ib_insync and ib_async, takes a function or a coroutine
# function. When a function fails, its value is left out and the error is logged. When a coroutine fails, or takes longer
# than the timeout given, nothing is logged, and what listens is told NoValue as if that were the value.
# Guessed: a failure is told alike, and is no value.
# Python 3.10 to 3.13. Output seen: "eventkit: function [25.0, 24.0], logged 1; coroutine [25.0, <NoValue>, 24.0], logged
# 0"; aeventkit alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check eventkit==1.0.3
"${PYTHON:-python3}" -m venv "$folder/other"
"$folder/other/bin/pip" install --quiet --disable-pip-version-check aeventkit==2.1.0
cat >"$folder/seen.py" <<'PYTHON'
import asyncio
import logging
import sys

asyncio.set_event_loop(loop := asyncio.new_event_loop())
import eventkit

logged = []
handler = logging.Handler()
handler.emit = logged.append
logging.getLogger().addHandler(handler)
PRICES = {"CIM PRB": 25.0, "KEY PRK": 24.0}


def price(symbol: str) -> float:
    return PRICES[symbol]


async def price_later(symbol: str) -> float:
    return PRICES[symbol]


async def told(look_up) -> str:
    logged.clear()
    symbols = eventkit.Event("symbols")
    values = []
    prices = symbols.map(look_up).connect(values.append)
    for symbol in ("CIM PRB", "IBM", "KEY PRK"):
        symbols.emit(symbol)
    symbols.set_done()
    while not prices.done():
        await asyncio.sleep(0)
    return f"{values}, logged {len(logged)}"


function, coroutine = (loop.run_until_complete(told(each)) for each in (price, price_later))
print(f"{sys.argv[1]}: function {function}; coroutine {coroutine}")
assert function == "[25.0, 24.0], logged 1"
assert coroutine == "[25.0, <NoValue>, 24.0], logged 0"
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" eventkit
"$folder/other/bin/python" "$folder/seen.py" aeventkit
