#!/usr/bin/env bash
# getMedian() of trading-signals 8.3.0, "middle value of a series", takes the value that stands in the middle of the list, in
# whatever order the list is: of five closes as they came it tells the third day's. Its getQuartile(), beside it, sorts the
# same list, and getQuartile(closes, 0.5) is the median. Neither the text nor the type says that one wants a sorted list.
# Guessed: 25, the same by both.
# Node 18 or later. Output seen: "closes 25, 24.5, 40, 24, 30: median 40, quartile of 0.5 25; sorted: median 25".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts trading-signals@8.3.0
cat >seen.mjs <<'NODE'
import assert from "node:assert";
import { getMedian, getQuartile } from "trading-signals";

const closes = [25, 24.5, 40, 24, 30];
const sorted = [...closes].sort((one, other) => one - other);
const seen = [getMedian(closes), getQuartile(closes, 0.5), getMedian(sorted)];
console.log(`closes ${closes.join(", ")}: median ${seen[0]}, quartile of 0.5 ${seen[1]}; sorted: median ${seen[2]}`);
assert.deepEqual(seen, [40, 25, 25]);
NODE
node seen.mjs
