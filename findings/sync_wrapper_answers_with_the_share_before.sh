#!/usr/bin/env bash
# TWSSyncWrapper, the waiting client of IBKR's own API, numbers each request by asking TWS for the next valid order id, which
# stays the same until an order is placed, and get_contract_details() keeps what it was told before under that number. The
# answer about KEY PRK begins with KEY PRI, which was asked about first: whoever takes the first trades the other share.
# Guessed: the one contract that was asked about.
# Python 3.10 to 3.13, nautilus-ibapi 10.46.1 (IBKR's client as a package) and a TWS of its own on this machine. Output seen:
#   asked for KEY PRI: KEY PRI
#   asked for KEY PRK: KEY PRI, KEY PRK
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nautilus-ibapi==10.46.1 protobuf==5.29.5
"$folder/venv/bin/python" - <<'PYTHON'
import socket
import struct
import threading
import time

from ibapi.contract import Contract
from ibapi.sync_wrapper import TWSSyncWrapper

SHARES = {"901": "KEY PRI", "902": "KEY PRK"}
client = TWSSyncWrapper()


def send(line: socket.socket, *fields: str) -> None:
    payload = "".join(field + "\0" for field in fields).encode()
    line.sendall(struct.pack(">I", len(payload)) + payload)


def await_waiting(event: str) -> None:
    """Wait until the client waits: an answer that comes before is lost to it."""
    while event not in client.response_events:
        time.sleep(0.001)


def serve(listener: socket.socket) -> None:
    """Play a TWS of version 176 that knows two preferred shares."""
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
            await_waiting("next_valid_id_0")
            send(line, "9", "1", "1")  # No order was placed.
        elif request[0] == "9":
            _, _, number, contract_id, *_ = request
            await_waiting(f"contract_details_{number}")
            send(line, "10", number, "KEY", "STK", "", "0", "", "SMART", "USD", SHARES[contract_id], "KEY", "KEY", contract_id,
                 "0.01", "", "LMT", "SMART,NYSE", "1", "0", "KEYCORP", "NYSE", "", "Financial", "Banks", "", "US/Eastern", "",
                 "", "", "0", "0", "1", "", "", "26", "", "PREFERRED", "1", "1", "100")
            send(line, "52", "1", number)


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
assert client.connect_and_start("127.0.0.1", listener.getsockname()[1], 1)
seen = []
for contract_id, name in SHARES.items():
    share = Contract()
    share.conId = int(contract_id)
    seen.append([details.contract.localSymbol for details in client.get_contract_details(share, timeout=60)])
    print(f"asked for {name}: {', '.join(seen[-1])}")
assert seen == [["KEY PRI"], ["KEY PRI", "KEY PRK"]]
client.disconnect_and_stop()
PYTHON
