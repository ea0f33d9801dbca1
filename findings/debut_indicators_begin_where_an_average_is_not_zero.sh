#!/usr/bin/env bash
# Indicators of @debut/indicators 1.4.2 take a 0 for "not there yet". An exponential average of a day's gains and losses whose
# first sum is 0 stays a simple one, until a sum is not 0, and is another from then on: after a gain and a loss of 100 it
# says 50 where 200 is gained, in place of 133. And Move, the change in percent over some candles, takes away what it has not
# yet: it is NaN from its second candle for ever. Nothing is raised.
# Guessed: an average of 0 is an average; a change over three candles once there are three.
# Node 18 or later. Output seen:
#   100, -100, 200, 400: 0, 50, 283.33; 102, -100, 200, 400: 1, 133.67, 311.22; Move: NaN 5 of 5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @debut/indicators@1.4.2
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const { EMA, Move } = require("@debut/indicators");

const averages = (...gains) => {
  const ema = new EMA(2);
  const told = gains.map((gain) => ema.nextValue(gain)).slice(1);
  return `${gains.join(", ")}: ${told.map((value) => Number(value.toFixed(2))).join(", ")}`;
};
const move = new Move(3);
const moves = [25, 25.1, 25.2, 25.1, 25.3, 25.4].map((close) => move.nextValue(close)).slice(1);
const seen = `${averages(100, -100, 200, 400)}; ${averages(102, -100, 200, 400)}; `
  + `Move: NaN ${moves.filter(Number.isNaN).length} of ${moves.length}`;
console.log(seen);
assert.equal(seen, "100, -100, 200, 400: 0, 50, 283.33; 102, -100, 200, 400: 1, 133.67, 311.22; Move: NaN 5 of 5");
NODE
node seen.cjs
