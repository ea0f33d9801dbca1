#!/usr/bin/env bash
# A future of asyncio that was cancelled takes no result any more: set_result raises InvalidStateError, and it stays
# cancelled. One of PySide6.QtAsyncio (PySide6 6.11.1) takes it and is a done one from then on: an answer that comes after
# its request was given up turns it into one that was answered, and one that comes twice overwrites the first.
# Guessed: the states of a future are those of asyncio.
# Python 3.10 to 3.13, no screen. Output seen: "asyncio: InvalidStateError, cancelled True; QtAsyncio: result 5,
# cancelled False".
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


async def answered_late(seen: list[str]) -> None:
    answer = asyncio.get_running_loop().create_future()
    answer.cancel()
    try:
        answer.set_result(5)
        outcome = f"result {answer.result()}"
    except asyncio.InvalidStateError:
        outcome = "InvalidStateError"
    seen.append(f"{outcome}, cancelled {answer.cancelled()}")


seen: list[str] = []
asyncio.run(answered_late(seen))
application = QApplication([])
QtAsyncio.run(answered_late(seen), keep_running=False, quit_qapp=True)
print("asyncio: {}; QtAsyncio: {}".format(*seen))
assert seen == ["InvalidStateError, cancelled True", "result 5, cancelled False"]
PYTHON
