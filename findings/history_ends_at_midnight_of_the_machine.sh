#!/usr/bin/env bash
# ib_insync 0.9.86 and ib_async 2.1.0 say that a time without a zone, up to which history is asked for, is of the zone that TWS
# was logged in with. They take it for one of the machine's zone, and a date for the machine's midnight: a program in Tokyo
# that asks for history up to 25 November is sent what was traded until 09:59:59 in New York, half an hour of that day.
# Guessed: the zone that the documentation names; for a date, the whole day of the exchange.
# Python 3.10 to 3.13. Output seen, of ib_insync as of ib_async, on machines of New York and of Tokyo:
#   EST5EDT: date 20261126 04:59:59 UTC, 16:00 20261125 21:00:00 UTC
#   JST-9: date 20261125 14:59:59 UTC, 16:00 20261125 07:00:00 UTC
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
cat >"$folder/asks.py" <<'PYTHON'
import asyncio
import importlib
import os
from datetime import date, datetime

asyncio.set_event_loop(asyncio.new_event_loop())
SENT = {
    "EST5EDT": ["20261126 04:59:59 UTC", "20261125 21:00:00 UTC"],
    "JST-9": ["20261125 14:59:59 UTC", "20261125 07:00:00 UTC"],
}[os.environ["TZ"]]
for name in ("ib_insync", "ib_async"):
    library = importlib.import_module(name)
    ib = library.IB()
    share = library.Contract(conId=901, symbol="KEY", secType="STK", exchange="SMART", currency="USD")
    sent: list[str] = []
    ib.client.getReqId = iter((1, 2)).__next__

    def take(number: int, _contract: object, end: str, *_: object) -> None:
        sent.append(end)
        ib.wrapper.historicalDataEnd(number, "", "")

    ib.client.reqHistoricalData = take
    for end in (date(2026, 11, 25), datetime(2026, 11, 25, 16, 0)):
        ib.reqHistoricalData(share, end, "1 D", "30 mins", "TRADES", useRTH=True)
    print(f"{name}, {os.environ['TZ']}: date {sent[0]}, 16:00 {sent[1]}")
    assert sent == SENT
PYTHON
TZ=EST5EDT "$folder/venv/bin/python" "$folder/asks.py"
TZ=JST-9 "$folder/venv/bin/python" "$folder/asks.py"
