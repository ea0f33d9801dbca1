#!/usr/bin/env bash
# parse-price 1.1.8 and parse-money 1.0.12 read a figure out of a text, and drop its sign: a loss of 25.75, written with a minus
# before it or in brackets as in an account's statement, is one of +25.75. Of a single point or comma each has its own rule, that
# is not told with the answer: 1,234 dollars are 1.234 to the one, 25.125 dollars are 25125 to the other, and 1.5M is 1.5.
# Guessed: -25.75; 1234 and 25.125; and no figure where there is none.
# Node 18 or later. Output seen:
#   parse-price: -25.75 is 25.75, (25.75) is 25.75, $1,234 is 1.234, $25.125 is 25.125, n/a is 0
#   parse-money: -25.75 is 25.75, (25.75) is 25.75, $1,234 is 1234, $25.125 is 25125, n/a is undefined
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts parse-price@1.1.8 parse-money@1.0.12
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const price = require("parse-price");
const money = require("parse-money");

const readers = {
  "parse-price": price.default ?? price,
  "parse-money": (text) => (money.default ?? money)(text)?.amount,
};
const TEXTS = ["-25.75", "(25.75)", "$1,234", "$25.125", "n/a"];
const seen = Object.entries(readers).map(([name, read]) =>
  `${name}: ${TEXTS.map((text) => `${text} is ${read(text)}`).join(", ")}`);
console.log(seen.join("\n"));
assert.deepEqual(seen, [
  "parse-price: -25.75 is 25.75, (25.75) is 25.75, $1,234 is 1.234, $25.125 is 25.125, n/a is 0",
  "parse-money: -25.75 is 25.75, (25.75) is 25.75, $1,234 is 1234, $25.125 is 25125, n/a is undefined",
]);
NODE
node seen.cjs
