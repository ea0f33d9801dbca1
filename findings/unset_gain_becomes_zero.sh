#!/usr/bin/env bash
# A commission report of an opening fill has no realized P&L: TWS sends 1.7976931348623157E308 for "not set".
# ib_insync 0.9.86 and ib_async 2.1.0 turn exactly that into 0.0, so a gain that is not known cannot be told from a
# sale that broke even.
# Guessed: NaN, None or the sign itself.
# Python 3.10 to 3.13. Output seen: "ib_insync: realizedPNL 0.0"; ib_async alike.
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
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    decoder.interpret(
        ["11", "-1", "-1", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM", "0000e0d5.67fe667b.01.01",
         "20261127 10:15:30 US/Eastern", "DU1234567", "IEX", "BOT", "100", "20.0", "1", "0", "0", "100", "20.0",
         "", "", "", "", "2"])
    decoder.interpret(["59", "1", "0000e0d5.67fe667b.01.01", "1.05", "USD", "1.7976931348623157E308",
                       "1.7976931348623157E308", "0"])
    [fill] = ib.fills()
    print(f"{name}: realizedPNL {fill.commissionReport.realizedPNL}")
    assert fill.commissionReport.realizedPNL == 0.0
PYTHON
