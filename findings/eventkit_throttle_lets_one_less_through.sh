#!/usr/bin/env bash
# Event.throttle(maximum, interval) of eventkit 1.0.3 and aeventkit 2.1.0, the events of ib_insync and ib_async, is to "limit number
# of emits per time without dropping values". It lets one less through than its maximum. Of throttle(3, ..) there are two an
# interval; of throttle(1, ..), one request each second, there is none, ever: for each value the log has an IndexError, and
# what listens hears of nothing.
# Guessed: three, and one.
# Python 3.10 to 3.13. Output seen, of five values at once, after four intervals:
#   eventkit: throttle(3) at once 2, later 5, logged 0; throttle(1) at once 0, later 0, logged 5
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
import logging
import sys

asyncio.set_event_loop(loop := asyncio.new_event_loop())
import eventkit

INTERVAL = 0.5
logged = []
handler = logging.Handler()
handler.emit = logged.append
logging.getLogger().addHandler(handler)


async def told(maximum: int) -> str:
    """Tell five values at once, and count those that come through."""
    logged.clear()
    requests = eventkit.Event("requests")
    through = []
    requests.throttle(maximum, INTERVAL).connect(through.append)
    for number in range(5):
        requests.emit(number)
    at_once = len(through)
    await asyncio.sleep(4 * INTERVAL)
    return f"throttle({maximum}) at once {at_once}, later {len(through)}, logged {len(logged)}"


seen = "; ".join(loop.run_until_complete(told(maximum)) for maximum in (3, 1))
print(f"{sys.argv[1]}: {seen}")
assert seen == "throttle(3) at once 2, later 5, logged 0; throttle(1) at once 0, later 0, logged 5"
PYTHON
"$folder/venv/bin/python" "$folder/seen.py" eventkit
"$folder/other/bin/python" "$folder/seen.py" aeventkit
