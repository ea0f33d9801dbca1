#!/usr/bin/env bash
# Event.deque(count) of eventkit 1.0.3 and aeventkit 2.1.0, the events of ib_insync and ib_async, tells the last values each time
# that one comes. It tells the same deque every time: whoever keeps what he was told, as the windows of a chart or of a rule, has
# the last one as often as he was told, and an older window changes under him. Event.array(count) tells a window of its own.
# Guessed: each is the window of its moment, as with array().
# Python 3.10 to 3.13. Output seen:
#   eventkit: deque 25.0 25.1, 25.0 25.1, 25.0 25.1; array 24.9, 24.9 25.0, 25.0 25.1
#   aeventkit alike
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check eventkit==1.0.3
"${PYTHON:-python3}" -m venv "$folder/other"
"$folder/other/bin/pip" install --quiet --disable-pip-version-check aeventkit==2.1.0
cat >"$folder/seen.py" <<'PYTHON'
import asyncio
import sys

asyncio.set_event_loop(asyncio.new_event_loop())
import eventkit


def windows(kind: str) -> str:
    prices = eventkit.Event("prices")
    kept = []
    getattr(prices, kind)(2).connect(kept.append)
    for price in (24.9, 25.0, 25.1):
        prices.emit(price)
    return f"{kind} " + ", ".join(" ".join(map(str, window)) for window in kept)


seen = "; ".join(map(windows, ("deque", "array")))
print(f"{sys.argv[1]}: {seen}")
assert seen == "deque 25.0 25.1, 25.0 25.1, 25.0 25.1; array 24.9, 24.9 25.0, 25.0 25.1"
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" eventkit
"$folder/other/bin/python" "$folder/seen.py" aeventkit
