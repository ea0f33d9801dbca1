#!/usr/bin/env bash
# TOML has nan, and an infinity with or without a sign. fast-toml 0.5.4 for Node, by its text one of the parsers that comply with TOML
# 0.5, reads nan as false, like a switch that is off, and -inf, +inf, -nan and +nan as texts: what it does not know is one, so that
# quotes may be left out. A limit that is not known is one that was turned off, and a loss is never less than "-inf". Nothing is
# raised. @iarna/toml 3.0.0 reads all of them.
# Guessed: NaN and -Infinity, as of every other number.
# Node 18 or later. Output seen:
#   fast-toml: nan is false, -inf is "-inf", +inf is "+inf", -nan is "-nan", +nan is "+nan", inf is Infinity, -1e3 is -1000
#   @iarna/toml: nan is NaN, -inf is -Infinity, +inf is Infinity, -nan is NaN, +nan is NaN, inf is Infinity, -1e3 is -1000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts fast-toml@0.5.4 @iarna/toml@3.0.0
cat >seen.cjs <<'NODE'
const assert = require("node:assert");

const VALUES = ["nan", "-inf", "+inf", "-nan", "+nan", "inf", "-1e3"];
const said = (value) => (typeof value === "string" ? `"${value}"` : String(value));
const told = (name) => {
  const { parse } = require(name);
  return `${name}: ${VALUES.map((value) => `${value} is ${said(parse(`limit = ${value}\n`).limit)}`).join(", ")}`;
};
const seen = ["fast-toml", "@iarna/toml"].map(told);
console.log(seen.join("\n"));
assert.deepEqual(seen, [
  'fast-toml: nan is false, -inf is "-inf", +inf is "+inf", -nan is "-nan", +nan is "+nan", inf is Infinity, -1e3 is -1000',
  "@iarna/toml: nan is NaN, -inf is -Infinity, +inf is Infinity, -nan is NaN, +nan is NaN, inf is Infinity, -1e3 is -1000",
]);
NODE
node seen.cjs
