#!/usr/bin/env bash
# reqExecutions of ib_insync 0.9.86 and ib_async 2.1.0 answers with fills whose commission and realized gain are 0, without
# a currency, as soon as it knows the executions: TWS tells them again, with their commissions, and these go to the fills
# that were kept from before, those of the answer stay empty. Since connect() asks for the executions itself, so is the
# first answer that a program asks for. fills() has the figures.
# Guessed: the commission and the gain that TWS told in this answer.
# Python 3.10 to 3.13, and a TWS of its own on this machine. Output seen:
#   ib_insync: first 1.05 USD, gain 62.5; again 0.0 -, gain 0.0; fills() 1.05 USD, gain 62.5
#   ib_async: first 1.05 USD, gain 62.5; again 0.0 -, gain 0.0; fills() 1.05 USD, gain 62.5
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
EXECUTION_ID = "0000e0d5.67fe667b.01.01"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Play a TWS of version 176 that tells one execution and its commission whenever it is asked."""

    def send(*fields: str) -> None:
        payload = "".join(field + "\0" for field in fields).encode()
        writer.write(struct.pack(">I", len(payload)) + payload)

    async def read() -> list[str]:
        [length] = struct.unpack(">I", await reader.readexactly(4))
        return (await reader.readexactly(length)).decode().split("\0")

    await reader.readexactly(4)  # "API" and a zero.
    await read()
    send("176", "20261127 12:00:00 EST")
    try:
        while request := await read():
            if request[0] == "71":
                send("15", "1", "DU1234567")
                send("9", "1", "1")
            elif request[0] == "7":
                send("11", request[2], "7", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM", EXECUTION_ID,
                     "20261127 10:15:30 US/Eastern", "DU1234567", "IEX", "SLD", "100", "20.0", "71", "1", "0", "100", "20.0",
                     "", "", "", "", "2")
                send("59", "1", EXECUTION_ID, "1.05", "USD", "62.5", "", "")
                send("55", "1", request[2])
    except asyncio.IncompleteReadError:
        writer.close()


async def ask(name: str) -> list[tuple[float, str, float]]:
    """Return commission, currency and gain of the first answer, of the second, and of fills()."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ib = importlib.import_module(name).IB()
    await ib.client.connectAsync("127.0.0.1", server.sockets[0].getsockname()[1], 1)
    told = [await ib.reqExecutionsAsync(), await ib.reqExecutionsAsync(), ib.fills()]
    ib.disconnect()
    server.close()
    reports = [fill.commissionReport for [fill] in told]
    return [(report.commission, report.currency or "-", report.realizedPNL) for report in reports]


for name in ("ib_insync", "ib_async"):
    seen = asyncio.get_event_loop_policy().get_event_loop().run_until_complete(ask(name))
    first, again, kept = (f"{commission} {currency}, gain {gain}" for commission, currency, gain in seen)
    print(f"{name}: first {first}; again {again}; fills() {kept}")
    assert seen == [(1.05, "USD", 62.5), (0.0, "-", 0.0), (1.05, "USD", 62.5)]
PYTHON
