#!/usr/bin/env bash
# The adapter of nautilus_trader 1.231.0 for IBKR turns the span of a request for bars into the largest unit of TWS that is in
# it, and rounds their number: of ten days it asks TWS for one week, of 44 for one month, of 500 for one year. What is older
# is not there, and the request is a "Success". The method that divides a span into years, days and seconds is in the same
# class, and left unused where the length is told to it already.
# Guessed: from the start to the end that were asked for.
# Python 3.12 and 3.13. Output seen:
#   10 days: 1 W of 10 D, Success; 44 days: 1 M of 44 D, Success; 500 days: 1 Y of 1 Y and 135 D, Success
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  nautilus_trader==1.231.0 nautilus-ibapi==10.46.1 protobuf==5.29.5 defusedxml==0.7.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging
from functools import partial
from types import SimpleNamespace

import pandas
from nautilus_trader.adapters.interactive_brokers.data import InteractiveBrokersDataClient
from nautilus_trader.model.data import BarType

logging.disable()
BARS = BarType.from_str("KEY-PRK.NYSE-1-DAY-LAST-EXTERNAL")
END = pandas.Timestamp("2026-11-27 21:00", tz="UTC")
asked: list[str] = []
told: list[str] = []


async def ask(_bars: BarType, _contract: object, _use_rth: bool, _end: object, duration: str, **_: object) -> list[object]:
    asked.append(duration)
    return []


client = SimpleNamespace(
    instrument_provider=SimpleNamespace(contract={BARS.instrument_id: object()}),
    _client=SimpleNamespace(get_historical_bars=ask, _request_timeout_secs=1),
    _use_regular_trading_hours=True,
    _log=logging.getLogger(),
    _handle_bars=lambda *_: None,
    _msgbus=SimpleNamespace(publish=lambda topic, msg: told.append(msg["status"])),
)
for method in ("get_historical_bars_chunked", "_calculate_duration_segments"):
    setattr(client, method, partial(getattr(InteractiveBrokersDataClient, method), client))
said = []
for days in (10, 44, 500):
    start = END - pandas.Timedelta(days=days)
    request = SimpleNamespace(bar_type=BARS, start=start, end=END, limit=0, id=days, params={})
    asyncio.run(InteractiveBrokersDataClient._request_bars(client, request))
    whole = " and ".join(part for _, part in client._calculate_duration_segments(start, END, None))
    said.append(f"{days} days: {asked[-1]} of {whole}, {told[-1]}")
line = "; ".join(said)
print(line)
assert line == "10 days: 1 W of 10 D, Success; 44 days: 1 M of 44 D, Success; 500 days: 1 Y of 1 Y and 135 D, Success"
assert len(asked) == 3
PYTHON
