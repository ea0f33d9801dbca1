#!/usr/bin/env bash
# tariochbctools 1.7.0 makes entries for Beancount of a Flex report. Of what was paid it makes an entry of dividends alone: a
# payment in lieu of one, which is what a share brings that IBKR has lent out, and what a short position costs, are left out
# without a word, and the cash of the account with them. A sale is narrated as "Buy", of -100 shares whose cost is the price
# of the sale, so that no lot bought at another price matches it and no gain is told.
# Guessed: an entry, or an error, for each thing that was paid; a sale of what was bought for 24 at 25.
# Python 3.11 to 3.13. Output seen: "Buy 100 cost 24 cash -2400.35; Buy -100 cost 25 cash 2499.65; Dividend cash 50; told
# 149.30 of 124.30".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tariochbctools==1.7.0 beancount==3.2.3 beangulp==0.2.0 \
  ibflex==1.1
cat >"$folder/ibkr.yaml" <<'YAML'
token: none
queryId: 1
baseCcy: USD
YAML
"$folder/venv/bin/python" - "$folder/ibkr.yaml" <<'PYTHON'
import sys
from decimal import Decimal

from tariochbctools.importers.ibkr import flexclient
from tariochbctools.importers.ibkr.importer import Importer

TRADE = ('<Trade accountId="U1234567" currency="USD" assetCategory="STK" symbol="T" tradeDate="{}" quantity="{}" '
         'tradePrice="{}" ibCommission="-0.35" ibCommissionCurrency="USD" netCash="{}" fxRateToBase="1"/>')
PAID = ('<CashTransaction accountId="U1234567" currency="USD" symbol="T" description="{} USD 0.50 PER SHARE" '
        'dateTime="20261116" amount="{}" type="{}"/>')
LIEU = "Payment In Lieu Of Dividends"
TRADES = [("20261102", 100, 24, "-2400.35"), ("20261127", -100, 25, "2499.65")]
PAYMENTS = [("T CASH DIVIDEND", "50", "Dividends"), ("T PAYMENT IN LIEU OF DIVIDEND", "25", LIEU),
            ("T PAYMENT IN LIEU OF DIVIDEND, SHORT", "-50", LIEU)]
REPORT = ('<FlexQueryResponse queryName="all" type="AF"><FlexStatements count="1"><FlexStatement accountId="U1234567" '
          'fromDate="20261102" toDate="20261127" period="LastMonth" whenGenerated="20261127;170000"><Trades>'
          + "".join(TRADE.format(*each) for each in TRADES) + "</Trades><CashTransactions>"
          + "".join(PAID.format(*each) for each in PAYMENTS)
          + "</CashTransactions></FlexStatement></FlexStatements></FlexQueryResponse>")

# The report is at hand: it is not asked for.
flexclient.download = lambda *_, **__: REPORT.encode()
told, cash = [], Decimal(0)
for entry in Importer().extract(sys.argv[1], []):
    share, *_ = entry.postings
    paid = next(each.units.number for each in entry.postings if ":Liquidity:" in each.account)
    cash += paid
    cost = f" {share.units.number} cost {share.cost.number_per}" if share.cost else ""
    told.append(f"{entry.narration.split(':')[0]}{cost} cash {paid}")
owed = sum(Decimal(each[-1]) for each in TRADES) + sum(Decimal(each[1]) for each in PAYMENTS)
seen = f"{'; '.join(told)}; told {cash} of {owed}"
print(seen)
assert seen == ("Buy 100 cost 24 cash -2400.35; Buy -100 cost 25 cash 2499.65; Dividend cash 50; "
                "told 149.30 of 124.30")
PYTHON
