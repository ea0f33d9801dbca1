#!/usr/bin/env bash
# ibquant 0.1.1, which is built on ib_insync, tells the month of the equity future that is traded now: EquityFutureFrontMonth.expiry. In
# the third week of December it goes on to March, and leaves the year: on 21 December 2026 the future to ask TWS for is that of March
# 2026, nine months after its end; for 30 November and 4 January it is right. And spx_nearest_tick(), which "rounds to nearest tick
# increment", rounds up: a price that is a cent above its tick goes to the next one, 24 cents away.
# Guessed: 202703; and 6800.00 for 6800.01.
# Python 3.10 to 3.13. Output seen:
#   2026-11-30 202612, 2026-12-21 202603, 2027-01-04 202703; nearest to 6800.01: 6800.25
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 numpy==2.2.6 time-machine==2.19.0
# What ibquant itself asks for besides, for its charts and its command line, is not imported here.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ibquant==0.1.1
cat >"$folder/seen.py" <<'PYTHON'
import asyncio
import sys
from datetime import datetime

import time_machine

asyncio.set_event_loop(asyncio.new_event_loop())
with time_machine.travel(datetime.fromisoformat(f"{sys.argv[1]}T12:00"), tick=False):
    from ibquant.futures import EquityFutureFrontMonth, spx_nearest_tick

print(f"{sys.argv[1]} {EquityFutureFrontMonth.expiry}" if len(sys.argv) == 2 else f"{spx_nearest_tick(6800.01):.2f}")
PYTHON
seen=()
for day in 2026-11-30 2026-12-21 2027-01-04; do
  seen+=("$("$folder/venv/bin/python" "$folder/seen.py" "$day")")
done
nearest=$("$folder/venv/bin/python" "$folder/seen.py" 2026-11-30 tick)
line="${seen[0]}, ${seen[1]}, ${seen[2]}; nearest to 6800.01: $nearest"
echo "$line"
[ "$line" = "2026-11-30 202612, 2026-12-21 202603, 2027-01-04 202703; nearest to 6800.01: 6800.25" ]
