#!/usr/bin/env bash
# money-math 2.6.3 for Node rounds amounts to five cents, to the nearest and upwards. What is below zero it rounds by the rule for what
# is above: -25.78 is -25.70, eight cents away, and -25.73, which is two cents from -25.75, is -25.65. Rounded up, -25.71 is -25.67,
# which is no five cents at all. Amounts below zero are added, multiplied and formatted right. Nothing is raised.
# Guessed: -25.80, -25.75 and -25.70.
# Node 18 or later. Output seen:
#   nearest: 25.78 is 25.80, -25.78 is -25.70, 25.73 is 25.75, -25.73 is -25.65; up: 25.71 is 25.75, -25.71 is -25.67
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts money-math@2.6.3
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const { add, mul, roundTo5Cents, roundUpTo5Cents } = require("money-math");

const told = (round, ...amounts) => amounts.map((amount) => `${amount} is ${round(amount)}`).join(", ");
const seen = `nearest: ${told(roundTo5Cents, "25.78", "-25.78", "25.73", "-25.73")}; `
  + `up: ${told(roundUpTo5Cents, "25.71", "-25.71")}`;
console.log(seen);
assert.equal(add("-25.78", "0.50"), "-25.28");
assert.equal(mul("-25.78", "2.00"), "-51.56");
assert.equal(seen, "nearest: 25.78 is 25.80, -25.78 is -25.70, 25.73 is 25.75, -25.73 is -25.65; "
  + "up: 25.71 is 25.75, -25.71 is -25.67");
NODE
node seen.cjs
