#!/usr/bin/env bash
# fix 0.0.6 for Node (nodefix) cuts a field at the second "=" of it: of a text "limit=25.75 is too far" there is "limit". And a
# sequence reset without gap fill, which FIX has for a line that lost its count, is always an error to it: it takes the new
# number for none, and ends the session.
# Guessed: the whole text, as only the first "=" ends a tag; and the number that the other side told.
# Node 18 to 22. Output seen:
#   told 58=limit=25.75 is too far, read "limit"; a reset to 10 ends the session: Seq-reset may not decrement sequence numbers
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts fix@0.0.6
mkdir traffic
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const net = require("node:net");
const fix = require("fix");

const message = (...fields) => {
  const body = [...fields, "49=BROKER", "56=MONITOR", "52=20261127-15:15:30.123", ""].join("\x01");
  const text = `8=FIX.4.4\x019=${body.length}\x01${body}`;
  const sum = Buffer.from(text).reduce((total, each) => total + each, 0) % 256;
  return `${text}10=${String(sum).padStart(3, "0")}\x01`;
};

const read = [];
const said = [];
const print = console.log; // fix tells its errors there, and nowhere else.
console.log = (...line) => said.push(/\[ERROR\] ([^:]*)/.exec(line.join(" "))?.[1]);
const broker = net.createServer((line) => {
  line.once("data", () => {
    line.write(message("35=A", "34=1", "98=0", "108=30"));
    line.write(message("35=8", "34=2", "37=901", "39=8", "58=limit=25.75 is too far"));
    line.write(message("35=4", "34=3", "36=10"));
  });
  line.on("end", () => {
    print(`told 58=limit=25.75 is too far, read "${read[0]}"; a reset to 10 ends the session: ${said[0]}`);
    assert.deepEqual(read, ["limit"]);
    assert.match(said[0], /^Seq-reset may not decrement/);
    process.exit(0);
  });
});
broker.listen(0, "127.0.0.1", () => {
  const client = fix.createClient("FIX.4.4", "MONITOR", "BROKER", {});
  client.on("incomingmsg", (_sender, _target, each) => each[35] === "8" && read.push(each[58]));
  client.connectAndLogon(broker.address().port, "127.0.0.1");
});
setTimeout(() => assert.fail("the session goes on"), 20000);
NODE
timeout 60 node seen.cjs 2>/dev/null
