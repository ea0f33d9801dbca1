#!/usr/bin/env bash
# Where a schema of Simple Binary Encoding says that a field is optional and not which number means null, that of its type
# does (SBE 1.0, table of data types: the smallest int64, the largest uint32). sbedecoder 0.1.10 knows a null that the
# schema writes out, unless it is 0: an unknown price is -922337203685477.6, an unknown number of shares 4294967295, or 0.
# Guessed: None for each, as for a price whose null is written out.
# Python 3.10 to 3.13. Output seen: "bid_px -922337203685477.6, offer_px None, bid_size 4294967295, offer_size 0".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sbedecoder==0.1.10
cat >"$folder/quote.xml" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<sbe:messageSchema xmlns:sbe="http://www.fixprotocol.org/ns/simple/1.0" package="quote" id="1" version="1"
                   description="A quote" byteOrder="littleEndian">
  <types>
    <composite name="messageHeader">
      <type name="blockLength" primitiveType="uint16"/>
      <type name="templateId" primitiveType="uint16"/>
      <type name="schemaId" primitiveType="uint16"/>
      <type name="version" primitiveType="uint16"/>
    </composite>
    <composite name="Price">
      <type name="mantissa" primitiveType="int64" presence="optional"/>
      <type name="exponent" primitiveType="int8" presence="constant">-4</type>
    </composite>
    <composite name="PriceNull">
      <type name="mantissa" primitiveType="int64" presence="optional" nullValue="-9223372036854775808"/>
      <type name="exponent" primitiveType="int8" presence="constant">-4</type>
    </composite>
    <type name="Shares" primitiveType="uint32" presence="optional"/>
    <type name="SharesNull" primitiveType="uint32" presence="optional" nullValue="0"/>
  </types>
  <sbe:message name="Quote" id="1" description="A quote" blockLength="24">
    <field name="BidPx" id="132" type="Price" offset="0"/>
    <field name="OfferPx" id="133" type="PriceNull" offset="8"/>
    <field name="BidSize" id="134" type="Shares" offset="16"/>
    <field name="OfferSize" id="135" type="SharesNull" offset="20"/>
  </sbe:message>
</sbe:messageSchema>
XML
"$folder/venv/bin/python" - "$folder/quote.xml" <<'PYTHON'
import struct
import sys

from sbedecoder import SBEMessage, SBESchema

schema = SBESchema()
schema.parse(sys.argv[1])


def told(bid, offer, bid_size, offer_size):
    quote = struct.pack("<HHHHqqII", 24, 1, 1, 1, bid, offer, bid_size, offer_size)
    fields = {field.name: field.value for field in SBEMessage.parse_message(schema, quote).fields}
    return [fields[name] for name in ("bid_px", "offer_px", "bid_size", "offer_size")]


assert told(245000, 247500, 300, 100) == [24.5, 24.75, 300, 100]
seen = told(-2**63, -2**63, 2**32 - 1, 0)
print("bid_px {}, offer_px {}, bid_size {}, offer_size {}".format(*seen))
assert seen == [-922337203685477.6, None, 4294967295, 0]
PYTHON
