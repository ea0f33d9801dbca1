#!/usr/bin/env bash
# ezib_async 0.2.1.dev0 keeps positions and portfolio under a name that it makes of a contract: for shares the symbol. To
# TWS the common stock of a company and every series of its preferreds have one symbol, and differ by contract number and
# local symbol: of three positions the last told is left, for all of them.
# Guessed: as many positions as TWS tells of.
# Python 3.11 to 3.13. Output seen: "told KEY 100, KEY PRI 300, KEY PRK -500; kept {'KEY': -500.0}".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
# What ezib_async itself asks for besides, numba and uvloop, is never imported.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_async==2.1.0 pandas==2.3.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ezib_async==0.2.1.dev0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging

from ezib_async import ezIBAsync

logging.disable()
TOLD = {"KEY": ("8314", "100"), "KEY PRI": ("901", "300"), "KEY PRK": ("902", "-500")}


async def kept() -> dict[str, float]:
    """The positions that are kept of those that TWS tells of, in message 61."""
    client = ezIBAsync()
    decoder = client.ib.client.decoder
    client.ib.client._serverVersion = decoder.serverVersion = 176
    for local_symbol, (number, quantity) in TOLD.items():
        decoder.interpret(["61", "3", "DU1234567", number, "KEY", "STK", "", "0.0", "", "", "NYSE", "USD", local_symbol,
                           local_symbol.replace(" ", ""), quantity, "21.5"])
    assert len(client.ib.positions()) == len(TOLD)
    return {name: position["position"] for name, position in client.positions["DU1234567"].items()}


seen = asyncio.run(kept())
print("told " + ", ".join(f"{name} {quantity}" for name, (_, quantity) in TOLD.items()) + f"; kept {seen}")
assert seen == {"KEY": -500.0}
PYTHON
