#!/usr/bin/env bash
# ib_insync 0.9.86 and ib_async 2.1.0: a notice of TWS that carries the id of a working order makes them call that
# order cancelled, and drop it from the open ones. TWS sends such notices for information: 10349 only says that the
# time in force was set by a preset. The order works on.
# Guessed: the order stays Submitted, and a notice is told as one.
# Python 3.10 to 3.13. Output seen: "ib_insync: Cancelled, 0 open" and the same for ib_async.
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
order = ["5", "57", "8314", "IBM", "STK", "", "0.0", "", "", "SMART", "USD", "IBM", "IBM", "SELL", "400", "LMT", "24.9",
         "0.0", "DAY", "", "DU1234567", "", "0", "", "7", "901", "0", "0", "0", *[""] * 11, "0", "", "-1", "0", *[""] * 5,
         "2147483647", "0", "0", "0", "", "3", "0", "0", "", "0", "0", "", "0", "None", "", "0", "", "", "", "?", "0", "0",
         "", "0", "0", *[""] * 5, "0", "0", "0", "2147483647", "2147483647", "", "", "0", "", "IB", "0", "0", "", "0", "0",
         "Submitted", *[UNSET] * 9, *[""] * 5, "0", "0", "0", "None", *[UNSET] * 6, "0", "", "", "", "0", "1", "0", "0", "0",
         "", "", "0", *[""] * 5]
for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    ib.wrapper.clientId = 7
    decoder.interpret(order)
    decoder.interpret(["3", "57", "Submitted", "0", "400", "0", "901", "0", "0", "7", "", "0.0"])
    assert [t.orderStatus.status for t in ib.openTrades()] == ["Submitted"]
    decoder.interpret(["4", "2", "57", "10349", "Order TIF was set to DAY based on order preset.", ""])
    [trade] = ib.trades()
    print(f"{name}: {trade.orderStatus.status}, {len(ib.openTrades())} open")
    assert (trade.orderStatus.status, len(ib.openTrades())) == ("Cancelled", 0)
PYTHON
