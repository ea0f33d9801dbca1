#!/usr/bin/env bash
# bond_price of bond-pricing 1.0.1 goes on after the maturity of a bond: one that was redeemed on 15 December 2030 accrues
# interest the day after, has a coupon in March 2031, and is worth more each year by the yield that it is priced at. Four
# years later a hundred dollars that were paid back are 130.78, with 0.345 of accrued interest.
# Guessed: nothing, or an error that names the two dates.
# Python 3.10 to 3.13. Output seen, of 6 % each quarter, at a yield of 12 %:
#   2030-12-14: 99.98, accrued 1.479; 2030-12-31: 100.26, accrued 0.263; 2035-01-05: 130.78, accrued 0.345
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bond-pricing==1.0.1 pandas==2.3.3 numpy==2.2.6 scipy==1.15.3
"$folder/venv/bin/python" - <<'PYTHON'
from bond_pricing import bond_price_breakup

MATURITY = "2030-12-15"
seen = {}
for day in ("2030-12-14", "2030-12-31", "2035-01-05"):
    told = bond_price_breakup(settle=day, mat=MATURITY, cpn=0.06, yld=0.12, freq=4)
    seen[day] = (round(float(told["CleanPrice"]), 2), round(float(told["AccruedInterest"]), 3))
print("; ".join(f"{day}: {price:.2f}, accrued {accrued}" for day, (price, accrued) in seen.items()))
assert seen == {"2030-12-14": (99.98, 1.479), "2030-12-31": (100.26, 0.263), "2035-01-05": (130.78, 0.345)}
PYTHON
