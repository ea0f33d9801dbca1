#!/usr/bin/env bash
# asyncSlot of qasync 0.28.0 makes a slot of a coroutine function, and drops what a signal tells more than it takes. A
# function that takes nothing is never called: with nothing left to drop it raises TypeError, of a signal that tells
# nothing as of one that tells something. The same as a method works, for self is an argument.
# Guessed: a function without arguments fits every signal.
# Python 3.10 to 3.13, no screen. Output seen: "method: called; function: TypeError: asyncSlot was not callable from
# Signal. Potential signature mismatch."
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


class Window:
    @qasync.asyncSlot()
    async def refresh(self) -> str:
        return "called"


@qasync.asyncSlot()
async def refresh() -> str:
    return "called"


async def outcome(slot, *told) -> str:
    """What comes of it for a signal that tells this."""
    try:
        return await slot(*told)
    except TypeError as error:
        return f"TypeError: {error}"


async def seen() -> list[str]:
    return [await outcome(slot, *told) for slot in (Window().refresh, refresh) for told in ((), (True,))]


application = QApplication([])
loop = qasync.QEventLoop(application)
asyncio.set_event_loop(loop)
with loop:
    nothing, something, function, function_of_something = loop.run_until_complete(seen())
print(f"method: {nothing}; function: {function}")
assert nothing == something == "called"
assert function == function_of_something
assert function.startswith("TypeError: asyncSlot was not callable")
PYTHON
