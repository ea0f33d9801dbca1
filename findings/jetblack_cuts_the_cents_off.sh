#!/usr/bin/env bash
# jetblack-fixparser 2.5.0 reads prices, quantities and amounts of FIX as float unless told otherwise, and writes a float
# that has a fraction as its whole part: 25.75 becomes "44=25", without a word. A message that is read and written again
# has lost its cents. A whole one is "25.0". With Decimals (is_float_decimal=True) both ways are right.
# Guessed: what was read is written as it was.
# Python 3.10 to 3.13. Output seen: "read 44=25.75: float 25.75, written 44=25; Decimal 25.75, written 44=25.75".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jetblack-fixparser==2.5.0
cat >"$folder/FIX44.xml" <<'XML'
<fix major="4" minor="4" servicepack="0">
  <header>
    <field name="BeginString" required="Y"/><field name="BodyLength" required="Y"/><field name="MsgType" required="Y"/>
  </header>
  <trailer><field name="CheckSum" required="Y"/></trailer>
  <messages>
    <message name="ExecutionReport" msgtype="8" msgcat="app">
      <field name="Symbol" required="Y"/><field name="Price" required="N"/>
    </message>
  </messages>
  <components/>
  <fields>
    <field number="8" name="BeginString" type="STRING"/><field number="9" name="BodyLength" type="LENGTH"/>
    <field number="10" name="CheckSum" type="STRING"/><field number="35" name="MsgType" type="STRING"/>
    <field number="44" name="Price" type="PRICE"/><field number="55" name="Symbol" type="STRING"/>
  </fields>
</fix>
XML
"$folder/venv/bin/python" - "$folder/FIX44.xml" <<'PYTHON'
import sys

from jetblack_fixparser import FixMessage, load_quickfix_protocol

body = b"35=8|55=CIM PRB|44=25.75|".replace(b"|", b"\x01")
head = b"8=FIX.4.4|9=%d|".replace(b"|", b"\x01") % len(body)
sent = head + body + b"10=%03d\x01" % (sum(head + body) % 256)
seen = []
for is_decimal in (False, True):
    protocol = load_quickfix_protocol(sys.argv[1], is_float_decimal=is_decimal)
    read = FixMessage.decode(protocol, sent)
    price = read.message["Price"]
    fields = read.encode(regenerate_integrity=True).split(b"\x01")
    [written] = [field.decode() for field in fields if field.startswith(b"44=")]
    seen.append(f"{type(price).__name__} {price}, written {written}")
print(f"read 44=25.75: {'; '.join(seen)}")
assert seen == ["float 25.75, written 44=25", "Decimal 25.75, written 44=25.75"]
PYTHON
