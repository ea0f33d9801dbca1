#!/usr/bin/env bash
# The adapter of nautilus_trader 1.231.0 for IBKR gives each share whole numbers of shares and the decimals of its tick, though
# TWS tells with the contract that the least size is 0.0001 shares. Half a share that was bought at 25.125, between bid and
# ask, is reported as one share at 25.13; a trade of 2.5 shares at that price is one of two at 25.12, for the fills are
# rounded by one rule and the trades by another. Nothing is raised or warned of.
# Guessed: a fill is what the broker told, of 0.5 shares at 25.125.
# Python 3.12 and 3.13. Output seen:
#   fill of 0.5 at 25.125: 1 at 25.13; fill of 2.5 at 25.125: 3 at 25.13; trade of 2.5 at 25.125: 2 at 25.12
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  nautilus_trader==1.231.0 nautilus-ibapi==10.46.1 protobuf==5.29.5 defusedxml==0.7.1
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal
from types import SimpleNamespace

from ibapi.commission_and_fees_report import CommissionAndFeesReport
from ibapi.execution import Execution
from ibapi.tag_value import TagValue
from nautilus_trader.adapters.interactive_brokers.common import IBContract, IBContractDetails
from nautilus_trader.adapters.interactive_brokers.execution import InteractiveBrokersExecutionClient
from nautilus_trader.adapters.interactive_brokers.parsing.instruments import parse_instrument
from nautilus_trader.model.identifiers import AccountId

contract = IBContract(secType="STK", conId=901, symbol="KEY", localSymbol="KEY PRK", exchange="SMART",
                      primaryExchange="NYSE", currency="USD")
details = IBContractDetails(contract=contract, minTick=0.01, minSize=Decimal("0.0001"), sizeIncrement=Decimal("0.0001"),
                            priceMagnifier=1, secIdList=[TagValue("ISIN", "US0000000000")])
share = parse_instrument(details, "NYSE")
provider = SimpleNamespace(get_price_magnifier=lambda _: details.priceMagnifier)
client = SimpleNamespace(account_id=AccountId("IB-DU1234567"), instrument_provider=provider)
seen = []
for shares in ("0.5", "2.5"):
    execution = Execution()
    execution.execId, execution.permId, execution.side = "0001.01", 9001, "BOT"
    execution.time = "20261127 10:15:00 America/New_York"
    execution.shares, execution.price = Decimal(shares), 25.125
    commission = CommissionAndFeesReport()
    commission.currency = "USD"
    fill = InteractiveBrokersExecutionClient._create_fill_report(client, execution, contract, commission, share, 0)
    seen.append(f"fill of {shares} at 25.125: {fill.last_qty} at {fill.last_px}")
seen.append(f"trade of 2.5 at 25.125: {share.make_qty(Decimal('2.5'))} at {share.make_price(25.125)}")
line = "; ".join(seen)
print(line)
assert line == ("fill of 0.5 at 25.125: 1 at 25.13; fill of 2.5 at 25.125: 3 at 25.13; "
                "trade of 2.5 at 25.125: 2 at 25.12")
PYTHON
