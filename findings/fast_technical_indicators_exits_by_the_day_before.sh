#!/usr/bin/env bash
# fast-technical-indicators 1.1.4 for Node calls itself compatible with technicalindicators, and takes the Chandelier exit from the days
# before: the highest high of three days, less their true range, is that of yesterday and of the two days before it, while the range
# is today's. A stop that should have risen with today's high stays behind. And its average gain is another one, without the
# smoothing of Wilder that is in its RSI, and of Heikin-Ashi candles there are none, and no error.
# Guessed: the exits of technicalindicators 3.1.0, which are those of the definition, by hand 25.50 - 0.37 = 25.13.
# Node 18 or later. Output seen, of the days to a high of 25.50:
#   exit of a long position 25.13 and 25.03, average gain 0.1778 and 0.2000, candles 5 and 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts technicalindicators@3.1.0 fast-technical-indicators@1.1.4
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const old = require("technicalindicators");
const fast = require("fast-technical-indicators");

const DAYS = {
  open: [25, 25.2, 25.1, 25.3, 25.2],
  high: [25.3, 25.4, 25.3, 25.5, 25.6],
  low: [24.9, 25, 25, 25.1, 25.1],
  close: [25.2, 25.1, 25.3, 25.2, 25.6],
};

const exits = [old, fast].map((each) => each.ChandelierExit.calculate({ ...DAYS, period: 3, multiplier: 1 })[0].exitLong);
const gains = [old, fast].map((each) => each.AverageGain.calculate({ values: DAYS.close, period: 3 })[1]);
const candles = [old, fast].map((each) => each.HeikinAshi.calculate({ ...DAYS }));
const counts = [candles[0].close.length, candles[1].length ?? candles[1].close.length];
const told = (figures, digits) => figures.map((each) => each.toFixed(digits)).join(" and ");
console.log(`exit of a long position ${told(exits, 2)}, average gain ${told(gains, 4)}, candles ${told(counts, 0)}`);
const ranges = [0.4, 0.3, 0.4]; // The true ranges of the three days: 25.40 - 25.00, 25.30 - 25.00, 25.50 - 25.10.
assert.equal(exits[0].toFixed(4), (25.5 - ranges.reduce((sum, each) => sum + each) / 3).toFixed(4));
assert.deepEqual(exits.map((each) => each.toFixed(2)), ["25.13", "25.03"]);
assert.deepEqual(gains.map((each) => each.toFixed(4)), ["0.1778", "0.2000"]);
assert.deepEqual(counts, [5, 0]);
NODE
node seen.cjs
