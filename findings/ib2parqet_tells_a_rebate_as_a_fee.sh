#!/usr/bin/env bash
# ib2parqet 1.0.2 makes a list for Parqet of a Flex report and takes the sign off every figure. IBKR tells a commission
# below zero when it was paid and above zero when it was a rebate for adding liquidity: both are a fee. Of a trade that IBKR
# took back, told as "BUY (Ca.)" with -100 shares, there are 100 shares, and the word stays as it is. The time, which a
# report tells in New York's, is given the Z of UTC.
# Guessed: a rebate is a fee below zero, or none; a trade that was taken back takes its shares away.
# Python 3.10 to 3.13. Output seen: "BUY 100.0 fee 0.35; SELL 100.0 fee 0.18; BUY (Ca.) 100.0 fee 0.35; at
# 2026-11-27T10:15:30Z".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib2parqet==1.0.2 xmltodict==0.13.0 python-dateutil==2.9.0.post0
"$folder/venv/bin/python" - <<'PYTHON'
import xmltodict

from ib2parqet.ib2parqet import convert

TRADE = ('<Trade assetCategory="STK" currency="USD" ibCommissionCurrency="USD" dateTime="20261127;101530" '
         'fxRateToBase="1" isin="US0000000000" tradePrice="24.5" taxes="0" quantity="{}" buySell="{}" '
         'ibCommission="{}"/>')
TOLD = [(100, "BUY", -0.35), (-100, "SELL", 0.18), (-100, "BUY (Ca.)", 0.35)]
REPORT = ('<FlexQueryResponse><FlexStatements count="1"><FlexStatement accountId="U1234567"><Trades>'
          + "".join(TRADE.format(*each) for each in TOLD)
          + "</Trades></FlexStatement></FlexStatements></FlexQueryResponse>")

rows = convert(xmltodict.parse(REPORT))
print("; ".join(f"{row['type']} {row['shares']} fee {row['fee']}" for row in rows) + f"; at {rows[0]['datetime']}")
assert [(row["shares"], row["type"], row["fee"]) for row in rows] == [
    (100, "BUY", 0.35), (100, "SELL", 0.18), (100, "BUY (Ca.)", 0.35)]
assert rows[0]["datetime"] == "2026-11-27T10:15:30Z"
PYTHON
