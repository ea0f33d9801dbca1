#!/usr/bin/env bash
# moment-business-days 1.2.0 for Node is asked how many days of business are into the month, and moves the date that it is asked about:
# Sunday, 1 November 2026, is Friday, 30 October, from then on, and the answer is 22, that of the whole of October. And its weeks of
# business have Thanksgiving in them, which was told as a holiday, and which its days of business leave out.
# Guessed: 0 days into November, a date that stays, and 20 days in the weeks as in the month.
# Node 18 or later. Output seen:
#   into November on its first day 22, which is 2026-10-30 then; November has 20 days of business, and 21 in its weeks
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts moment@2.30.1 moment-business-days@1.2.0
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const moment = require("moment-business-days");

moment.updateLocale("en", { holidays: ["2026-11-26"], holidayFormat: "YYYY-MM-DD" });
const first = moment("2026-11-01", "YYYY-MM-DD");
const into = first.businessDaysIntoMonth();
const then = first.format("YYYY-MM-DD");
const november = moment("2026-11-02", "YYYY-MM-DD");
const days = november.monthBusinessDays().length;
const inWeeks = november.monthBusinessWeeks().flat().length;
console.log(`into November on its first day ${into}, which is ${then} then; November has ${days} days of business, and ${inWeeks} in its ` +
  "weeks");
assert.deepEqual([into, then, days, inWeeks], [22, "2026-10-30", 20, 21]);
NODE
TZ=America/New_York node seen.cjs
