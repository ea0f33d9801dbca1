#!/usr/bin/env bash
# connectAsync(readonly=True) of ib_insync 0.9.86 and ib_async 2.1.0 keeps back the questions for orders, and nothing else.
# As client 0 it asks TWS to bind every order that is entered by hand (message 15), which gives them numbers of the API,
# and placeOrder() sends an order (message 3) as ever. That no order leaves is for the setting in TWS alone.
# Guessed: what is connected read only does not change an order, and placeOrder() raises.
# Python 3.10 to 3.13, a TWS of its own on this machine. Output seen: "ib_insync: read only, sent 15 (bind) and 3 (order)";
# ib_async alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib

# What TWS says at the end of an answer, by the message that asked for it.
ENDS = {"61": ["62", "1"], "6": ["54", "1", "DU1234567"], "7": ["55", "1"], "76": ["74", "1"]}


def frame(fields: list[str]) -> bytes:
    payload = "".join(f"{field}\0" for field in fields).encode()
    return len(payload).to_bytes(4, "big") + payload


class Gateway:
    """A TWS that answers what a client asks when it connects, and keeps what it is sent."""

    def __init__(self) -> None:
        self.heard = []
        self.ordered = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(4)
        await self.read(reader)
        writer.write(frame(["176", "20261127 12:00:00 EST"]))
        while True:
            try:
                fields = await self.read(reader)
            except asyncio.IncompleteReadError:
                writer.close()
                return
            self.heard.append(fields[0])
            if fields[0] == "71":
                writer.write(frame(["15", "1", "DU1234567"]) + frame(["9", "1", "1"]))
            elif fields[0] in ENDS:
                request = [fields[2]] if fields[0] in ("7", "76") else []
                writer.write(frame([*ENDS[fields[0]], *request]))
            elif fields[0] == "3":
                self.ordered.set()

    @staticmethod
    async def read(reader: asyncio.StreamReader) -> list[str]:
        size = int.from_bytes(await reader.readexactly(4), "big")
        return (await reader.readexactly(size)).decode().split("\0")


async def sent(library) -> list[str]:
    gateway = Gateway()
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    ib = library.IB()
    await ib.connectAsync("127.0.0.1", server.sockets[0].getsockname()[1], clientId=0, readonly=True, timeout=20)
    ib.placeOrder(library.Stock("IBM", "SMART", "USD"), library.LimitOrder("BUY", 100, 20.5))
    await asyncio.wait_for(gateway.ordered.wait(), 20)
    ib.disconnect()
    server.close()
    return [message for message in gateway.heard if message in ("3", "5", "15", "16")]


async def main() -> None:
    # The libraries ask the policy for their loop.
    asyncio.set_event_loop(asyncio.get_running_loop())
    for name in ("ib_insync", "ib_async"):
        messages = await sent(importlib.import_module(name))
        print(f"{name}: read only, sent {' (bind) and '.join(messages)} (order)")
        assert messages == ["15", "3"]


asyncio.set_event_loop(loop := asyncio.new_event_loop())
loop.run_until_complete(main())
PYTHON
