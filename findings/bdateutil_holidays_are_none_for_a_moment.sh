#!/usr/bin/env bash
# A moment is never a holiday for bdateutil 0.1 when its holidays are dates, as they are everywhere: one business day after
# Wednesday, the 25th of November 2026, is Friday when Wednesday is a date, and Thanksgiving when it is a datetime. With
# holidays that are datetimes, as its own text has them, this holds for every moment but midnight. And business days that
# are counted over a weekend are one more than those that are added: from Friday to Saturday is one.
# Guessed: Friday each time, and no business day from Friday to Saturday.
# Python 3.10 and 3.11. Output seen: "one day after: date 2026-11-27, midnight 2026-11-26, 10:15 2026-11-26; Friday to
# Saturday 1".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bdateutil==0.1 python-dateutil==2.2 six==1.17.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date, datetime

from bdateutil import relativedelta

THANKSGIVING = date(2026, 11, 26)
by_date = relativedelta(bdays=1, holidays=[THANKSGIVING])
by_moment = relativedelta(bdays=1, holidays=[datetime(2026, 11, 26)])
after = [date(2026, 11, 25) + by_date, datetime(2026, 11, 25) + by_date, datetime(2026, 11, 25, 10, 15) + by_moment]
over = relativedelta(date(2026, 11, 28), date(2026, 11, 27)).bdays
print("one day after: date {:%Y-%m-%d}, midnight {:%Y-%m-%d}, 10:15 {:%Y-%m-%d}; ".format(*after)
      + f"Friday to Saturday {over}")
assert after == [date(2026, 11, 27), datetime(2026, 11, 26), datetime(2026, 11, 26, 10, 15)]
assert over == 1
PYTHON
