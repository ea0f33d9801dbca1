#!/usr/bin/env bash
# asyncio.run() cancels what still runs when its coroutine ends, waits for it, and closes the loop. After
# nest_asyncio.apply() of nest_asyncio 1.6.0 (ib_insync and ib_async apply it in util.startLoop()) it does none of the
# three: a task that keeps a book or a journal does not come to its finally while the program runs; all that tells so is
# Python's "Task was destroyed but it is pending!" when the process ends.
# Guessed: apply() lets run() be nested; what run() does at its end stays.
# Python 3.10 to 3.13. Output seen: "before: journal saved, loop closed True; after apply(): nothing saved, loop closed
# False".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nest_asyncio==1.6.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

import nest_asyncio

saved = []


async def keep_journal() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        saved.append("journal saved")


async def main() -> tuple[asyncio.AbstractEventLoop, asyncio.Task]:
    journal = asyncio.create_task(keep_journal())
    await asyncio.sleep(0)
    return asyncio.get_running_loop(), journal


def seen() -> str:
    saved.clear()
    loop, _journal = asyncio.run(main())
    return f"{''.join(saved) or 'nothing saved'}, loop closed {loop.is_closed()}"


before = seen()
asyncio.set_event_loop(asyncio.new_event_loop())
nest_asyncio.apply()
after = seen()
print(f"before: {before}; after apply(): {after}")
assert before == "journal saved, loop closed True"
assert after == "nothing saved, loop closed False"
PYTHON
