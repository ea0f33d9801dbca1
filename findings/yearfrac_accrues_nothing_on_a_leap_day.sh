#!/usr/bin/env bash
# By 30E/360 a month has 30 days, and only a 31st is taken for a 30th. devind-yearfrac 1.0.0 takes every 28th of February
# for a 30th, too, also that of a leap year, which is the end of nothing: from the 28th to the 29th of February 2028 no
# interest accrues, and to the 1st of March that of one day. Asked backwards within these two days it answers 0 as well,
# where it raises an error for every other pair of dates.
# Guessed: one day to the 29th, three to the 1st of March.
# Python 3.10 and 3.11. Output seen, in days: "from 2028-02-28 to 02-29 0, to 03-01 1; from 02-27 to 02-28 3; backwards 0".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check devind-yearfrac==1.0.0 numpy==1.26.4
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

from devind_yearfrac.yearfrac import yearfrac


def days(start: tuple[int, int], end: tuple[int, int]) -> int:
    """Days of interest by 30E/360 between two days of 2028, each a month and a day."""
    return round(yearfrac(datetime(2028, *start), datetime(2028, *end), "30e360") * 360)


seen = [days((2, 28), (2, 29)), days((2, 28), (3, 1)), days((2, 27), (2, 28)), days((2, 29), (2, 28))]
print("from 2028-02-28 to 02-29 {}, to 03-01 {}; from 02-27 to 02-28 {}; backwards {}".format(*seen))
assert seen == [0, 1, 3, 0]
try:
    days((2, 27), (2, 26))
except Exception as error:
    assert "older" in str(error)
else:
    raise AssertionError("two dates backwards were taken")
PYTHON
