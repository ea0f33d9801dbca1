#!/usr/bin/env bash
# @stoqey/ib 1.6.10, IBApiNext.getExecutionDetails(): an execution goes to every request that is under way, not to the one
# whose number it carries. Asked for the fills of two accounts at the same time, each answer has the fills of both; added
# up, every share counts twice.
# Guessed: an answer has what its own filter asked for.
# Node 18 or later. Output seen: "DU1111111: 100 of DU1111111, 300 of DU2222222; DU2222222: 100 of DU1111111, 300 of
# DU2222222".
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

const SHARES = { DU1111111: 100, DU2222222: 300 };
const frame = (...fields) => {
  const payload = Buffer.from(fields.join("\0") + "\0");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
};
const execution = (request, account) =>
  frame(
    ..."11|REQUEST|0|8314|IBM|STK||0.0|||NYSE|USD|IBM|IBM".replace("REQUEST", request).split("|"),
    `0000e0d5.${account.slice(2)}.01.01`,
    ...["20261127 10:15:30 US/Eastern", account, "IEX", "BOT", SHARES[account], "20.5", "77", "0", "0", SHARES[account]],
    ...["20.5", "", "", "", "", "2"],
  );

const server = net.createServer((line) => {
  let read = Buffer.alloc(0);
  const asked = [];
  line.on("error", () => {});
  line.on("data", (data) => {
    read = Buffer.concat([read, data]);
    if (read.subarray(0, 4).toString() === "API\0") read = read.subarray(4);
    while (read.length >= 4 && read.length >= 4 + read.readUInt32BE(0)) {
      const end = 4 + read.readUInt32BE(0);
      const fields = read.subarray(4, end).toString().split("\0");
      read = read.subarray(end);
      if (fields[0].startsWith("v")) line.write(frame("176", "20261127 12:00:00 EST"));
      if (fields[0] === "71") line.write(Buffer.concat([frame("15", "1", "DU1111111,DU2222222"), frame("9", "1", "1")]));
      if (fields[0] !== "7") continue;
      asked.push({ request: fields[2], account: fields[4] });
      if (asked.length < 2) continue;
      for (const { request, account } of asked) line.write(execution(request, account));
      for (const { request } of asked) line.write(frame("55", "1", request));
    }
  });
});

server.listen(0, "127.0.0.1", async () => {
  const api = new IBApiNext({ host: "127.0.0.1", port: server.address().port });
  api.logLevel = LogLevel.ERROR;
  const accounts = Object.keys(SHARES);
  const asking = accounts.map((acctCode) => api.getExecutionDetails({ acctCode }));
  api.connect(1);
  const answers = (await Promise.all(asking)).map((fills) =>
    fills.map(({ execution }) => `${execution.shares} of ${execution.acctNumber}`).join(", "),
  );
  console.log(accounts.map((account, index) => `${account}: ${answers[index]}`).join("; "));
  assert.deepEqual(answers, Array(2).fill("100 of DU1111111, 300 of DU2222222"));
  process.exit(0);
});
NODE
timeout 60 node seen.mjs
