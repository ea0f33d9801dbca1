#!/usr/bin/env bash
# The loop of PySide6.QtAsyncio (PySide6 6.11.1) runs tasks and timers, and has neither sockets nor names nor
# processes: open_connection, start_server and getaddrinfo raise NotImplementedError. Whoever needs a TWS or a
# websocket beside his window needs another loop.
# Guessed: a loop that Qt itself offers for asyncio can open a connection.
# Python 3.10 to 3.13, no screen. Output seen: "open_connection, start_server, getaddrinfo: NotImplementedError".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6 import QtAsyncio
from PySide6.QtWidgets import QApplication

seen = {}


async def main() -> None:
    loop = asyncio.get_running_loop()
    for name, work in (
        ("open_connection", lambda: asyncio.open_connection("127.0.0.1", 7497)),
        ("start_server", lambda: asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)),
        ("getaddrinfo", lambda: loop.getaddrinfo("localhost", 7497)),
    ):
        try:
            await work()
            seen[name] = "ok"
        except NotImplementedError as error:
            seen[name] = type(error).__name__


application = QApplication([])
QtAsyncio.run(main(), keep_running=False)
print(f"{', '.join(seen)}: {', '.join(sorted(set(seen.values())))}")
assert len(seen) == 3 and set(seen.values()) == {"NotImplementedError"}
PYTHON
