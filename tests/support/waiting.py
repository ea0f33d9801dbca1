"""Waiting for conditions, never for time."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import Popen
from typing import Any

from pytestqt.qtbot import QtBot

from psf_monitor.journal.timing import RecorderTiming

_TIMES = float(os.environ.get("PYTEST_PATIENCE", "1"))
"""So many times as patient as otherwise."""

PATIENCE_S = 60.0 * _TIMES
"""Generous: a computer whose cores are all busy is slow, not wrong."""

PATIENCE_MS = round(PATIENCE_S * 1000)

PROCESS_PATIENCE_S = 240.0 * _TIMES
"""For a process that is started, loads all of Qt, and ends by itself; less than pytest's limit for a test."""

PATIENT_JOURNAL = RecorderTiming(patience_s=PATIENCE_S, closing_s=PATIENCE_S)
"""For a journal whose disk is busy with other things, as that of a computer that runs all tests is."""
LIMIT_S = 30.0
"""For what a test lets run out with ``limits_run_out``, and which no busy computer reaches by itself."""

LONGER_AND_LONGER_S = (0.5, 2.0, 8.0, 32.0)
"""Limits that have to run out by themselves: where a busy computer did not come far enough, try the next."""

LOOK_EVERY_S = 0.005
_LOOK_FIRST_S = 0.001
"""Most of what is waited for is there in a moment."""


async def until(condition: Callable[[], object], *, what: str = "the condition") -> None:
    """Return as soon as ``condition()`` is true; fail when it is not in ``PATIENCE_S``."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            next_s = _LOOK_FIRST_S
            while not condition():
                await asyncio.sleep(next_s)
                next_s = min(1.25 * next_s, LOOK_EVERY_S)
    except TimeoutError:
        raise AssertionError(f"{what} did not come true in {PATIENCE_S:g} s") from None


def within_patience(what: str) -> Iterator[None]:
    """Yield for every step of a loop that waits for ``what``; fail after ``PATIENCE_S``."""
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        yield
    raise AssertionError(f"{what} did not come true in {PATIENCE_S:g} s")


@contextmanager
def killed_when_late(process: "Popen[Any]") -> Iterator[None]:
    """Kill a process after ``PROCESS_PATIENCE_S``, which ends every read of its output."""
    late = threading.Timer(PROCESS_PATIENCE_S, process.kill)
    late.daemon = True
    late.start()
    try:
        yield
    finally:
        late.cancel()


def line_of(process: "Popen[str]") -> str:
    """Return the next line that a process prints; fail if it ends or is late without one."""
    assert process.stdout is not None
    with killed_when_late(process):
        line = process.stdout.readline()
    assert line, f"{process.args!r} printed nothing in {PROCESS_PATIENCE_S:g} s, or ended before"
    return line


def joined(thread: threading.Thread) -> None:
    """Wait for the end of a thread; fail after ``PATIENCE_S``."""
    thread.join(PATIENCE_S)
    assert not thread.is_alive(), f"{thread.name} did not end in {PATIENCE_S:g} s"


def limits_run_out(limit_s: float = LIMIT_S) -> None:
    """Advance the running loop's clock: every wait that began before with this limit runs out."""
    loop = asyncio.get_running_loop()
    time = loop.time
    loop.time = lambda: time() + limit_s  # type: ignore[method-assign]


async def until_in_vain(condition: Callable[[], object], *, what: str = "the condition") -> None:
    """Let limits run out until ``condition()``, again where something came and is waited for once more."""
    for _ in range(40):
        limits_run_out()
        for _ in range(40):
            if condition():
                return
            await asyncio.sleep(LOOK_EVERY_S)
    raise AssertionError(f"{what} did not come true, however often the limits ran out")


def running_tasks() -> set["asyncio.Task[object]"]:
    """Return all tasks of the running loop but Windows' own: it has one for each accept, replaced at will."""
    return {task for task in asyncio.all_tasks() if "IocpProactor" not in repr(task.get_coro())}


class PatientBot(QtBot):
    """Waits for what Qt does, ``PATIENCE_S`` at most."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, **how: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, **{"timeout": PATIENCE_MS, **how})
