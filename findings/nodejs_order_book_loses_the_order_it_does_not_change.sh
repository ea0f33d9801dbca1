#!/usr/bin/env bash
# A post-only order of nodejs-order-book 10.1.1 that is given a new price at which it would trade at once is refused its new
# price, with an error that says so, and is gone: the old order was taken out of the book before the new one was judged.
# Guessed: what is refused leaves the order as it was, as with a price of 0, which is refused as well.
# Node 18 or later. Output seen: "price 0 refused: bid 25; price 25.5 refused: no bid, no order".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts nodejs-order-book@10.1.1
cat >seen.cjs <<'NODE'
const { OrderBook } = require("nodejs-order-book");

const book = new OrderBook();
book.limit({ side: "sell", id: "theirs", size: 100, price: 25.5 });
book.limit({ side: "buy", id: "ours", size: 100, price: 25, postOnly: true });

const changed = (price) => {
  const answer = book.modify("ours", { price }).err === null ? "taken" : "refused";
  const [bid] = book.depth()[1];
  return `price ${price} ${answer}: ${bid === undefined ? "no bid" : `bid ${bid[0]}`}`;
};
const seen = `${changed(0)}; ${changed(25.5)}, ${book.order("ours") === undefined ? "no order" : "the order is kept"}`;
console.log(seen);
if (seen !== "price 0 refused: bid 25; price 25.5 refused: no bid, no order") {
  process.exit(1);
}
NODE
node seen.cjs
