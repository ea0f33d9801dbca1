#!/usr/bin/env bash
# simplefix 1.0.17 writes the clock of a datetime as it stands: append_utc_timestamp of 10:15:30 in New York, with its
# zone, becomes 10:15:30 UTC, five hours off. The same moment as seconds since 1970 is written right.
# Guessed: a datetime that knows its zone is converted, or refused.
# Python 3.10 to 3.13. Output seen: "datetime in New York: 20261127-10:15:30.000; seconds: 20261127-15:15:30.000".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check simplefix==1.0.17
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timedelta, timezone

import simplefix

moment = datetime(2026, 11, 27, 10, 15, 30, tzinfo=timezone(timedelta(hours=-5)))
message = simplefix.FixMessage()
message.append_utc_timestamp(60, moment)
message.append_utc_timestamp(52, moment.timestamp())
by_zone, by_seconds = message.get(60).decode(), message.get(52).decode()
print(f"datetime in New York: {by_zone}; seconds: {by_seconds}")
assert (by_zone, by_seconds) == ("20261127-10:15:30.000", "20261127-15:15:30.000")
PYTHON
