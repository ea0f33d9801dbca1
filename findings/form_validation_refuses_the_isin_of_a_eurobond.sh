#!/usr/bin/env bash
# @form-validation/validator-isin 2.4.0 for Node takes an ISIN that begins with the code of a country. Bonds of the euro market and of
# the European Union begin with XS and EU, which are of no country, and which the standard has for just these (ISO 6166): each of
# them is refused as one with a wrong digit is, with nothing to tell the two apart. isin-validator 1.1.1 takes both.
# Guessed: an ISIN whose digit is right is one, whoever issued it.
# Node 18 or later. Output seen, of two bonds and a share, and of the share with a wrong digit:
#   XS0123456781: false, true; EU000A1G0AB4: false, true; US0605051046: true, true; US0605051045: false, false
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @form-validation/validator-isin@2.4.0 isin-validator@1.1.1
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const { isin } = require("@form-validation/validator-isin");
const problem = require("isin-validator");

const told = (value) => `${value}: ${isin().validate({ value }).valid}, ${problem(value) === undefined}`;
const seen = ["XS0123456781", "EU000A1G0AB4", "US0605051046", "US0605051045"].map(told).join("; ");
console.log(seen);
assert.equal(seen, "XS0123456781: false, true; EU000A1G0AB4: false, true; US0605051046: true, true; "
  + "US0605051045: false, false");
NODE
node seen.cjs
