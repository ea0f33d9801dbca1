#!/usr/bin/env bash
# When the line to TWS breaks, ib_insync 0.9.86 and ib_async 2.1.0 forget what TWS told: positions() and accountValues() are
# empty lists from then on, like those of an account that holds nothing. Neither raises, and the lists have no sign of what
# they are: who sums up what is held sums up 0 until the line is there again.
# Guessed: what was told last, or a ConnectionError.
# Python 3.10 to 3.13, and a TWS of its own on this machine. Output seen:
#   ib_insync: connected True: 400 shares, cash 1250.50; connected False: 0 shares, cash none
#   ib_async alike
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
import struct

asyncio.set_event_loop(asyncio.new_event_loop())
lines: list[asyncio.StreamWriter] = []


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Play a TWS of version 176 with one position and its cash."""

    def send(*fields: str) -> None:
        payload = "".join(field + "\0" for field in fields).encode()
        writer.write(struct.pack(">I", len(payload)) + payload)

    lines.append(writer)
    await reader.readexactly(4)  # "API" and a zero.
    [length] = struct.unpack(">I", await reader.readexactly(4))
    await reader.readexactly(length)
    send("176", "20261127 12:00:00 EST")
    send("15", "1", "DU1234567")
    send("9", "1", "1")
    send("6", "2", "TotalCashBalance", "1250.50", "USD", "DU1234567")
    send("61", "3", "DU1234567", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM", "400", "20.0")


def held(ib: object) -> str:
    shares = sum(each.position for each in ib.positions())
    cash = [each.value for each in ib.accountValues()]
    return f"connected {ib.isConnected()}: {shares:g} shares, cash {' '.join(cash) or 'none'}"


async def watch(name: str) -> str:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ib = importlib.import_module(name).IB()
    told, gone = asyncio.Event(), asyncio.Event()
    ib.positionEvent += lambda position: told.set()
    ib.disconnectedEvent += gone.set
    await ib.client.connectAsync("127.0.0.1", server.sockets[0].getsockname()[1], 1)
    await told.wait()
    before = held(ib)
    lines.pop().transport.abort()
    await gone.wait()
    server.close()
    return f"{before}; {held(ib)}"


for name in ("ib_insync", "ib_async"):
    seen = asyncio.get_event_loop_policy().get_event_loop().run_until_complete(watch(name))
    print(f"{name}: {seen}")
    assert seen == "connected True: 400 shares, cash 1250.50; connected False: 0 shares, cash none"
PYTHON
