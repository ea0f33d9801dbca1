#!/usr/bin/env bash
# FlexReport.extract() of ib_insync 0.9.86 and ib_async 2.1.0 makes a number of every text that Python reads as one, whatever
# attribute it stands in. The symbol NAN, a fund's, is a float that equals nothing, not even itself; a CUSIP loses its
# leading zeros; one whose sixth sign is an E, as that made up here, is a power of ten. Shares are no longer found by any
# of them. With parseNumbers=False all stays text, the figures too.
# Guessed: numbers are what IBKR gives as figures; a symbol and a CUSIP are text.
# Python 3.10 to 3.13. Output seen: "ib_insync: nan 11.25; BAC 60505104; ABC PRA 4.5168e+106"; ib_async alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
cat >"$folder/report.xml" <<'XML'
<FlexQueryResponse queryName="trades" type="AF"><FlexStatements count="1"><FlexStatement accountId="U1234567"><Trades>
<Trade symbol="NAN" quantity="100" tradePrice="11.25"/>
<Trade symbol="BAC" cusip="060505104" quantity="200" tradePrice="44.5"/>
<Trade symbol="ABC PRA" cusip="45168E102" quantity="300" tradePrice="24.75"/>
</Trades></FlexStatement></FlexStatements></FlexQueryResponse>
XML
"$folder/venv/bin/python" - "$folder/report.xml" <<'PYTHON'
import asyncio
import importlib
import sys

asyncio.set_event_loop(asyncio.new_event_loop())
for name in ("ib_insync", "ib_async"):
    report = importlib.import_module(name).FlexReport(path=sys.argv[1])
    fund, bank, preferred = report.extract("Trade")
    print(f"{name}: {fund.symbol} {fund.tradePrice}; {bank.symbol} {bank.cusip}; {preferred.symbol} {preferred.cusip}")
    assert fund.symbol != fund.symbol
    assert (fund.tradePrice, bank.cusip, preferred.cusip) == (11.25, 60505104, 45168e102)
    assert report.extract("Trade", parseNumbers=False)[2].cusip == "45168E102"
PYTHON
