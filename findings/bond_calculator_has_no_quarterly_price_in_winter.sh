#!/usr/bin/env bash
# Notes that trade among preferreds pay every quarter. For one due in December bond-calculator 0.1.9, which takes a frequency
# of 4, has no price and no yield on a day of January or February: NaN, and no exception. It looks for the coupon before in
# the year of the settlement, three quarters back from its last one. One due in January has none in November and December.
# Half-yearly coupons are reckoned on any day.
# Guessed: near 100 for a yield that is the coupon.
# Node 18 or later. Output seen: "due in December, settled in January: 4 a year NaN, 2 a year 99.99; due in January, settled
# in November: 4 a year NaN, 2 a year 99.99".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund bond-calculator@0.1.9
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const bondCalculator = require("bond-calculator");

const bond = (settlement, maturity, frequency) =>
  bondCalculator({ settlement, maturity, rate: 0.0625, redemption: 100, frequency, convention: "30U/360" });

const seen = [
  ["due in December, settled in January", "2026-01-12", "2030-12-15"],
  ["due in January, settled in November", "2026-11-12", "2031-01-15"],
].map(([what, settlement, maturity]) => {
  const prices = [4, 2].map((frequency) => bond(settlement, maturity, frequency).price(0.0625).toFixed(2));
  assert(Number.isNaN(bond(settlement, maturity, 4).yield(98)));
  return `${what}: 4 a year ${prices[0]}, 2 a year ${prices[1]}`;
});
assert(bond("2026-06-12", "2030-12-15", 4).price(0.0625) > 99.9);
console.log(seen.join("; "));
assert.deepEqual(seen, [
  "due in December, settled in January: 4 a year NaN, 2 a year 99.99",
  "due in January, settled in November: 4 a year NaN, 2 a year 99.99",
]);
NODE
node seen.cjs
