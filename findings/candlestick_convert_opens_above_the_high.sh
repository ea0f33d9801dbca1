#!/usr/bin/env bash
# candlestick-convert 7.0.0 makes candles of trades. From the second on a candle opens at the close of the one before, which
# need not lie between its low and its high, and its first trade is counted by batchTradeToExtCandle in the volume alone:
# neither among the trades nor, when somebody bought, among what was bought. The trades that were handed over lose the
# seconds of their times on the way.
# Guessed: a candle opens with its first trade, counts it, and leaves the trades as they were.
# Node 18 or later. Output seen: "open 25 high 24.95 low 24.9 close 24.95, 300 traded, 100 bought, 1 trade; the trade of
# 15:01:01 is one of 15:01:00" for purchases of 200 at 24.90 and of 100 at 24.95.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts candlestick-convert@7.0.0
cat >seen.cjs <<'NODE'
const { batchTradeToExtCandle, TradeSide } = require("candlestick-convert");

const trade = (seconds, price, quantity) => (
  { time: Date.UTC(2026, 10, 27, 15, 0, seconds), side: TradeSide.BUY, price, quantity });
const trades = [trade(10, 25, 100), trade(61, 24.9, 200), trade(70, 24.95, 100), trade(125, 25.1, 100)];

const candle = batchTradeToExtCandle(trades, 60)[1];
const clock = new Date(trades[1].time).toISOString().slice(11, 19);
const seen = `open ${candle.open} high ${candle.high} low ${candle.low} close ${candle.close}, ${candle.volume} traded, `
  + `${candle.buyVolume} bought, ${candle.tx} trade; the trade of 15:01:01 is one of ${clock}`;
console.log(seen);
if (seen !== "open 25 high 24.95 low 24.9 close 24.95, 300 traded, 100 bought, 1 trade; "
  + "the trade of 15:01:01 is one of 15:01:00") {
  process.exit(1);
}
NODE
node seen.cjs
