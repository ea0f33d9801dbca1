#!/usr/bin/env bash
# A bond of assetlab 0.1.0 may have a rate for each period, as notes and preferreds have that go from 5 to 8 %. It pays each coupon at
# its own rate, and accrues at that of the period before: the day before a coupon of 40.00 there are 24.86, and the buyer
# makes 15 overnight. A last period that is shorter than the others has no coupon at all, and accrues nothing for four months.
# Guessed: 39.78, which is 40.00 less a day; and 20.55 for the last period, 124 of 181 days.
# Python 3.11 to 3.13. Output seen, of 1000, twice a year:
#   coupon of 2026-07-15: 40.00, accrued on 2026-07-14: 24.86; coupons to 2027-02-10, due 2027-06-15 with 1000.00, accrued on
#   2027-06-14: 0.00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
# What assetlab itself asks for besides, a notebook, is never imported.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6 scipy==1.15.3 pydantic==2.12.5 \
  matplotlib==3.10.7
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps assetlab==0.1.0
"$folder/venv/bin/python" - <<'PYTHON'
from assetlab import Bond
from pandas import Timestamp

step = Bond(issue_date=Timestamp("2025-01-15"), maturity_date=Timestamp("2028-01-15"), face_value=1000,
            coupon_rate=[0.05, 0.05, 0.08, 0.08, 0.08, 0.08], coupon_frequency=2)
[coupon] = [each["coupon_amount"] for each in step.get_coupon_schedule() if each["date"] == Timestamp("2026-07-15")]
accrued = step.accrued_interest(Timestamp("2026-07-14"))
short = Bond(issue_date=Timestamp("2024-02-10"), maturity_date=Timestamp("2027-06-15"), face_value=1000,
             coupon_rate=0.06, coupon_frequency=2)
last = short.get_coupon_dates()[-1]
[due] = short.get_remaining_cashflow(Timestamp("2027-02-11"))
nothing = short.accrued_interest(Timestamp("2027-06-14"))
print(f"coupon of 2026-07-15: {coupon:.2f}, accrued on 2026-07-14: {accrued:.2f}; coupons to {last:%Y-%m-%d}, due "
      f"{due.date:%Y-%m-%d} with {due.amount:.2f}, accrued on 2027-06-14: {nothing:.2f}")
assert (coupon, round(accrued, 2)) == (40, 24.86)
assert (last, due.date, due.amount) == (Timestamp("2027-02-10"), Timestamp("2027-06-15"), 1000)
assert nothing == 0
PYTHON
