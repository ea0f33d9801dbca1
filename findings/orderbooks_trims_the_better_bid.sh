#!/usr/bin/env bash
# orderbooks 1.1.14 trims a book to the depth that it is given, "evenly across both sides". Of the bids it cuts one level too
# high: the lowest stays, and a better one goes. Of four bids the second best is lost and the worst is kept in its place; of two
# bids in a book that is to keep one of each side, the best bid itself is gone.
# Guessed: the levels nearest to the middle stay, as they do among the offers.
# Node 18 or later. Output seen:
#   depth 4, bids 24.9 24.8 24.7 24.6: kept 24.9 24.6; depth 2, bids 24.9 24.8: kept 24.8, best bid 24.8
#   depth 4, offers 25.1 25.2 25.3 25.4: kept 25.1 25.2
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts orderbooks@1.1.14
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const { OrderBook } = require("orderbooks");

const book = (maxDepth, bids, offers) => {
  const made = new OrderBook("KEY PRK", { maxDepth });
  made.handleSnapshot([
    ...bids.map((price) => ["KEY PRK", price, "Buy", 100]),
    ...offers.map((price) => ["KEY PRK", price, "Sell", 100]),
  ]);
  return made;
};
const kept = (made, side) => made.getBookState().filter((level) => level[2] === side).map((level) => level[1])
  .sort((one, other) => (side === "Buy" ? other - one : one - other));

const four = book(4, [24.9, 24.8, 24.7, 24.6], [25.1, 25.2]);
const two = book(2, [24.9, 24.8], [25.1]);
const offers = book(4, [24.9, 24.8], [25.1, 25.2, 25.3, 25.4]);
console.log(`depth 4, bids 24.9 24.8 24.7 24.6: kept ${kept(four, "Buy").join(" ")}; depth 2, bids 24.9 24.8: kept `
  + `${kept(two, "Buy").join(" ")}, best bid ${two.getBestBid()}`);
console.log(`depth 4, offers 25.1 25.2 25.3 25.4: kept ${kept(offers, "Sell").join(" ")}`);
assert.deepEqual(kept(four, "Buy"), [24.9, 24.6]);
assert.deepEqual(kept(two, "Buy"), [24.8]);
assert.equal(two.getBestBid(), 24.8);
assert.deepEqual(kept(offers, "Sell"), [25.1, 25.2]);
NODE
node seen.cjs
