#!/usr/bin/env bash
# TWS can be set to send execution times in UTC: a hyphen between date and time, no zone ("20261127-15:15:30").
# ib_insync 0.9.86 and ib_async 2.1.0 parse it into a time without a zone, and then take it for one in the zone of
# their own computer: in New York the same fill moves by five hours, and around midnight to another day.
# Guessed: UTC, as TWS says by the hyphen.
# Python 3.10 to 3.13. Output seen: "ib_insync: 2026-11-27 20:15:30+00:00 with TZ=America/New_York"; 15:15:30 is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
import os
import time
from datetime import datetime, timezone

asyncio.set_event_loop(asyncio.new_event_loop())
os.environ["TZ"] = "America/New_York"
time.tzset()
for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    decoder.interpret(
        ["11", "-1", "-1", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM", "0000e0d5.67fe667b.01.01",
         "20261127-15:15:30", "DU1234567", "IEX", "BOT", "100", "20.0", "1", "0", "0", "100", "20.0", "", "", "", "", "2"])
    [fill] = ib.fills()
    print(f"{name}: {fill.execution.time} with TZ=America/New_York")
    assert fill.execution.time.astimezone(timezone.utc) == datetime(2026, 11, 27, 20, 15, 30, tzinfo=timezone.utc)
PYTHON
