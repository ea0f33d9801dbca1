#!/usr/bin/env bash
# qasync 0.28.0 with PySide6 6.11.1 takes the argument "context" of call_soon_threadsafe and does not use it: the callback
# runs with the values that the loop's own thread had, not with those it was given, nor with those of the thread that
# called. call_soon and call_later keep to it, and so does every method of asyncio's own loop.
# Guessed: a callback sees the context variables that came with it, as with call_soon.
# Python 3.10 to 3.13, no screen. Output seen: "asyncio: soon given, threadsafe given; qasync: soon given, threadsafe none".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 qasync==0.28.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import contextvars
import os
import threading

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import qasync
from PySide6.QtWidgets import QApplication

who = contextvars.ContextVar("who", default="none")


async def seen() -> dict[str, str]:
    loop = asyncio.get_running_loop()
    context = contextvars.copy_context()
    context.run(who.set, "given")
    answers = {name: loop.create_future() for name in ("soon", "threadsafe")}
    loop.call_soon(lambda: answers["soon"].set_result(who.get()), context=context)
    call = lambda: loop.call_soon_threadsafe(
        lambda: answers["threadsafe"].set_result(who.get()), context=context
    )
    thread = threading.Thread(target=call)
    thread.start()
    found = {name: await answer for name, answer in answers.items()}
    thread.join()
    return found


own = asyncio.run(seen())
application = QApplication([])
loop = qasync.QEventLoop(application)
asyncio.set_event_loop(loop)
with loop:
    qts = loop.run_until_complete(seen())
said = [f"{name}: soon {told['soon']}, threadsafe {told['threadsafe']}" for name, told in (("asyncio", own), ("qasync", qts))]
print("; ".join(said))
assert own == {"soon": "given", "threadsafe": "given"}
assert qts == {"soon": "given", "threadsafe": "none"}
PYTHON
