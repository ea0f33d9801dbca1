#!/usr/bin/env bash
# @dintero/money 1.1.12 writes an amount as a locale has it, and reads one that is written so: Money.fromLocaleString(). Where the
# locale's minus is the sign of mathematics, as in Norway, of which its text has the example, in Sweden, Finland and Slovenia, the
# sign is dropped as no part of a number: a loss of 25.75 that it has written itself is a gain of 25.75 once it is read. Nothing is
# raised.
# Guessed: what was written is read as it was.
# Node 18 or later. Output seen:
#   nb-NO: -25.75 is written −25,75, read 25.75; sv-SE: 25.75; fi-FI: 25.75; sl-SI: 25.75; en-US: -25.75; de-DE: -25.75
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @dintero/money@1.1.12
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const { Money } = require("@dintero/money");

const LOSS = Money.of("-25.75", "USD");
const read = (locale) => Money.fromLocaleString(LOSS.toLocaleString(locale), "USD", locale).toString();
const [norway, ...others] = ["nb-NO", "sv-SE", "fi-FI", "sl-SI", "en-US", "de-DE"];
const seen = [
  `${norway}: ${LOSS} is written ${LOSS.toLocaleString(norway)}, read ${read(norway)}`,
  ...others.map((locale) => `${locale}: ${read(locale)}`),
].join("; ");
console.log(seen);
assert.equal(seen, "nb-NO: -25.75 is written \u221225,75, read 25.75; sv-SE: 25.75; fi-FI: 25.75; sl-SI: 25.75; en-US: -25.75; "
  + "de-DE: -25.75");
NODE
node seen.cjs
