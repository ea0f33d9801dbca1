#!/usr/bin/env bash
# jspurefix 5.11.4 reads a price that begins with its point as a whole number, moved by as many places as it has: of a
# dividend or a difference written ".125", which the float of FIX allows, it makes 1250, and of "-.5" -50. "0.125" is
# right.
# Guessed: .125 is 0.125.
# Node 18 or later. Output seen: "44=.125 -> 1250; 44=-.5 -> -50; 44=0.125 -> 0.125; 44=25.125 -> 25.125".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts jspurefix@5.11.4 reflect-metadata@0.2.2 tsyringe@4.10.0
cat >seen.cjs <<'NODE'
require("reflect-metadata");
const assert = require("node:assert");
const path = require("node:path");
const { AsciiParser, DefinitionFactory, ElasticBuffer, JsFixConfig } = require("jspurefix");
const { container } = require("tsyringe");

const PRICES = [".125", "-.5", "0.125", "25.125"];

const message = (price) => {
  const body = `35=8|49=A|56=B|34=2|52=20261127-15:15:30.123|55=CIM PRB|44=${price}|`.replaceAll("|", "\x01");
  const text = `8=FIX.4.4\x019=${body.length}\x01${body}`;
  const sum = Buffer.from(text).reduce((total, each) => total + each, 0) % 256;
  return `${text}10=${String(sum).padStart(3, "0")}\x01`;
};

const main = async () => {
  const dictionary = path.join(path.dirname(require.resolve("jspurefix/package.json")), "data", "FIX44.xml");
  const definitions = await new DefinitionFactory().getDefinitions(dictionary);
  const config = new JsFixConfig(null, definitions, null);
  const buffer = new ElasticBuffer(4000, 4000);
  config.sessionContainer = container.createChildContainer();
  config.sessionContainer.registerInstance("IJsFixConfig", config);
  config.sessionContainer.registerInstance("Definitions", definitions);
  config.sessionContainer.registerInstance("ReceiveBuffer", buffer);
  const parser = new AsciiParser(config, null, buffer);
  const read = [];
  parser.on("msg", (_type, view) => read.push(view.toObject().Price));
  PRICES.forEach((price) => parser.parseText(message(price)));
  console.log(PRICES.map((price, index) => `44=${price} -> ${read[index]}`).join("; "));
  assert.deepEqual(read, [1250, -50, 0.125, 25.125]);
};
main();
NODE
timeout 60 node seen.cjs
