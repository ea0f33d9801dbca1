#!/usr/bin/env bash
# @stoqey/ib 1.6.10 reads the minimum tick of message 81 (tickReqParams) as a whole number: 0.01 is 0, as is every tick
# below a dollar. Who rounds a price to it divides by zero.
# Guessed: 0.01, as it was told.
# Node 18 or later. Output seen: "told 0.01 and 5: minTick 0, 5".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @stoqey/ib@1.6.10
cat >seen.mjs <<'NODE'
import assert from "node:assert";
import net from "node:net";
import { EventName, IBApi } from "@stoqey/ib";

const frame = (...fields) => {
  const payload = Buffer.from(fields.join("\0") + "\0");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
};

const server = net.createServer((line) => {
  line.on("error", () => {});
  line.once("data", () => {
    line.write(frame("176", "20261127 12:00:00 EST"));
    line.once("data", () => {
      line.write(Buffer.concat([frame("15", "1", "DU1111111"), frame("9", "1", "1")]));
      line.write(Buffer.concat([frame("81", "7", "0.01", "9c0001", "3"), frame("81", "8", "5", "9c0001", "3")]));
    });
  });
});

server.listen(0, "127.0.0.1", () => {
  const api = new IBApi({ host: "127.0.0.1", port: server.address().port });
  const ticks = [];
  api.on(EventName.tickReqParams, (_request, minTick) => {
    if (ticks.push(minTick) < 2) return;
    console.log(`told 0.01 and 5: minTick ${ticks.join(", ")}`);
    assert.deepEqual(ticks, [0, 5]);
    process.exit(0);
  });
  api.connect(1);
});
NODE
timeout 60 node seen.mjs
