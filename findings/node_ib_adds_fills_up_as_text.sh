#!/usr/bin/env bash
# ib 0.2.9 for Node, a client of TWS, reads each quantity as a whole number: a position of half a share is one of 0, and an
# order of which half a share is filled and half a share remains has 0 filled and 0 remaining. The shares of a fill alone it
# leaves a text: fills of 100 and 50 shares add up to 010050. Nothing is raised, and no "error" is told.
# Guessed: quantities are numbers as TWS tells them, and 100 and 50 are 150.
# Node 18 or later. Output seen, of a far side on this machine that tells what TWS tells:
#   told 0.5 and -0.5 shares: 0, -0; told 0.5 filled, 0.5 remaining: 0, 0; fills of 100 and 50: 010050
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit ib@0.2.9 >/dev/null
cat >seen.js <<'JS'
const assert = require("assert");
const net = require("net");
const IB = require("ib");

const VERSION_AND_TIME = ["76", "20261127 10:15:00 EST"];
const share = (localSymbol, exchange) => ["901", "KEY", "STK", "", "0", "", "", exchange, "USD", localSymbol, "KEYK"];
const position = (localSymbol, shares) => ["61", "3", "DU1234567", ...share(localSymbol, ""), shares, "25.1"];
const fill = (id, shares) => ["11", "10", "-1", "7", ...share("KEY PRK", "NYSE"), id, "20261127  10:15:00", "DU1234567",
  "NYSE", "BOT", shares, "25.1", "9001", "1", "0", shares, "25.1", "", "", ""];
const TOLD = [
  position("KEY PRK", "0.5"),
  position("KEY PRI", "-0.5"),
  fill("0001", "100"),
  fill("0002", "50"),
  ["3", "6", "7", "Submitted", "0.5", "0.5", "25.1", "9001", "0", "25.1", "1", ""],
];

const farSide = net.createServer((line) => {
  line.on("error", () => {});
  line.once("data", () => {
    for (const message of [VERSION_AND_TIME, ...TOLD]) line.write(message.map((field) => field + "\0").join(""));
  });
});
farSide.listen(0, "127.0.0.1", () => {
  const ib = new IB({ host: "127.0.0.1", port: farSide.address().port, clientId: 1 });
  const positions = [];
  const errors = [];
  let bought = 0;
  ib.on("error", (error) => errors.push(error.message));
  ib.on("position", (_account, _contract, shares) => positions.push(shares));
  ib.on("execDetails", (_request, _contract, execution) => (bought += execution.shares));
  ib.on("orderStatus", (_order, _status, filled, remaining) => {
    const [long, short] = positions.map((shares) => (Object.is(shares, -0) ? "-0" : String(shares)));
    const line = `told 0.5 and -0.5 shares: ${long}, ${short}; told 0.5 filled, 0.5 remaining: ${filled}, ${remaining}; `
      + `fills of 100 and 50: ${bought}`;
    console.log(line);
    assert.deepStrictEqual(errors, []);
    assert.strictEqual(line, "told 0.5 and -0.5 shares: 0, -0; told 0.5 filled, 0.5 remaining: 0, 0; fills of 100 and 50: 010050");
    process.exit();
  });
  ib.connect();
});
JS
timeout 60 node seen.js
