#!/usr/bin/env bash
# asyncio's loop refuses a callback once it is closed: call_soon, call_later and call_soon_threadsafe raise RuntimeError, so a
# thread that comes too late with its answer learns that nobody is there. A loop of qasync 0.28.0 with PySide6 6.11.1 takes all
# three and never calls them, also while Qt's own loop runs on: what was to be kept or logged at the end is lost in silence.
# Guessed: RuntimeError, "Event loop is closed", as run_until_complete() of the same loop raises.
# Python 3.10 to 3.13, no screen. Output seen:
#   asyncio: call_soon RuntimeError, call_later RuntimeError, call_soon_threadsafe RuntimeError; called 0
#   qasync: call_soon taken, call_later taken, call_soon_threadsafe taken; called 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export QT_QPA_PLATFORM=offscreen
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check qasync==0.28.0 PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
import qasync

app = QCoreApplication([])


def told(loop: asyncio.AbstractEventLoop) -> tuple[list[str], int]:
    """Return what a closed loop says of three calls, and how many of them it made."""
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    called: list[str] = []
    answers = []
    for name, arguments in (("call_soon", ()), ("call_later", (0.01,)), ("call_soon_threadsafe", ())):
        try:
            getattr(loop, name)(*arguments, called.append, name)
        except RuntimeError as error:
            answers.append(f"{name} {type(error).__name__}")
        else:
            answers.append(f"{name} taken")
    waiting = QEventLoop()
    QTimer.singleShot(500, waiting.quit)
    waiting.exec()
    return answers, len(called)


seen = {}
for name, loop in (("asyncio", asyncio.new_event_loop()), ("qasync", qasync.QEventLoop(app))):
    asyncio.set_event_loop(loop)
    answers, calls = told(loop)
    seen[name] = [*answers, calls]
    print(f"{name}: {', '.join(answers)}; called {calls}")
CALLS = ("call_soon", "call_later", "call_soon_threadsafe")
assert seen == {
    "asyncio": [*(f"{call} RuntimeError" for call in CALLS), 0],
    "qasync": [*(f"{call} taken" for call in CALLS), 0],
}
PYTHON
