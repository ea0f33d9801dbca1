#!/usr/bin/env bash
# qasync 0.28.0 with PySide6 6.11.1: call_later for more than 24.8 days raises OverflowError (milliseconds in 32 bits),
# and what call_later and call_at return has no when(), which asyncio's TimerHandle promises.
# Guessed: any wait that asyncio's own loop takes, and a TimerHandle.
# Python 3.10 to 3.13, no screen. Output seen: "25 days: OverflowError; when(): missing".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 qasync==0.28.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import warnings

import qasync
from PySide6.QtWidgets import QApplication

warnings.simplefilter("ignore")


async def tried() -> tuple[str, str]:
    loop = asyncio.get_running_loop()
    handle = loop.call_later(0.01, int)
    when = "there" if hasattr(handle, "when") else "missing"
    try:
        loop.call_later(25 * 86_400, int)
    except OverflowError:
        return "OverflowError", when
    return "taken", when


application = QApplication([])
loop = qasync.QEventLoop(application)
asyncio.set_event_loop(loop)
with loop:
    long_wait, when = loop.run_until_complete(tried())
print(f"25 days: {long_wait}; when(): {when}")
assert (long_wait, when) == ("OverflowError", "missing")
PYTHON
