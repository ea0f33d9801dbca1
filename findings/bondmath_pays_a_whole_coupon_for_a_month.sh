#!/usr/bin/env bash
# bondmath 0.1.3 takes the first period of a bond that is issued between two coupons for a whole one: of 1000 at 6 %, twice a year, issued
# a month before the first coupon, that coupon is 30.00, and the month accrues 29.03 in 30 days. What is paid in two years and a month
# is 150.00, where 125.00 are due.
# Guessed: 5.00 for the first coupon, a month of 60.00 a year, as its own words on an irregular first period let expect.
# Python 3.10 to 3.13. Output seen:
#   issued 2026-10-15: first coupon 2026-11-15 30.00, accrued on 2026-11-14 29.03, coupons in all 150.00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
# What bondmath itself asks for besides, for its server, is not imported here.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps bondmath==0.1.3
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from bondmath.bond import Bond, accrued_interest, cash_flows
from bondmath.daycount import DayCount

ISSUED = date(2026, 10, 15)
bond = Bond(face=1000, coupon_rate=0.06, frequency=2, issue=ISSUED, maturity=date(2028, 11, 15), basis=DayCount.ACT_ACT_ICMA)
first, *later = cash_flows(bond, ISSUED)
accrued = accrued_interest(bond, date(2026, 11, 14)).amount
coupons = first.amount + sum(each.amount for each in later) - bond.face
print(f"issued {ISSUED}: first coupon {first.date} {first.amount:.2f}, accrued on 2026-11-14 {accrued:.2f}, coupons in all "
      f"{coupons:.2f}")
assert (first.date, first.amount) == (date(2026, 11, 15), 30)
assert round(accrued, 2) == 29.03
assert coupons == 150
PYTHON
