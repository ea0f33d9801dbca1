#!/usr/bin/env bash
# @oznu/ws-connect 2.2.0 for Node notices a line on which pings are not answered any more, and connects anew: two times "open", and no
# "close" between them, so that who marks what was told as old when the line closes never does. What is sent before a line is open, or
# while there is none, is dropped: no error, and the callback that ws calls is never called. And when what it is to run before it
# connects, such as a login, fails once, it never connects again.
# Guessed: each "open" has its "close"; a callback with an error; and another try after the interval.
# Node 20 or later. Output seen:
#   open 2, close 0; sent early: callback called false, arrived 0; tries after a login that failed: 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @oznu/ws-connect@2.2.0 ws@8.18.3
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const { once } = require("node:events");
const { WebSocketServer } = require("ws");
const { WebSocket } = require("@oznu/ws-connect");

const main = async () => {
  const silent = new WebSocketServer({ host: "127.0.0.1", port: 0, autoPong: false });
  await once(silent, "listening");
  let arrived = 0;
  silent.on("connection", (line) => line.on("message", () => (arrived += 1)));
  const address = `ws://127.0.0.1:${silent.address().port}`;

  const seen = { open: 0, close: 0 };
  let called = false;
  const line = new WebSocket(address, { pingInterval: 100, pingFailureLimit: 2, reconnectInterval: 100 });
  Object.keys(seen).forEach((event) => line.on(event, () => (seen[event] += 1)));
  line.send("early", () => (called = true));
  while (seen.open < 2) await once(line, "open");
  line.close();
  const { open, close } = seen;

  let tries = 0;
  const failed = once(process, "unhandledRejection");
  const login = async () => {
    tries += 1;
    throw new Error("no login now");
  };
  new WebSocket(address, { beforeConnect: login, reconnectInterval: 100 });
  await failed;
  await new Promise((resolve) => setTimeout(resolve, 1000)); // Ten intervals.

  console.log(`open ${open}, close ${close}; sent early: callback called ${called}, arrived ${arrived}; tries after a login ` +
    `that failed: ${tries}`);
  assert.deepEqual([open, close, called, arrived, tries], [2, 0, false, 0, 1]);
  process.exit(0);
};
main();
NODE
timeout 60 node seen.cjs
