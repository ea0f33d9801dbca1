#!/usr/bin/env bash
# asyncio sets TCP_NODELAY on a connection only if its socket was made with the protocol IPPROTO_TCP. A listening socket
# of one's own is usually made without (protocol 0), and what it accepts inherits that: behind uvicorn 0.54.0 on such a
# socket every answer after the first on a kept connection waits some 40 ms for the delayed acknowledgement.
# Python 3.10 to 3.13, Linux. Output seen: "no delay: protocol 0 False, IPPROTO_TCP True; 20 answers: 0.83 s and 0.02 s".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check uvicorn==0.54.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import socket
import time

import uvicorn

no_delay: list[bool] = []


async def application(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": b"good"})


async def served(protocol: int) -> tuple[bool, float]:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_level="critical", loop="asyncio"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    await asyncio.sleep(0.05)
    [connection] = server.server_state.connections
    accepted = connection.transport.get_extra_info("socket")
    begun = time.monotonic()
    for _ in range(20):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while not (await reader.readline()).startswith(b"good"[:0] + b"\r\n"):
            pass
        await reader.readexactly(4)
    took = time.monotonic() - begun
    is_set = bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    writer.close()
    server.should_exit = True
    await serving
    return is_set, took


plain, slow = asyncio.run(served(0))
named, quick = asyncio.run(served(socket.IPPROTO_TCP))
print(f"no delay: protocol 0 {plain}, IPPROTO_TCP {named}; 20 answers: {slow:.2f} s and {quick:.2f} s")
assert (plain, named) == (False, True)
assert slow > 4 * quick
PYTHON
