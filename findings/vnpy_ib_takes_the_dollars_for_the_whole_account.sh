#!/usr/bin/env bash
# vnpy_ib 10.45.1.0, the gateway of VeighNa (vn.py) to TWS, reads two values of an account into one balance:
# NetLiquidation, what all of it is worth, and NetLiquidationByCurrency, what is worth so in one currency. The one that was
# told last stays. Told in the order of their names, an account of 100,000 dollars, 35,000 of them in euros, has a balance
# of 65,000 beside 90,000 that are available.
# Guessed: 100,000.
# Python 3.10 to 3.13, nautilus-ibapi 10.46.1 (IBKR's client as a package) beneath. Output seen:
#   DU1234567.USD: balance 65000, available 90000; DU1234567.EUR: balance 30000, available 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps vnpy==4.4.0 vnpy_ib==10.45.1.0 \
  nautilus-ibapi==10.46.1 protobuf==5.29.5 ta-lib==0.6.8 numpy==2.2.6 tzlocal==5.3.1 loguru==0.7.3
mkdir "$folder/.vntrader"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from ibapi.decoder import Decoder
from vnpy.event import EventEngine
from vnpy.trader.object import AccountData
from vnpy_ib import IbGateway

seen = []


class Gateway(IbGateway):
    def on_account(self, account: AccountData) -> None:
        available = getattr(account, "available", 0)
        seen.append(f"{account.accountid}: balance {account.balance:.0f}, available {available:.0f}")


gateway = Gateway(EventEngine(), "IB")
decoder = Decoder(gateway.api, 176)
for key, value, currency in (
    ("AvailableFunds", "90000.00", "USD"),
    ("NetLiquidation", "100000.00", "USD"),
    ("NetLiquidationByCurrency", "65000.00", "USD"),
    ("NetLiquidationByCurrency", "30000.00", "EUR"),
):
    decoder.interpret([field.encode() for field in ("2", key, value, currency, "DU1234567")], 6)
decoder.interpret([field.encode() for field in ("1", "12:00")], 8)
print("; ".join(seen))
assert seen == [
    "DU1234567.USD: balance 65000, available 90000",
    "DU1234567.EUR: balance 30000, available 0",
]
PYTHON
