#!/usr/bin/env bash
# nyse-holidays 1.2.0 takes a Date for the day that it is where the computer stands, not in New York. isHoliday(new
# Date("2021-01-01")), the example of its own README, is true in London and false in New York, where that Date is the
# evening before. There Thanksgiving is a day of trade, and the Friday behind it none; in Hong Kong the answer is wrong for
# noon of Wall Street's Thanksgiving.
# Guessed: the exchange has one zone, and its example holds there.
# Node 18 or later. Output seen: "New York: false, false, true; London: true, true, false;
# noon of Thanksgiving in New York, asked in Hong Kong: false".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund nyse-holidays@1.2.0 dayjs@1.11.13
cat >seen.mjs <<'NODE'
import { isHoliday } from "nyse-holidays";

console.log(process.argv.slice(2).map((day) => isHoliday(new Date(day))).join(", "));
NODE
days="2021-01-01 2026-11-26 2026-11-27"
in_new_york=$(TZ=America/New_York node seen.mjs $days)
in_london=$(TZ=Europe/London node seen.mjs $days)
in_hong_kong=$(TZ=Asia/Hong_Kong node seen.mjs 2026-11-26T12:00:00-05:00)
echo "New York: $in_new_york; London: $in_london; noon of Thanksgiving in New York, asked in Hong Kong: $in_hong_kong"
[ "$in_new_york" = "false, false, true" ]
[ "$in_london" = "true, true, false" ]
[ "$in_hong_kong" = "false" ]
