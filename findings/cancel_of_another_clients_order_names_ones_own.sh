#!/usr/bin/env bash
# cancelOrder of ib_insync 0.9.86 and ib_async 2.1.0 takes any order that is listed, also one of another client, and sends its
# order id alone: message 4 names no client, so that TWS takes the id for one of the client that sends it. A program that has
# an order of that id itself, which is likely where both began at 1, names its own; the list then has the other's order as
# PendingCancel, and its own as Submitted.
# Guessed: an error, since orders of another client cannot be cancelled.
# Python 3.10 to 3.13. Output seen:
#   ib_insync: client 1 cancels order 57 of client 2: sends 4 1 57, as for its own; client 2 PendingCancel, client 1 Submitted
#   ib_async alike
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
OWN, OTHER = "1", "2"


def told(client: str, perm_id: str) -> list[str]:
    """Return the message of a working order of a client, number 57 of each."""
    return ["5", "57", "8314", "IBM", "STK", "", "0.0", "", "", "SMART", "USD", "IBM", "IBM", "SELL", "400", "LMT", "24.9",
            "0.0", "GTC", "", "DU1234567", "", "0", "", client, perm_id, "0", "0", "0", *[""] * 11, "0", "", "-1", "0",
            *[""] * 5, "2147483647", "0", "0", "0", "", "3", "0", "0", "", "0", "0", "", "0", "None", "", "0", "", "", "",
            "?", "0", "0", "", "0", "0", *[""] * 5, "0", "0", "0", "2147483647", "2147483647", "", "", "0", "", "IB", "0",
            "0", "", "0", "0", "Submitted", *[UNSET] * 9, *[""] * 5, "0", "0", "0", "None", *[UNSET] * 6, "0", "", "", "",
            "0", "1", "0", "0", "0", "", "", "0", *[""] * 5]


for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    sent: list[str] = []
    ib.client.send = lambda *fields: sent.append(" ".join(map(str, fields)).rstrip())
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    ib.wrapper.clientId = int(OWN)
    decoder.interpret(told(OWN, "901"))
    decoder.interpret(told(OTHER, "902"))
    own, other = ib.openTrades()
    ib.cancelOrder(other.order)
    states = (other.orderStatus.status, own.orderStatus.status)
    ib.cancelOrder(own.order)
    print(f"{name}: client 1 cancels order 57 of client 2: sends {sent[0]}, as for its own; "
          f"client 2 {states[0]}, client 1 {states[1]}")
    assert sent == ["4 1 57", "4 1 57"]
    assert states == ("PendingCancel", "Submitted")
PYTHON
