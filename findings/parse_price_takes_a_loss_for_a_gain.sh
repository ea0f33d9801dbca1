#!/usr/bin/env bash
# parse-price 1.1.8 and parse-money 1.0.12 read a figure out of a text, and drop its sign: a loss of 25.75, written with a minus
# before it or in brackets as in an account's statement, is one of +25.75. And where no figure is, parse-price tells 0, as of
# what is worth nothing; 1,234 dollars are 1.234 to it.
# Guessed: -25.75, 1234, and no figure where there is none.
# Node 18 or later. Output seen:
#   parse-price: -25.75 is 25.75, (25.75) is 25.75, n/a is 0, $1,234 is 1.234
#   parse-money: -25.75 is 25.75, (25.75) is 25.75, n/a is undefined, $1,234 is 1234
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
const TEXTS = ["-25.75", "(25.75)", "n/a", "$1,234"];
const seen = Object.entries(readers).map(([name, read]) =>
  `${name}: ${TEXTS.map((text) => `${text} is ${read(text)}`).join(", ")}`);
console.log(seen.join("\n"));
assert.deepEqual(seen, [
  "parse-price: -25.75 is 25.75, (25.75) is 25.75, n/a is 0, $1,234 is 1.234",
  "parse-money: -25.75 is 25.75, (25.75) is 25.75, n/a is undefined, $1,234 is 1234",
]);
NODE
node seen.cjs
