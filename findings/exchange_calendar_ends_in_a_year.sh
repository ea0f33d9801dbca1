#!/usr/bin/env bash
# A calendar of exchange_calendars 4.13.2 reaches from 20 years ago to a year from now unless it is told otherwise. A
# day beyond that is no False and no guess: is_session raises DateOutOfBounds, and a program that looks for the
# sessions around a good-till date two years ahead, or reads an old journal, ends.
# Guessed: the rules of an exchange answer for any day.
# Python 3.10 to 3.13. Output seen: "XNYS answers for a day in half a year; in two years: DateOutOfBounds".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check exchange_calendars==4.13.2
"$folder/venv/bin/python" - <<'PYTHON'
import datetime

import exchange_calendars
from exchange_calendars.errors import DateOutOfBounds

calendar = exchange_calendars.get_calendar("XNYS")
today = datetime.date.today()
assert calendar.is_session(str(today + datetime.timedelta(days=182))) in (True, False)
seen = []
for day in (today + datetime.timedelta(days=730), datetime.date(2005, 1, 3)):
    try:
        calendar.is_session(str(day))
    except DateOutOfBounds as error:
        seen.append(type(error).__name__)
print(f"XNYS answers for a day in half a year; in two years: {seen[0]}")
assert seen == ["DateOutOfBounds", "DateOutOfBounds"]
wider = exchange_calendars.get_calendar("XNYS", start="2005-01-01", end="2040-12-31")
assert wider.is_session("2005-01-03")
PYTHON
