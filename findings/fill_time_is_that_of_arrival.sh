#!/usr/bin/env bash
# ib_insync 0.9.86 and ib_async 2.1.0 give a Fill a time beside its execution's own. Of an execution that TWS tells in
# answer to reqExecutions it is when it was traded; of the same execution told unasked it is when its message came. Fills
# that are sorted by it, as a list of the day, stand in another order than they were traded in as soon as one came late.
# Guessed: time is when it was traded, however it was learned.
# Python 3.10 to 3.13. Output seen: "ib_insync: told unasked True, asked for False", whether time is later than the
# execution's; ib_async alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
from datetime import datetime, timedelta, timezone

asyncio.set_event_loop(asyncio.new_event_loop())
TRADED = datetime(2026, 11, 27, 15, 15, 30, tzinfo=timezone.utc)
CAME = TRADED + timedelta(minutes=20)


def told(name: str, request: str) -> bool:
    """Whether the time of the fill is later than that of its execution."""
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    # When the last bytes of TWS came, as the library notes it.
    ib.wrapper.lastTime = CAME
    if request != "-1":
        ib.wrapper.startReq(int(request))
    decoder.interpret(
        ["11", request, "7", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM", "0000e0d5.67fe667b.01.01",
         "20261127 10:15:30 US/Eastern", "DU1234567", "IEX", "BOT", "100", "20.0", "71", "1", "0", "100", "20.0",
         "", "", "", "", "2"])
    [fill] = ib.fills()
    assert fill.execution.time == TRADED
    assert fill.time in (TRADED, CAME)
    return fill.time > fill.execution.time


for name in ("ib_insync", "ib_async"):
    unasked, asked = told(name, "-1"), told(name, "5")
    print(f"{name}: told unasked {unasked}, asked for {asked}")
    assert (unasked, asked) == (True, False)
PYTHON
