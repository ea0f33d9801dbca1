#!/usr/bin/env bash
# qasync 0.28.0 with PySide6 6.11.1: a timer that was cancelled stays in the loop, as a handle and as a timer of Qt,
# until its time has come. asyncio's own loop lets go of cancelled timers once they are many. A time limit of an hour
# around each request that is answered in a millisecond leaves an hour's worth of timers behind.
# Guessed: what is cancelled is let go, as by asyncio's own loop.
# Python 3.10 to 3.13, no screen. Output seen: "cancelled and still there: qasync 1000, asyncio 0".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 qasync==0.28.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import gc
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import qasync
from PySide6.QtWidgets import QApplication


async def left_over() -> int:
    loop = asyncio.get_running_loop()
    for _ in range(1000):
        loop.call_later(3600, int).cancel()
    # asyncio cleans up when a timer is due.
    await asyncio.sleep(0.2)
    gc.collect()
    return sum(isinstance(each, asyncio.Handle) and each.cancelled() for each in gc.get_objects())


of_asyncio = asyncio.run(left_over())
application = QApplication([])
loop = qasync.QEventLoop(application)
asyncio.set_event_loop(loop)
with loop:
    of_qasync = loop.run_until_complete(left_over())
print(f"cancelled and still there: qasync {of_qasync}, asyncio {of_asyncio}")
assert (of_qasync, of_asyncio) == (1000, 0)
PYTHON
