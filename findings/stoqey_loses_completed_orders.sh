#!/usr/bin/env bash
# @stoqey/ib 1.6.10 takes the version of TWS for the largest number there is while it reads a completed order (message
# 101), and so leaves out a field that a TWS below version 177 sends (faProfile): everything after it is one place
# off, and the order is lost with error 505. With version 178 it is read.
# Guessed: the version of the handshake decides, as in its reading of open orders.
# Node 18 or later. Output seen: "176: error 505; 178: Filled at 20260918 12:42:40 America/New_York".
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

const UNSET = "1.7976931348623157E308";
const completed = (version) => [
  ..."101|418736620|KEY PRK|STK||0|?||SMART|USD|KEY PRK|KEY PRK|BUY|0|LMT|21.66|0.0|DAY||DU1234567||0".split("|"),
  ..."|1866301431|0|0|0".split("|"),
  ...(version < 177 ? [""] : []),
  ..."|||||||||0||-1||||||2147483647|0|0||3|0||0|None||0|0|0||0|0||||0|0|0|2147483647|2147483647".split("|"),
  ..."|||IB|0|0||0|Filled|0|0|0|22.66".split("|"),
  ...`${UNSET}|0|1|0||400|2147483647|0|Not an insider|0|0|9223372036854775807`.split("|"),
  ..."20260918 12:42:40 America/New_York|Filled Size: 400|||||".split("|"),
];
const frame = (fields) => {
  const payload = Buffer.from(fields.join("\0") + "\0");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
};

function tws(version) {
  return net.createServer((line) => {
    let read = Buffer.alloc(0);
    line.on("error", () => {});
    line.on("data", (data) => {
      read = Buffer.concat([read, data]);
      if (read.subarray(0, 4).toString() === "API\0") read = read.subarray(4);
      while (read.length >= 4 && read.length >= 4 + read.readUInt32BE(0)) {
        const end = 4 + read.readUInt32BE(0);
        const fields = read.subarray(4, end).toString().split("\0");
        read = read.subarray(end);
        if (fields[0].startsWith("v")) line.write(frame([String(version), "20260918 12:00:00 EST"]));
        if (fields[0] === "71") line.write(Buffer.concat([frame(["15", "1", "DU1234567"]), frame(["9", "1", "1"])]));
        if (fields[0] === "99") line.write(Buffer.concat([frame(completed(version)), frame(["102"])]));
      }
    });
  });
}

const ask = (version) =>
  new Promise((resolve) => {
    const server = tws(version).listen(0, "127.0.0.1", () => {
      const seen = [];
      const ib = new IBApi({ host: "127.0.0.1", port: server.address().port, clientId: 1 });
      ib.on(EventName.error, (_error, code) => seen.push(`error ${code}`));
      ib.on(EventName.completedOrder, (_, order, state) => seen.push(`${state.status} at ${state.completedTime}`));
      ib.on(EventName.completedOrdersEnd, () => {
        ib.disconnect();
        server.close();
        resolve(seen.join(", "));
      });
      ib.connect();
      ib.reqCompletedOrders(false);
    });
  });

const [older, newer] = [await ask(176), await ask(178)];
console.log(`176: ${older}; 178: ${newer}`);
assert.equal(older, "error 505");
assert.equal(newer, "Filled at 20260918 12:42:40 America/New_York");
process.exit(0);
NODE
timeout 60 node seen.mjs
