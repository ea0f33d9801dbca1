#!/usr/bin/env bash
# The IBKR importer of beancount-reds-importers 0.10.0 asks for the currency of each trade and payment in its Flex query, and
# does not read it: 100 shares bought at 24 euros are booked as 2400 dollars, a dividend of 50 euros as 50 dollars, and the
# entry balances. Tax withheld and a payment in lieu of a dividend are money that the owner paid in or took out. A statement
# with one sale is not imported at all: "selltock" is no type of entry.
# Guessed: 2400 EUR and 50 EUR, income and a tax, and a sale.
# Python 3.10 to 3.12. Output seen:
#   bought for 2400 EUR: Broker -2401 USD; Dividends 50 EUR: Broker 50 USD, Dividends -50 USD; Withholding Tax -7.50 USD:
#   Broker -7.50 USD, Transfer 7.50 USD; Payment In Lieu Of Dividends 25 USD: Broker 25 USD, Transfer -25 USD; sold: Unknown
#   entry type
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check beancount==2.3.6 python-dateutil==2.9.0.post0 lxml==6.0.2
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps beancount-reds-importers==0.10.0
"$folder/venv/bin/python" - "$folder/ibkr.xml" <<'PYTHON'
import contextlib
import io
import sys
from pathlib import Path

from beancount.core.data import Transaction
from beancount.ingest.cache import get_file
from beancount_reds_importers.importers import ibkr

ISIN = "US0000000000"
ACCOUNTS = {"main_account": "Shares", "cash_account": "Broker", "transfer": "Transfer", "dividends": "Dividends",
            "interest": "Interest", "cg": "Gains", "capgainsd_lt": "Long", "capgainsd_st": "Short", "fees": "Fees",
            "rounding_error": "Rounding"}
FUNDS = {"fund_data": [("KEY", ISIN, "KeyCorp")], "money_market": []}
TRADE = ('<Trade isin="' + ISIN + '" dateTime="2026-11-02 10:15:30 EST" transactionType="ExchTrade" tradePrice="24" '
         'ibCommission="-1" currency="{}" buySell="{}" quantity="{}" netCash="{}"/>')
PAID = '<CashTransaction isin="' + ISIN + '" dateTime="2026-11-16 20:20:00 EST" type="{}" amount="{}" currency="{}"/>'
PAYMENTS = [("Dividends", "50", "EUR"), ("Withholding Tax", "-7.50", "USD"), ("Payment In Lieu Of Dividends", "25", "USD")]
path = Path(sys.argv[1])


def booked(trade: str, payments: str = "") -> list[Transaction]:
    """What the importer makes of a statement with a trade and payments."""
    path.write_text('<FlexQueryResponse><FlexStatements><FlexStatement><AccountInformation accountId="U1234567" '
                    'currency="USD"/><CashReport><CashReportCurrency currency="USD" toDate="2026-11-27" slbNetCash="0"/>'
                    f"</CashReport><Trades>{trade}</Trades><CashTransactions>{payments}</CashTransactions></FlexStatement>"
                    "</FlexStatements></FlexQueryResponse>")
    importer, file = ibkr.Importer({**ACCOUNTS, "fund_info": FUNDS}), get_file(str(path))
    assert importer.identify(file)
    return [entry for entry in importer.extract(file) if isinstance(entry, Transaction)]


bought, *paid = booked(TRADE.format("EUR", "BUY", 100, -2401), "".join(PAID.format(*payment) for payment in PAYMENTS))
[cash] = [posting.units for posting in bought.postings if posting.account == "Broker"]
told = [f"bought for 2400 EUR: Broker {cash}"]
for payment, entry in zip(PAYMENTS, paid, strict=True):
    told.append(f"{' '.join(payment)}: " + ", ".join(f"{posting.account} {posting.units}" for posting in entry.postings))
try:
    with contextlib.redirect_stdout(io.StringIO()):
        booked(TRADE.format("USD", "SELL", -100, 2399))
except Exception as error:
    told.append(f"sold: {error}")
seen = "; ".join(told)
print(seen)
assert seen == (
    "bought for 2400 EUR: Broker -2401 USD; Dividends 50 EUR: Broker 50 USD, Dividends -50 USD; "
    "Withholding Tax -7.50 USD: Broker -7.50 USD, Transfer 7.50 USD; "
    "Payment In Lieu Of Dividends 25 USD: Broker 25 USD, Transfer -25 USD; sold: Unknown entry type"
)
PYTHON
