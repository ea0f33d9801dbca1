#!/usr/bin/env bash
# With qasync 0.28.0 and PySide6 6.11.1 a timer that is due later can come first: of call_later(0.2, ..) and then
# call_later(0.19, ..) the former is called before the latter, for Qt moves coarse timers of about one length to one moment
# and calls them as they were made. asyncio's own loop calls them by when they are due.
# A timeout that is a little longer than the answer's own is over before it.
# Guessed: whatever the grain of the timers, their order is kept.
# Python 3.10 to 3.13, no screen. Output seen: "asyncio: 0.19, 0.2; qasync: 0.2, 0.19".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 qasync==0.28.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import qasync
from PySide6.QtWidgets import QApplication


async def order() -> str:
    called = []
    both = asyncio.Event()

    def call(delay: float) -> None:
        called.append(str(delay))
        if len(called) == 2:
            both.set()

    for delay in (0.2, 0.19):
        asyncio.get_running_loop().call_later(delay, call, delay)
    await both.wait()
    return ", ".join(called)


async def orders() -> set[str]:
    return {await order() for _ in range(20)}


own = asyncio.run(orders())
application = QApplication([])
loop = qasync.QEventLoop(application)
asyncio.set_event_loop(loop)
with loop:
    seen = loop.run_until_complete(orders())
# Where a moment begins decides: not every pair is turned round.
print(f"asyncio: {'; '.join(own)}; qasync: {max(seen)}")
assert own == {"0.19, 0.2"}
assert "0.2, 0.19" in seen
PYTHON
