#!/usr/bin/env bash
# asyncio tells a loop's exception handler of the errors of tasks that nobody awaited, as handler(loop, context). A loop of
# PySide6.QtAsyncio (PySide6 6.11.1) tells of every task that ends with an error, also of one that is awaited and whose
# error is caught, and of every task that was cancelled on purpose; and it calls handler(context), so that one written for
# asyncio is a TypeError instead.
# Guessed: the handler hears of what nobody handled, in asyncio's form.
# Python 3.10 to 3.13, no screen. Output seen: "asyncio: 0 calls; QtAsyncio: 2 calls of 1 argument: ValueError,
# CancelledError".
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


async def fail() -> None:
    raise ValueError("no such share")


async def handle(calls: list[tuple]) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *arguments: calls.append(arguments))
    try:
        await asyncio.create_task(fail())
    except ValueError:
        pass
    waiting = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    waiting.cancel()
    try:
        await waiting
    except asyncio.CancelledError:
        pass


own: list[tuple] = []
asyncio.run(handle(own))
theirs: list[tuple] = []
application = QApplication([])
QtAsyncio.run(handle(theirs), keep_running=False, quit_qapp=True)
errors = [type(arguments[-1]["exception"]).__name__ for arguments in theirs]
counts = {len(arguments) for arguments in theirs}
print(f"asyncio: {len(own)} calls; QtAsyncio: {len(theirs)} calls of {min(counts)} argument: {', '.join(errors)}")
assert own == []
assert (errors, counts) == (["ValueError", "CancelledError"], {1})
PYTHON
