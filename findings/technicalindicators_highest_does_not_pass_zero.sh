#!/usr/bin/env bash
# Highest of technicalindicators 3.1.0 starts from 0 and reads its window up to the first 0 in it. Of gains and losses of a
# day the best of the last two is 0 where both were losses, though no day had it; and after a day of 0 it stays what it was
# before, however much is lost, until a greater gain comes. Lowest of the same figures is right.
# Guessed: the greatest of the last two.
# Node 18 or later. Output seen:
#   -100 -200 -300: best 0 0, worst -200 -300; 500 100 0 -100 -200 300: best 500 100 100 100 300, worst 100 0 -100 -200 -200
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts technicalindicators@3.1.0
cat >seen.cjs <<'NODE'
const { Highest, Lowest } = require("technicalindicators");

const seen = [[-100, -200, -300], [500, 100, 0, -100, -200, 300]].map((values) => {
  const [best, worst] = [Highest, Lowest].map((indicator) => indicator.calculate({ period: 2, values }).join(" "));
  return `${values.join(" ")}: best ${best}, worst ${worst}`;
}).join("; ");
console.log(seen);
if (seen !== "-100 -200 -300: best 0 0, worst -200 -300; "
    + "500 100 0 -100 -200 300: best 500 100 100 100 300, worst 100 0 -100 -200 -200") {
  process.exit(1);
}
NODE
node seen.cjs
