#!/usr/bin/env bash
# currency.js 2.0.4 rounds half a cent towards the greater number: a gain of 12.5 cents is 0.13, a loss of 12.5 cents is
# -0.12, whether it is told so or reckoned. Of the two a cent is left, of a thousand of each ten dollars; a short position
# whose price rose by an eighth has lost less than a long one has gained.
# Guessed: -0.13, as the gain; a gain and a loss that are the same are nothing together.
# Node 18 or later. Output seen:
#   told 0.13 and -0.12; a share times 0.125: long 0.13, short -0.12; a thousand gains and losses of 0.125: 10.00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts currency.js@2.0.4
cat >seen.cjs <<'NODE'
const currency = require("currency.js");

let sum = currency(0);
for (let day = 0; day < 1000; day += 1) {
  sum = sum.add(0.125).add(-0.125);
}
const seen = `told ${currency(0.125)} and ${currency(-0.125)}; a share times 0.125: long ${currency(1).multiply(0.125)}, `
  + `short ${currency(-1).multiply(0.125)}; a thousand gains and losses of 0.125: ${sum}`;
console.log(seen);
if (seen !== "told 0.13 and -0.12; a share times 0.125: long 0.13, short -0.12; "
    + "a thousand gains and losses of 0.125: 10.00") {
  process.exit(1);
}
NODE
node seen.cjs
