#!/usr/bin/env bash
# irr() of financial 0.2.4 for JavaScript, "the Internal Rate of Return", looks for the rate near 10 % and takes what it ends at,
# for its search stops as well where it has left the rates that there are. 25 dollars of which 12 come back after a year are an
# infinite gain; 25 that bring 0.40 three times and 5.00 at the end are a loss of 166 % a period, more than was paid. A second
# guess near the answer finds the right ones. Nothing is raised; of payments that have no rate at all it tells NaN.
# Guessed: -52 % and -31.2 %; or NaN where none is found.
# Node 18 or later. Output seen:
#   -25, 12: Infinity, near -0.1: -0.520; -25, 0.4, 0.4, 0.4, 5: -1.662, near -0.1: -0.312; -25, 24: -0.040
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts financial@0.2.4
cat >seen.mjs <<'NODE'
import assert from "node:assert";
import { irr } from "financial";

const HALF = [-25, 12];
const MOST = [-25, 0.4, 0.4, 0.4, 5];
const told = (rate) => (Number.isFinite(rate) ? rate.toFixed(3) : String(rate));
const seen = [HALF, MOST].map((payments) =>
  `${payments.join(", ")}: ${told(irr(payments))}, near -0.1: ${told(irr(payments, -0.1))}`);
seen.push(`-25, 24: ${told(irr([-25, 24]))}`);
console.log(seen.join("; "));
assert.ok(Number.isNaN(irr([-25, -1])));
assert.deepEqual(seen, [
  "-25, 12: Infinity, near -0.1: -0.520",
  "-25, 0.4, 0.4, 0.4, 5: -1.662, near -0.1: -0.312",
  "-25, 24: -0.040",
]);
NODE
node seen.mjs
