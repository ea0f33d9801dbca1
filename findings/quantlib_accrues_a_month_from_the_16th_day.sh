#!/usr/bin/env bash
# The day count of bonds, ActualActual(ISMA), counts whole months in QuantLib 1.44 when it is given two dates alone: up to 15
# days are their part of a year of 365, 16 days are a twelfth, and so are 45. A curve made with it says as much: a payment
# in 16 days has the price of one in 45. Nothing is raised or warned of. Bonds give it the dates of their coupon themselves.
# Guessed: 16 days are worth a day more than 15; or an error, since the dates of the coupon are missing.
# Python 3.10 to 3.13. Output seen, of a million at 6 %:
#   15 days: interest 2465.75, worth 997556; 16 days: interest 5000.00, worth 995049; 45 days: interest 5000.00, worth
#   995049; 46 days: interest 10000.00, worth 990123
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check QuantLib==1.44
"$folder/venv/bin/python" - <<'PYTHON'
import QuantLib

today = QuantLib.Date(29, 11, 2026)
QuantLib.Settings.instance().evaluationDate = today
day_count = QuantLib.ActualActual(QuantLib.ActualActual.ISMA)
curve = QuantLib.FlatForward(today, 0.06, day_count, QuantLib.Compounded, QuantLib.Quarterly)
seen = {}
for days in (15, 16, 45, 46):
    interest = 1_000_000 * 0.06 * day_count.yearFraction(today, today + days)
    seen[days] = (round(interest, 2), round(1_000_000 * curve.discount(today + days)))
print("; ".join(f"{days} days: interest {interest:.2f}, worth {worth}" for days, (interest, worth) in seen.items()))
assert seen == {15: (2465.75, 997556), 16: (5000, 995049), 45: (5000, 995049), 46: (10000, 990123)}
PYTHON
