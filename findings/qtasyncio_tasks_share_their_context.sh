#!/usr/bin/env bash
# A task of asyncio runs in a copy of its maker's context: what it sets in a ContextVar is its own. A task of
# PySide6.QtAsyncio (PySide6 6.11.1) runs in the very context of its maker: the id of a request that one task sets for
# its log lines is then the id of all of them.
# Guessed: contexts are those of asyncio.
# Python 3.10 to 3.13, no screen. Output seen: "asyncio: maker; QtAsyncio: child".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from contextvars import ContextVar

from PySide6 import QtAsyncio
from PySide6.QtWidgets import QApplication

WHOSE = ContextVar("WHOSE")
seen = []


async def child() -> None:
    WHOSE.set("child")


async def main() -> None:
    WHOSE.set("maker")
    await asyncio.create_task(child())
    seen.append(WHOSE.get())


asyncio.run(main())
application = QApplication([])
QtAsyncio.run(main(), keep_running=False)
print(f"asyncio: {seen[0]}; QtAsyncio: {seen[1]}")
assert seen == ["maker", "child"]
PYTHON
