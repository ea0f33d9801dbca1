#!/usr/bin/env bash
# @decimalturn/toml-patch 3.3.0 for Node changes a TOML file and keeps its comments. "When patch() removes or reorders an entry, any
# comment describing it travels along with it": that above it without a blank line, and that beside it, also of [[tables]]. So it is
# where the second of three [[share]] is removed. Where the first is, the remark above it stays, and stands above the next share, whose
# own remark beside its price is torn off, and stands above the one after it.
# Guessed: what was said of a share goes with it.
# Node 18 or later. Output seen:
#   second removed: # KEY PRK: sold by hand | KEY PRK | 26 # sell above | # MET PRA | MET PRA | 22 # buy below
#   first removed: # KEY PRK: sold by hand | # BAC PRL | BAC PRL | 30 | # never sell | # MET PRA | MET PRA | 22 # buy below
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @decimalturn/toml-patch@3.3.0
cat >seen.mjs <<'NODE'
import assert from "node:assert";
import { parse, patch } from "@decimalturn/toml-patch";

const FILE = `[limits]
loss = 500

# KEY PRK: sold by hand
[[share]]
name = "KEY PRK"
price = 26 # sell above

# BAC PRL
[[share]]
name = "BAC PRL"
price = 30 # never sell

# MET PRA
[[share]]
name = "MET PRA"
price = 22 # buy below
`;

const removed = (index) => {
  const told = parse(FILE);
  told.share.splice(index, 1);
  return patch(FILE, told)
    .split("\n")
    .filter((line) => line && !line.startsWith("loss") && !line.startsWith("["))
    .map((line) => line.replace(/^name = "(.*)"$/, "$1").replace(/^price = /, ""))
    .join(" | ");
};
const seen = [`second removed: ${removed(1)}`, `first removed: ${removed(0)}`];
console.log(seen.join("\n"));
assert.deepEqual(seen, [
  "second removed: # KEY PRK: sold by hand | KEY PRK | 26 # sell above | # MET PRA | MET PRA | 22 # buy below",
  "first removed: # KEY PRK: sold by hand | # BAC PRL | BAC PRL | 30 | # never sell | # MET PRA | MET PRA | 22 # buy below",
]);
NODE
node seen.mjs
