#!/usr/bin/env bash
# A quote of ib_insync 0.9.86 and ib_async 2.1.0 outlives its request. cancelMktData leaves it as it is, and reqMktData for the
# same share hands out the same object with the prices of before, of which TWS has told nothing yet: bid and ask are those
# of hours ago, where they were NaN after the first request. The first tick sets its time to now, whichever figure it is of.
# Guessed: NaN until TWS tells a price, as the first time.
# Python 3.10 to 3.13, and a TWS of its own on this machine. Output seen:
#   ib_insync: first nan/nan, told 24.9/25.1, asked again 24.9/25.1, told the volume alone 24.9/25.1, time of now True
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


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Play a TWS of version 176 that tells bid and ask when it is first asked, and the volume alone the second time."""

    def send(*fields: str) -> None:
        payload = "".join(field + "\0" for field in fields).encode()
        writer.write(struct.pack(">I", len(payload)) + payload)

    async def read() -> list[str]:
        [length] = struct.unpack(">I", await reader.readexactly(4))
        return (await reader.readexactly(length)).decode().split("\0")

    asked = False
    await reader.readexactly(4)  # "API" and a zero.
    await read()
    send("176", "20261127 12:00:00 EST")
    try:
        while request := await read():
            if request[0] == "71":
                send("15", "1", "DU1234567")
                send("9", "1", "1")
            elif request[0] == "1" and asked:
                send("2", "6", request[2], "8", "12300")
            elif request[0] == "1":
                asked = True
                send("1", "6", request[2], "1", "24.9", "300", "0")
                send("1", "6", request[2], "2", "25.1", "200", "0")
    except asyncio.IncompleteReadError:
        writer.close()


async def watch(name: str) -> str:
    library = importlib.import_module(name)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ib = library.IB()
    await ib.client.connectAsync("127.0.0.1", server.sockets[0].getsockname()[1], 1)
    share = library.Contract(conId=901, symbol="KEY", secType="STK", exchange="NYSE", currency="USD")
    quote = ib.reqMktData(share)
    seen = [f"first {quote.bid:g}/{quote.ask:g}"]
    while quote.ask != 25.1:
        await quote.updateEvent
    seen.append(f"told {quote.bid:g}/{quote.ask:g}")
    told = quote.time
    ib.cancelMktData(share)
    quote = ib.reqMktData(share)
    seen.append(f"asked again {quote.bid:g}/{quote.ask:g}")
    while quote.volume != 12300:
        await quote.updateEvent
    seen.append(f"told the volume alone {quote.bid:g}/{quote.ask:g}, time of now {quote.time > told}")
    ib.disconnect()
    server.close()
    return ", ".join(seen)


for name in ("ib_insync", "ib_async"):
    seen = asyncio.get_event_loop_policy().get_event_loop().run_until_complete(watch(name))
    print(f"{name}: {seen}")
    assert seen == (
        "first nan/nan, told 24.9/25.1, asked again 24.9/25.1, told the volume alone 24.9/25.1, time of now True"
    )
PYTHON
