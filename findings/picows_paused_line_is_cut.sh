#!/usr/bin/env bash
# picows 2.3.1: with its automatic ping on, a client that pauses reading for a while (pause_reading of the transport, the
# usual way to hold a flood back) leaves the pongs unread, and picows disconnects a healthy line because "no pong came".
# Guessed: a line that the program itself does not read is not dead.
# Python 3.10 to 3.13. Output seen: "disconnected while paused: True; without a pause: False".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check picows==2.3.1 websockets==15.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging

import picows
import websockets

logging.disable(logging.CRITICAL)


class Listener(picows.WSListener):
    def on_ws_disconnected(self, transport):
        self.is_gone = True


async def held(pauses: bool) -> bool:
    async def far_side(connection):
        await connection.wait_closed()

    async with websockets.serve(far_side, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        transport, listener = await picows.ws_connect(
            Listener, f"ws://127.0.0.1:{port}", enable_auto_ping=True,
            auto_ping_idle_timeout=0.2, auto_ping_reply_timeout=0.2)
        listener.is_gone = False
        if pauses:
            transport.underlying_transport.pause_reading()
        await asyncio.sleep(1.0)
        if pauses and not transport.underlying_transport.is_closing():
            transport.underlying_transport.resume_reading()
        is_cut = listener.is_gone or transport.underlying_transport.is_closing()
        transport.disconnect()
        return is_cut


paused, read = asyncio.run(held(True)), asyncio.run(held(False))
print(f"disconnected while paused: {paused}; without a pause: {read}")
assert (paused, read) == (True, False)
PYTHON
