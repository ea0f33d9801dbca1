#!/usr/bin/env bash
# ib_async 2.1.0 takes ten codes of TWS, and those from 2100 to 2199, for warnings, and each gives the order of its number
# the status "ValidationError", one of those that work, whatever its status was. A filled order that is warned of late
# (2109: the attribute "outside regular hours" was ignored) is open again, with nothing remaining; a new order that a TWS
# set to read only refuses (321) is open, too. ib_insync 0.9.86 leaves the first filled and calls the second cancelled.
# Guessed: filled stays filled, and what was refused is done.
# Python 3.10 to 3.13. Output seen:
#   ib_insync: filled and warned of: Filled; refused: Cancelled; open: 0
#   ib_async: filled and warned of: ValidationError; refused: ValidationError; open: 2
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
import logging

logging.disable()
asyncio.set_event_loop(asyncio.new_event_loop())
seen = {}
for name in ("ib_insync", "ib_async"):
    library = importlib.import_module(name)
    ib = library.IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    ib.wrapper.clientId = 7
    ib.client.placeOrder = lambda *_: None  # Nothing is sent: what TWS answers stands below.
    share = library.Contract(conId=901, symbol="KEY", secType="STK", exchange="SMART", currency="USD")

    def place(number: int):
        return ib.placeOrder(share, library.LimitOrder("BUY", 100, 24.5, orderId=number))

    filled = place(21)
    decoder.interpret(["3", "21", "Filled", "100", "0", "24.5", "9001", "0", "24.5", "7", "", "0"])
    assert filled.isDone() and not ib.openTrades()
    decoder.interpret(["4", "2", "21", "2109", "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored "
                       "based on the order type and destination. PlaceOrder is now being processed.", ""])
    refused = place(22)
    decoder.interpret(["4", "2", "22", "321", "Error validating request.-'bN' : cause - The API interface is currently in "
                       "Read-Only mode.", ""])
    assert filled.orderStatus.remaining == 0
    seen[name] = (filled.orderStatus.status, refused.orderStatus.status, len(ib.openTrades()))
    print(f"{name}: filled and warned of: {seen[name][0]}; refused: {seen[name][1]}; open: {seen[name][2]}")
assert seen["ib_insync"] == ("Filled", "Cancelled", 0)
assert seen["ib_async"] == ("ValidationError", "ValidationError", 2)
PYTHON
