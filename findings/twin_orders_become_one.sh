#!/usr/bin/env bash
# ib_insync 0.9.86 and ib_async 2.1.0 key an order by client id and order id. TWS can list two working orders with the
# same pair (an id used again on another day) and different permIds: the second overwrites the first, and 400 of 800
# shares for sale are gone from the list.
# Guessed: two orders, told apart by their permIds.
# Python 3.10 to 3.13. Output seen: "ib_insync: 1 open order, permId 902" after two were told; ib_async alike.
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


def told(perm_id: str) -> list[str]:
    return ["5", "57", "8314", "IBM", "STK", "", "0.0", "", "", "SMART", "USD", "IBM", "IBM", "SELL", "400", "LMT", "24.9",
            "0.0", "GTC", "", "DU1234567", "", "0", "", "7", perm_id, "0", "0", "0", *[""] * 11, "0", "", "-1", "0",
            *[""] * 5, "2147483647", "0", "0", "0", "", "3", "0", "0", "", "0", "0", "", "0", "None", "", "0", "", "", "",
            "?", "0", "0", "", "0", "0", *[""] * 5, "0", "0", "0", "2147483647", "2147483647", "", "", "0", "", "IB", "0",
            "0", "", "0", "0", "Submitted", *[UNSET] * 9, *[""] * 5, "0", "0", "0", "None", *[UNSET] * 6, "0", "", "", "",
            "0", "1", "0", "0", "0", "", "", "0", *[""] * 5]


for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    ib.wrapper.clientId = 7
    decoder.interpret(told("901"))
    decoder.interpret(told("902"))
    [trade] = ib.openTrades()
    print(f"{name}: 1 open order, permId {trade.order.permId}")
    assert trade.order.permId == 902
PYTHON
