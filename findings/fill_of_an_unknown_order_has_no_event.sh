#!/usr/bin/env bash
# ib_insync 0.9.86 and ib_async 2.1.0: an execution that TWS sends by itself for an order of which it never told
# (placed by hand, or IBKR's own liquidation) is kept in fills() but raises no execDetailsEvent, and neither does its
# commission raise a commissionReportEvent. Whoever listens to events learns nothing of it.
# Guessed: an event for each fill, whoever placed the order.
# Python 3.10 to 3.13. Output seen: "ib_insync: 0 events, 1 fill"; ib_async alike.
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
    events = []
    ib.execDetailsEvent += lambda *told: events.append(told)
    ib.commissionReportEvent += lambda *told: events.append(told)
    decoder.interpret(
        ["11", "-1", "-1", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM", "0000e0d5.67fe667b.01.01",
         "20261127 10:15:30 US/Eastern", "DU1234567", "IEX", "SLD", "300", "20.98", "1743789945", "0", "1", "300", "20.98",
         "", "", "", "", "2"])
    decoder.interpret(["59", "1", "0000e0d5.67fe667b.01.01", "1.05", "USD", "-12.5", "1.7976931348623157E308", "0"])
    print(f"{name}: {len(events)} events, {len(ib.fills())} fill")
    assert (len(events), len(ib.fills())) == (0, 1)
PYTHON
