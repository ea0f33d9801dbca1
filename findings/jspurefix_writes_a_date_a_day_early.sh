#!/usr/bin/env bash
# jspurefix 5.11.4 reads a LocalMktDate, as the day of a trade and of its settlement are, as midnight in UTC, and writes
# one as the day that the computer's clock shows then. West of Greenwich that is the day before: what is passed on, a
# trade of Friday for Tuesday's settlement, is one of Thursday for Monday's.
# Guessed: a date that is read and written stays the same day.
# Node 18 or later. Output seen: "read 75=20261127 64=20261201; written in New York: 75=20261126 64=20261130; in London:
# 75=20261127 64=20261201".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts jspurefix@5.11.4 reflect-metadata@0.2.2 tsyringe@4.10.0
cat >written.cjs <<'NODE'
require("reflect-metadata");
const path = require("node:path");
const { AsciiParser, DefinitionFactory, ElasticBuffer, JsFixConfig } = require("jspurefix");
const { AsciiEncoder } = require("jspurefix/dist/buffer/ascii/ascii-encoder");
const { container } = require("tsyringe");

const body = "35=8|49=A|56=B|34=2|52=20261127-15:15:30.123|64=20261201|55=CIM PRB|75=20261127|".replaceAll("|", "\x01");
const text = `8=FIX.4.4\x019=${body.length}\x01${body}`;
const sum = Buffer.from(text).reduce((total, each) => total + each, 0) % 256;

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
  parser.on("msg", (type, view) => {
    const sent = new ElasticBuffer(4000, 4000);
    new AsciiEncoder(sent, definitions).encode(view.toObject(), "ExecutionReport");
    const fields = sent.toString().split(/[|\x01]/);
    console.log(["75=", "64="].map((tag) => fields.find((field) => field.startsWith(tag))).join(" "));
  });
  parser.parseText(`${text}10=${String(sum).padStart(3, "0")}\x01`);
};
main();
NODE
in_new_york=$(TZ=America/New_York timeout 60 node written.cjs)
in_london=$(TZ=Europe/London timeout 60 node written.cjs)
echo "read 75=20261127 64=20261201; written in New York: $in_new_york; in London: $in_london"
[ "$in_new_york" = "75=20261126 64=20261130" ]
[ "$in_london" = "75=20261127 64=20261201" ]
