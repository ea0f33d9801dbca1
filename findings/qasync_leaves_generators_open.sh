#!/usr/bin/env bash
# Who leaves an "async for" early, as when the first quote is enough, leaves the generator to the loop: asyncio's closes it, so that
# its finally runs to the end, and shutdown_asyncgens() does so with those that are still held. A loop of qasync 0.28.0 with
# PySide6 6.11.1 does neither: the finally runs up to its first await and no further, a subscription that is given up there stays,
# and shutdown_asyncgens(), which it has, finds no generators. A line on standard error is "Exception ignored".
# Guessed: a loop that runs async generators ends them, as asyncio's does.
# Python 3.10 to 3.13, no screen. Output seen:
#   asyncio: left early: giving up, given up; shut down: giving up, given up
#   qasync: left early: giving up; shut down: nothing
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export QT_QPA_PLATFORM=offscreen
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check qasync==0.28.0 PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON' 2>"$folder/errors"
import asyncio
import gc

import PySide6.QtCore
import qasync


async def quotes(told: list[str]):
    try:
        for price in (24.9, 25.0):
            yield price
    finally:
        told.append("giving up")
        await asyncio.sleep(0)
        told.append("given up")


async def leave_early(told: list[str]) -> None:
    async for _ in quotes(told):
        break
    gc.collect()
    await asyncio.sleep(0.1)


async def hold(told: list[str]) -> object:
    held = quotes(told)
    await anext(held)
    return held


app = PySide6.QtCore.QCoreApplication([])
seen = {}
for name, loop in (("asyncio", asyncio.new_event_loop()), ("qasync", qasync.QEventLoop(app))):
    asyncio.set_event_loop(loop)
    early: list[str] = []
    late: list[str] = []
    loop.run_until_complete(leave_early(early))
    held = loop.run_until_complete(hold(late))
    loop.run_until_complete(loop.shutdown_asyncgens())
    seen[name] = (early, late.copy())
    print(f"{name}: left early: {', '.join(early)}; shut down: {', '.join(late) or 'nothing'}")
assert seen == {"asyncio": (["giving up", "given up"], ["giving up", "given up"]), "qasync": (["giving up"], [])}
PYTHON
grep -q "async generator ignored GeneratorExit" "$folder/errors"
