#!/usr/bin/env bash
# open_at_time of pandas_market_calendars 5.5.0 knows the moments from the first open of the schedule to its last
# close and no others. "Is the exchange open?", asked with the schedule of two days, is False in the night between
# them; asked with the schedule of the day, it is a ValueError before the open and after the close.
# Guessed: False, as at any other time at which nobody trades.
# Python 3.10 to 3.13. Output seen: "at noon: True; at 08:00: ValueError; at 17:00: ValueError".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas_market_calendars==5.5.0
"$folder/venv/bin/python" - <<'PYTHON'
import pandas
import pandas_market_calendars

calendar = pandas_market_calendars.get_calendar("NYSE")
schedule = calendar.schedule("2026-09-18", "2026-09-18")


def is_open(clock: str) -> str:
    at = pandas.Timestamp(f"2026-09-18 {clock}", tz="America/New_York")
    try:
        return str(bool(calendar.open_at_time(schedule, at)))
    except ValueError:
        return "ValueError"


seen = [is_open(clock) for clock in ("12:00", "08:00", "17:00")]
print("at noon: {}; at 08:00: {}; at 17:00: {}".format(*seen))
assert seen == ["True", "ValueError", "ValueError"]
two_days = calendar.schedule("2026-09-17", "2026-09-18")
assert not calendar.open_at_time(two_days, pandas.Timestamp("2026-09-18 08:00", tz="America/New_York"))
PYTHON
