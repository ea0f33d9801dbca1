#!/usr/bin/env bash
# business-days 0.0.8 knows the holidays of a bank by a list that ends in 2026, and does not say so: from 2027 on
# New Year's Day and Thanksgiving are days of business. In 2021, 2022 and 2023 it has Washington's Birthday, a Monday, on a
# Thursday of that week or of the week before, so that a payment of Friday, the 17th of February 2023, arrives on the
# holiday.
# Guessed: the next day of business, or an error for a year that is not there.
# Python 3.10 to 3.13. Output seen: "next after 2025-12-31: 2026-01-02; 2026-12-31: 2027-01-01; 2027-11-24: 2027-11-25;
# 2023-02-17: 2023-02-20".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check business-days==0.0.8
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from business_days.business_days import days_from_now, is_business_day

DAYS = [date(2025, 12, 31), date(2026, 12, 31), date(2027, 11, 24), date(2023, 2, 17)]
after = [days_from_now(day, 1) for day in DAYS]
print("next after " + "; ".join(f"{day}: {then}" for day, then in zip(DAYS, after)))
assert after == [date(2026, 1, 2), date(2027, 1, 1), date(2027, 11, 25), date(2023, 2, 20)]
# The Thursdays that it takes for Washington's Birthday.
assert not any(map(is_business_day, (date(2021, 2, 18), date(2022, 2, 17), date(2023, 2, 16))))
PYTHON
