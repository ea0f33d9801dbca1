#!/usr/bin/env bash
# "async for" over a websocket of aiohttp 3.14.5 ends in the same way whether the other side closed in order or the
# line broke in the middle: no exception. Only close_code tells, 1006 for the broken one. websockets 15.0.1 raises
# ConnectionClosedError there. A program that reconnects on an exception takes a broken line for a farewell.
# Guessed: an exception, as in websockets.
# Python 3.10 to 3.13. Output seen: "aiohttp: no exception, close code 1006; websockets: ConnectionClosedError".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check aiohttp==3.14.5 websockets==15.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import base64
import hashlib
import socket
import threading

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def server(last: bytes) -> int:
    """A plain server that says hello, then ``last``, and closes the line."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listener.accept()
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += line.recv(4096)
        headers = dict(row.split(b": ", 1) for row in asked.split(b"\r\n")[1:] if row)
        key = next(value for name, value in headers.items() if name.lower() == b"sec-websocket-key")
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        line.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n\x81\x05hello" + last)
        line.shutdown(socket.SHUT_WR)
        line.recv(4096)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


import asyncio

import aiohttp
import websockets


async def by_aiohttp() -> tuple[list[str], int]:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"ws://127.0.0.1:{server(b'')}") as line:
        return [message.data async for message in line], int(line.close_code)


async def by_websockets() -> str:
    try:
        async with websockets.connect(f"ws://127.0.0.1:{server(b'')}") as line:
            return str([message async for message in line])
    except websockets.ConnectionClosedError as error:
        return type(error).__name__


said, code = asyncio.run(by_aiohttp())
other = asyncio.run(by_websockets())
print(f"aiohttp: no exception, close code {code}; websockets: {other}")
assert (said, code, other) == (["hello"], 1006, "ConnectionClosedError")
PYTHON
