#!/usr/bin/env bash
# @stoqey/ib 1.6.10, IBApiNext.getPositions(): when TWS tells that a position is closed (message 61 with quantity 0), the
# list "all" of its account loses that position and every one that was told after it, though those are still held;
# "removed" names the closed one alone.
# Guessed: the closed position leaves the list, the others stay.
# Node 18 or later. Output seen: "before: IBM, SPY, KEY PRK; SPY closed: IBM; removed: SPY".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @stoqey/ib@1.6.10
cat >seen.mjs <<'NODE'
import assert from "node:assert";
import net from "node:net";
import { IBApiNext, LogLevel } from "@stoqey/ib";

const position = (conId, symbol, quantity) =>
  `61|3|DU1234567|${conId}|${symbol}|STK||0.0|||NYSE|USD|${symbol}|${symbol}|${quantity}|20.5`.split("|");
const frame = (fields) => {
  const payload = Buffer.from(fields.join("\0") + "\0");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
};

const server = net.createServer((line) => {
  let read = Buffer.alloc(0);
  line.on("error", () => {});
  line.on("data", (data) => {
    read = Buffer.concat([read, data]);
    if (read.subarray(0, 4).toString() === "API\0") read = read.subarray(4);
    while (read.length >= 4 && read.length >= 4 + read.readUInt32BE(0)) {
      const end = 4 + read.readUInt32BE(0);
      const fields = read.subarray(4, end).toString().split("\0");
      read = read.subarray(end);
      if (fields[0].startsWith("v")) line.write(frame(["176", "20260918 12:00:00 EST"]));
      if (fields[0] === "71") line.write(Buffer.concat([frame(["15", "1", "DU1234567"]), frame(["9", "1", "1"])]));
      if (fields[0] === "61") {
        line.write(
          Buffer.concat([
            frame(position(1, "IBM", 100)),
            frame(position(2, "SPY", 10)),
            frame(position(3, "KEY PRK", 400)),
            frame(["62", "1"]),
            frame(position(2, "SPY", 0)),
          ]),
        );
      }
    }
  });
});

server.listen(0, "127.0.0.1", () => {
  const api = new IBApiNext({ host: "127.0.0.1", port: server.address().port });
  api.logLevel = LogLevel.ERROR;
  const names = (positions) => (positions?.get("DU1234567") ?? []).map((each) => each.contract.symbol).join(", ");
  let before;
  api.getPositions().subscribe((update) => {
    before ??= names(update.all);
    if (!update.removed) return;
    const [left, removed] = [names(update.all), names(update.removed)];
    console.log(`before: ${before}; SPY closed: ${left}; removed: ${removed}`);
    assert.deepEqual([before, left, removed], ["IBM, SPY, KEY PRK", "IBM", "SPY"]);
    process.exit(0);
  });
  api.connect(1);
});
NODE
timeout 60 node seen.mjs
