#!/usr/bin/env bash
# A coupon day goes back from the maturity in fixedincome-analytics 0.1.3, each from the one after it, and never finds its
# way out of February: of a note that matures on the 31st of August 2028 the coupons are paid on the 29th of August 2027
# and on the 28th of August 2026, three days early, and the interest accrued by day counts from there.
# Guessed: the last of August each year, and the last of February.
# Python 3.11. Output seen: "2026-08-28, 2027-02-28, 2027-08-29, 2028-02-29, 2028-08-31".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fixedincome-analytics==0.1.3 python-dateutil==2.9.0.post0 numpy==2.2.6 scipy==1.15.3
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from fixedincome.bonds import coupon_dates

seen = [f"{day}" for day in coupon_dates(settlement=date(2026, 11, 27), maturity=date(2028, 8, 31), frequency=2)]
print(", ".join(seen))
assert seen == ["2026-08-28", "2027-02-28", "2027-08-29", "2028-02-29", "2028-08-31"]
PYTHON
