#!/usr/bin/env bash
# A statement in OFX 1 may stand in one line, without end tags. ofx-data-extractor 1.5.0 cannot read it: the list of
# transactions raises an error of JSON, and the sums of the same statement are told as 0, as if nothing had been paid, and
# nothing is among the warnings. With lines that end in CR and LF the sums are right, and the days of the period keep the CR.
# Guessed: sums, or the error that the list raises.
# Node 18 or later. Output seen: 'LF: credit 135.5, debit 0.35, from "2026-11-01"; CR LF: credit 135.5, debit 0.35, from
# "20261101\r"; one line: credit 0, debit 0, from "", warnings 0, and the list: SyntaxError'.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ofx-data-extractor@1.5.0
cat >seen.cjs <<'NODE'
const assert = require("node:assert");
const { Ofx } = require("ofx-data-extractor");

const HEADER = ["OFXHEADER:100", "DATA:OFXSGML", "VERSION:102", "SECURITY:NONE", "ENCODING:USASCII", "CHARSET:1252",
  "COMPRESSION:NONE", "OLDFILEUID:NONE", "NEWFILEUID:NONE", "", ""];
const PAID = [["DIV", "135.50"], ["FEE", "-0.35"]];
const BODY = ["<OFX>", "<BANKMSGSRSV1>", "<STMTTRNRS>", "<TRNUID>1", "<STATUS>", "<CODE>0", "<SEVERITY>INFO", "</STATUS>",
  "<STMTRS>", "<CURDEF>USD", "<BANKACCTFROM>", "<BANKID>1", "<ACCTID>2", "<ACCTTYPE>CHECKING", "</BANKACCTFROM>",
  "<BANKTRANLIST>", "<DTSTART>20261101", "<DTEND>20261127",
  ...PAID.flatMap(([type, amount], index) => ["<STMTTRN>", `<TRNTYPE>${type}`, "<DTPOSTED>20261127", `<TRNAMT>${amount}`,
    `<FITID>${index}`, "</STMTTRN>"]),
  "</BANKTRANLIST>", "<LEDGERBAL>", "<BALAMT>1000.00", "<DTASOF>20261127", "</LEDGERBAL>", "</STMTRS>", "</STMTTRNRS>",
  "</BANKMSGSRSV1>", "</OFX>"];

const statement = (lineEnd) => new Ofx(HEADER.join("\r\n") + BODY.join(lineEnd));

const sums = (lineEnd) => {
  const { credit, debit, dateStart } = statement(lineEnd).getTransactionsSummary();
  return `credit ${credit}, debit ${debit}, from ${JSON.stringify(dateStart)}`;
};

const oneLine = statement("");
let error = "none";
try {
  oneLine.getBankTransferList();
} catch (raised) {
  error = raised.name;
}
const seen = `LF: ${sums("\n")}; CR LF: ${sums("\r\n")}; one line: ${sums("")}, `
  + `warnings ${oneLine.getWarnings().length}, and the list: ${error}`;
console.log(seen);
assert.equal(seen, 'LF: credit 135.5, debit 0.35, from "2026-11-01"; '
  + 'CR LF: credit 135.5, debit 0.35, from "20261101\\r"; '
  + 'one line: credit 0, debit 0, from "", warnings 0, and the list: SyntaxError');
NODE
timeout 60 node seen.cjs
