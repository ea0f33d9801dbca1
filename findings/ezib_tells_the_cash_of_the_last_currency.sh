#!/usr/bin/env bash
# TWS tells a value of an account, such as CashBalance, for each of its currencies and for their sum in the base currency.
# ezib_async 0.2.1.dev0 keeps the text of the one that came last under its name, without its currency: a debt of dollars
# is gone behind euros, with no way to see which of them a figure is.
# Guessed: the value of each currency, or that of the base currency.
# Python 3.11 to 3.13. Output seen: "told 1500.00 BASE, -2000.00 USD, 3050.00 EUR; kept 3050.00".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
# What ezib_async itself asks for besides, numba and uvloop, is never imported.
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_async==2.1.0 pandas==2.3.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ezib_async==0.2.1.dev0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging

from ezib_async import ezIBAsync

logging.disable()
TOLD = [("1500.00", "BASE"), ("-2000.00", "USD"), ("3050.00", "EUR")]


async def kept() -> dict[str, str]:
    """The values that are kept of those that TWS tells of, in message 6."""
    client = ezIBAsync()
    decoder = client.ib.client.decoder
    client.ib.client._serverVersion = decoder.serverVersion = 176
    for amount, currency in TOLD:
        decoder.interpret(["6", "2", "CashBalance", amount, currency, "DU1234567"])
    assert len(client.ib.accountValues()) == len(TOLD)
    return client.accounts["DU1234567"]


seen = asyncio.run(kept())
print("told " + ", ".join(map(" ".join, TOLD)) + f"; kept {seen['CashBalance']}")
assert seen == {"CashBalance": "3050.00"}
PYTHON
