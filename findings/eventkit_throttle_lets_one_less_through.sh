#!/usr/bin/env bash
# Event.throttle(maximum, interval) of eventkit 1.0.3 and aeventkit 2.1.0, the events of ib_insync and ib_async, is to "limit number
# of emits per time without dropping values". It lets one less through than its maximum. Of throttle(3, ..) there are two an
# interval; of throttle(1, ..), one request each second, there is none, ever: for each value the log has an IndexError, and
# what listens hears of nothing. aeventkit 3.0.1 lets the one through; of three it lets two through, as before.
# Guessed: three, and one.
# Python 3.10 to 3.13. Output seen, of five values at once:
#   eventkit 1.0.3: throttle(3) 2 at once; throttle(1) 0 at once, 0 after four intervals, logged 5
#   aeventkit 2.1.0: throttle(3) 2 at once; throttle(1) 0 at once, 0 after four intervals, logged 5
#   aeventkit 3.0.1: throttle(3) 2 at once; throttle(1) 1 at once, more after four intervals, logged 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
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


async def told(maximum: int) -> tuple[int, int]:
    """Tell five values at once, and count those that come through then, and within four intervals."""
    logged.clear()
    requests = eventkit.Event("requests")
    through = []
    requests.throttle(maximum, INTERVAL).connect(through.append)
    for number in range(5):
        requests.emit(number)
    at_once = len(through)
    await asyncio.sleep(4 * INTERVAL)
    return at_once, len(through)


of_three, _ = loop.run_until_complete(told(3))
of_one, later = loop.run_until_complete(told(1))
seen = (f"throttle(3) {of_three} at once; throttle(1) {of_one} at once, {'more' if later > of_one else later} after four "
        f"intervals, logged {len(logged)}")
print(f"{sys.argv[1]}: {seen}")
newest = "throttle(3) 2 at once; throttle(1) 1 at once, more after four intervals, logged 0"
before = "throttle(3) 2 at once; throttle(1) 0 at once, 0 after four intervals, logged 5"
assert seen == (newest if sys.argv[1] == "aeventkit 3.0.1" else before)
PYTHON
for events in "eventkit 1.0.3" "aeventkit 2.1.0" "aeventkit 3.0.1"; do
  venv="$folder/${events/ /-}"
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${events/ /==}"
  "$venv/bin/python" "$folder/seen.py" "$events"
done
