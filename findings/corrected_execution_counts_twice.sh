#!/usr/bin/env bash
# IBKR corrects an execution by telling it again with an id that differs behind the last dot alone (.01, then .02).
# ib_insync 0.9.86 and ib_async 2.1.0 keep both: fills() has two, and their shares add up to twice what was traded.
# Guessed: the correction takes the place of what it corrects.
# Python 3.10 to 3.13. Output seen: "ib_insync: 2 fills, 200 shares of 100"; ib_async alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
import logging

asyncio.set_event_loop(asyncio.new_event_loop())
logging.disable()


def execution(number: str, price: str) -> list[str]:
    return ["11", "-1", "0", "700000001", "CIM", "STK", "", "0.0", "", "", "NYSE", "USD", "CIM PRB", "CIM PRB",
            f"0000e0d5.67fe667b.01.{number}", "20261127  10:15:30", "DU1234567", "IEX", "BOT", "100", price, "77", "0",
            "0", "100", price, "", "", "", "", "2"]


for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    decoder.interpret(execution("01", "20.00"))
    decoder.interpret(execution("02", "20.10"))
    shares = sum(fill.execution.shares for fill in ib.fills())
    print(f"{name}: {len(ib.fills())} fills, {shares:g} shares of 100")
    assert (len(ib.fills()), shares) == (2, 200)
PYTHON
