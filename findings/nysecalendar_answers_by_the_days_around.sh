#!/usr/bin/env bash
# NYSE_tradingdays of NYSECalendar 0.0.4 lists the days of trade between two days. Whether Friday, 19 June 2020 is one, on
# which the exchange traded, depends on the others: asked for 2020 it is, asked for 2020 to 2022, a year that has Juneteenth
# for a holiday, it is none. Of a Juneteenth on a Saturday the Friday before, on which the exchange is closed, is one.
# Guessed: a day is one of trade or not, whatever else is asked for.
# Python 3.10 to 3.13. Output seen: "2020-06-19: True, asked up to 2022: False; 2027-06-18: True".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check NYSECalendar==0.0.4 python-dateutil==2.9.0.post0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from nysecalendar.nysecalendar import NYSE_tradingdays


def is_day_of_trade(day: date, last_year: int) -> bool:
    """What the list from the beginning of the day's year to the end of ``last_year`` says of the day."""
    return day in {each.date() for each in NYSE_tradingdays(date(day.year, 1, 1), date(last_year, 12, 31))}


friday, before_saturday = date(2020, 6, 19), date(2027, 6, 18)
seen = is_day_of_trade(friday, 2020), is_day_of_trade(friday, 2022), is_day_of_trade(before_saturday, 2027)
print(f"{friday}: {seen[0]}, asked up to 2022: {seen[1]}; {before_saturday}: {seen[2]}")
assert seen == (True, False, True)
assert not is_day_of_trade(date(2026, 11, 26), 2026)
PYTHON
