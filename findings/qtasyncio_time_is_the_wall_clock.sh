#!/usr/bin/env bash
# loop.time() of asyncio is a monotonic clock. That of PySide6.QtAsyncio (PySide6 6.11.1) is the time of day: it goes
# back and forward when the computer's clock is set, and with it whatever is measured or made due by it (call_at takes
# such times).
# Guessed: monotonic, as the documentation of asyncio asks for.
# Python 3.10 to 3.13, no screen. Output seen: "QtAsyncio's loop.time() is time.time()".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import time

from PySide6 import QtAsyncio
from PySide6.QtWidgets import QApplication

off = []


async def main() -> None:
    told = asyncio.get_running_loop().time()
    off.extend((abs(told - time.time()), abs(told - time.monotonic())))


application = QApplication([])
QtAsyncio.run(main(), keep_running=False)
assert off[0] < 1 < off[1]
print("QtAsyncio's loop.time() is time.time()")
PYTHON
