#!/usr/bin/env bash
# util.schedule() of ib_insync 0.9.86 and ib_async 2.1.0 takes a time of day, with its zone, as one of "today". It says neither
# whose day that is nor what becomes of a time that has passed. The day is the machine's, whatever the zone of the time: in Tokyo,
# at one in the morning, New York's close is five hours ahead, and the callback runs in 29. And what has passed runs at once: a
# program that sells at the close, started in the evening, sells when it starts.
# Guessed: the next 16:00 in New York each time; or an error, where it has passed.
# Python 3.10 to 3.13. Output seen, of ib_insync as of ib_async:
#   New York, 17:00, schedule 16:00: called at once; New York, 11:00: in 5 hours; Tokyo, the same moment: in 29 hours
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0 time-machine==2.19.0 \
  tzdata==2025.3
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
import os
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
NEW_YORK = ZoneInfo("America/New_York")
CLOSE = datetime(2026, 11, 27, 16, 0, tzinfo=NEW_YORK).timetz()


def told(schedule: object, place: str, hour: int) -> str:
    """Return when the close is called that is scheduled in a place while it is this hour in New York."""
    os.environ["TZ"] = place
    time.tzset()
    called: list[bool] = []
    with time_machine.travel(datetime(2026, 11, 27, hour, 0, tzinfo=NEW_YORK).timestamp(), tick=False):
        handle = schedule(CLOSE, called.append, True)
        hours = round((handle.when() - loop.time()) / 3600)
        loop.run_until_complete(asyncio.sleep(0))
    handle.cancel()
    return "called at once" if called else f"in {hours} hours"


for name in ("ib_insync", "ib_async"):
    schedule = importlib.import_module(name).util.schedule
    moments = (("America/New_York", 17), ("America/New_York", 11), ("Asia/Tokyo", 11))
    late, here, abroad = (told(schedule, *moment) for moment in moments)
    seen = f"New York, 17:00, schedule 16:00: {late}; New York, 11:00: {here}; Tokyo, the same moment: {abroad}"
    print(f"{name}: {seen}")
    assert (late, here, abroad) == ("called at once", "in 5 hours", "in 29 hours")
PYTHON
