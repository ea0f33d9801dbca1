#!/usr/bin/env bash
# ib_insync 0.9.86 and ib_async 2.1.0: when TWS tells an order again after it was amended, the new limit is taken and
# the new time in force is not: a DAY order that became GTC stays DAY for the whole session.
# Guessed: the order as it was told last, all of it.
# Python 3.10 to 3.13. Output seen: "ib_insync: limit 25.1, DAY" for an order told as limit 25.1, GTC; ib_async alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib

asyncio.set_event_loop(asyncio.new_event_loop())
UNSET = "1.7976931348623157E308"


def told(limit: str, tif: str) -> list[str]:
    return ["5", "57", "8314", "IBM", "STK", "", "0.0", "", "", "SMART", "USD", "IBM", "IBM", "SELL", "400", "LMT", limit,
            "0.0", tif, "", "DU1234567", "", "0", "", "7", "901", "0", "0", "0", *[""] * 11, "0", "", "-1", "0", *[""] * 5,
            "2147483647", "0", "0", "0", "", "3", "0", "0", "", "0", "0", "", "0", "None", "", "0", "", "", "", "?", "0",
            "0", "", "0", "0", *[""] * 5, "0", "0", "0", "2147483647", "2147483647", "", "", "0", "", "IB", "0", "0", "",
            "0", "0", "Submitted", *[UNSET] * 9, *[""] * 5, "0", "0", "0", "None", *[UNSET] * 6, "0", "", "", "", "0", "1",
            "0", "0", "0", "", "", "0", *[""] * 5]


for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    ib.wrapper.clientId = 7
    decoder.interpret(told("24.9", "DAY"))
    decoder.interpret(told("25.1", "GTC"))
    [trade] = ib.openTrades()
    print(f"{name}: limit {trade.order.lmtPrice}, {trade.order.tif}")
    assert (trade.order.lmtPrice, trade.order.tif) == (25.1, "DAY")
PYTHON
