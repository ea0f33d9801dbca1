#!/usr/bin/env bash
# The exponential average of ta-math 1.0.49 says of the first day the mean of the whole window, the days after it included: with closes
# of 25, 25 and 40 it stands at 30 on a first day at 25. One day whose high is its low, as of a share that is hardly traded, makes
# accumulation and distribution NaN on that day and on every one after it.
# Guessed: 25, or no figure before the third day; and a day that adds nothing.
# Node 20. Output seen: "average 30, 27.5, 33.75; accumulated 50, NaN, NaN".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ta-math@1.0.49
cat >seen.cjs <<'NODE'
const TA = require("ta-math");

const told = (days) => [0, 1, 2, 3, 4, 5].map((column) => days.map((day) => day[column]));
const flat = (close, day) => [day, close, close, close, close, 100];
const average = new TA(told([25, 25, 40].map(flat)), TA.simpleFormat).ema(3);
const week = [[0, 25, 25.5, 24.5, 25.25, 100], flat(25, 1), [2, 25, 25.5, 24.5, 25.25, 100]];
const accumulated = new TA(told(week), TA.simpleFormat).adl();
const seen = `average ${average.join(", ")}; accumulated ${accumulated.join(", ")}`;
console.log(seen);
if (seen !== "average 30, 27.5, 33.75; accumulated 50, NaN, NaN") {
  process.exit(1);
}
NODE
node seen.cjs
