#!/usr/bin/env bash
# TWSSyncWrapper, the waiting client of IBKR's own API, waits for an order's status alone. An order that TWS refuses at once,
# with the reason (201), had "no response" when the time is over; so had the question for a contract that does not exist
# (200). The reason is in a dictionary that no exception points to: a program that repeats what had no response places the
# order again.
# Guessed: an exception with TWS's own code and words, at once.
# Python 3.10 to 3.13, nautilus-ibapi 10.46.1 (IBKR's client as a package) and a TWS of its own on this machine. Output seen:
#   No response received for order_status request 1 within 3 seconds; TWS had said: 201 Order rejected - reason: The
#   contract is not available for trading
#   No response received for contract_details request 1 within 3 seconds; TWS had said: 200 No security definition has been
#   found for the request
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nautilus-ibapi==10.46.1 protobuf==5.29.5
"$folder/venv/bin/python" - <<'PYTHON'
import logging
import socket
import struct
import threading
import time

from ibapi.contract import Contract
from ibapi.order import Order
from ibapi.sync_wrapper import ResponseTimeout, TWSSyncWrapper

logging.disable()
client = TWSSyncWrapper()


def send(line: socket.socket, *fields: str) -> None:
    payload = "".join(field + "\0" for field in fields).encode()
    line.sendall(struct.pack(">I", len(payload)) + payload)


def serve(listener: socket.socket) -> None:
    """Play a TWS of version 176 that refuses what it is asked for."""
    line, _ = listener.accept()
    requests = line.makefile("rb")
    requests.read(4)  # "API" and a zero.

    def read() -> list[str]:
        length = requests.read(4)
        return requests.read(*struct.unpack(">I", length)).decode().split("\0") if length else []

    read()
    send(line, "176", "20261127 12:00:00 EST")
    read()
    send(line, "15", "1", "DU1234567")
    send(line, "9", "1", "1")
    while request := read():
        if request[0] == "8":
            while "next_valid_id_0" not in client.response_events:
                time.sleep(0.001)
            send(line, "9", "1", "1")
        elif request[0] == "3":
            send(line, "4", "2", request[1], "201", "Order rejected - reason: The contract is not available for trading", "")
        elif request[0] == "9":
            send(line, "4", "2", request[2], "200", "No security definition has been found for the request", "")


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
assert client.connect_and_start("127.0.0.1", listener.getsockname()[1], 1)
share = Contract()
share.symbol, share.secType, share.exchange, share.currency = "KEY PRZ", "STK", "SMART", "USD"
order = Order()
order.action, order.orderType, order.totalQuantity, order.lmtPrice = "BUY", "LMT", 100, 24.5
codes = []
for ask in (lambda: client.place_order_sync(share, order, timeout=3), lambda: client.get_contract_details(share, timeout=3)):
    try:
        ask()
    except ResponseTimeout as silence:
        said = client.errors[1][-1]
        codes.append(said["errorCode"])
        print(f"{silence}; TWS had said: {said['errorCode']} {said['errorString']}")
assert codes == [201, 200]
client.disconnect_and_stop()
PYTHON
