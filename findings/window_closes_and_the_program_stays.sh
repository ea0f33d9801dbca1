#!/usr/bin/env bash
# util.useQt() of ib_insync 0.9.86 and ib_async 2.1.0 lets a program of Qt run on their own loop: no exec() of Qt is called, and
# Qt tells of the last window and of its end from inside exec() alone. When the trader closes the only window, the application
# tells neither lastWindowClosed nor aboutToQuit, and quit() does nothing: the layout that a program keeps there is never kept,
# and the process works on, without a window and with its line to TWS.
# Guessed: closing the last window ends the program, as with exec(), which tells both signals.
# Python 3.10 to 3.13, PySide6 6.11.1, no screen. Output seen:
#   exec(): lastWindowClosed, aboutToQuit, ended
#   ib_insync: nothing told, runs on after quit()
#   ib_async: nothing told, runs on after quit()
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export QT_QPA_PLATFORM=offscreen
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0 PySide6-Essentials==6.11.1
cat >"$folder/seen.py" <<'PYTHON'
import asyncio
import importlib
import sys

asyncio.set_event_loop(loop := asyncio.new_event_loop())
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

name = sys.argv[1]
app = QApplication([])
told: list[str] = []
app.lastWindowClosed.connect(lambda: told.append("lastWindowClosed"))
app.aboutToQuit.connect(lambda: told.append("aboutToQuit"))
window = QWidget()
window.show()


async def watch() -> None:
    """Close the only window, ask Qt to end, and give it a hundred turns of the loop."""
    window.close()
    app.quit()
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1

    timer = QTimer(interval=0)
    timer.timeout.connect(turn)
    timer.start()
    while turns < 100:
        await asyncio.sleep(0.01)


if name == "exec()":
    QTimer.singleShot(0, window.close)
    app.exec()
    end = "ended"
else:
    importlib.import_module(name).util.useQt("PySide6")
    loop.run_until_complete(watch())
    end = "runs on after quit()"
assert not window.isVisible()
print(f"{name}: {', '.join(told) or 'nothing told'}, {end}")
assert told == (["lastWindowClosed", "aboutToQuit"] if name == "exec()" else [])
PYTHON
for name in "exec()" ib_insync ib_async; do
  "$folder/venv/bin/python" "$folder/seen.py" "$name"
done
