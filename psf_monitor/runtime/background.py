"""Run work that may wait for a disk beside the event loop, without delaying the end of the process."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

Found = TypeVar("Found")


async def in_background(work: Callable[[], Found]) -> Found:
    """Run ``work`` in a thread of its own, and return its result or raise its error.

    A thread that waits for a dead network drive is abandoned, whereas asyncio waits for its own threads.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Found] = loop.create_future()

    def set_result(found: Found) -> None:
        if not done.done():
            done.set_result(found)

    def set_exception(error: BaseException) -> None:
        if not done.done():
            done.set_exception(error)

    def run() -> None:
        finish: Callable[[], object]
        try:
            finish = partial(set_result, work())
        except Exception as error:  # noqa: BLE001 - raised where it is awaited
            finish = partial(set_exception, error)
        # The loop may be closed before the disk responds.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(finish)

    threading.Thread(target=run, name="files", daemon=True).start()
    return await done
