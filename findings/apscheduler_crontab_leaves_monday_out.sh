#!/usr/bin/env bash
# CronTrigger.from_crontab() of APScheduler 3.11.3 takes a line of a crontab and counts its days from Monday as 0, where a
# crontab counts from Sunday: "0 16 * * 1-5", the close of every trading day, is Tuesday to Saturday. The day 7, which is
# Sunday in a crontab, is refused. With mon-fri it is right.
# Guessed: a line of a crontab means what it means there.
# Python 3.10 to 3.13. Output seen: "1-5: Tue Wed Thu Fri Sat; mon-fri: Mon Tue Wed Thu Fri".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check APScheduler==3.11.3 tzdata==2025.3
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

NEW_YORK = ZoneInfo("America/New_York")


def days(line: str) -> str:
    """The first five days that the line names, from a Sunday on."""
    trigger = CronTrigger.from_crontab(line, timezone=NEW_YORK)
    fired, now, names = None, datetime(2026, 11, 22, tzinfo=NEW_YORK), []
    for _ in range(5):
        fired = now = trigger.get_next_fire_time(fired, now)
        names.append(f"{fired:%a}")
    return " ".join(names)


numbers, names = days("0 16 * * 1-5"), days("0 16 * * mon-fri")
print(f"1-5: {numbers}; mon-fri: {names}")
assert numbers == "Tue Wed Thu Fri Sat"
assert names == "Mon Tue Wed Thu Fri"
PYTHON
