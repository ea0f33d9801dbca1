"""Waiting for conditions, never for time."""

import asyncio
from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

PATIENCE_S = 60.0
"""Generous: a computer whose cores are all busy is slow, not wrong."""

PATIENCE_MS = 60_000

PROCESS_PATIENCE_S = 300.0
"""For a process that is started, loads all of Qt, and ends by itself."""

LOOK_EVERY_S = 0.005


async def until(condition: Callable[[], object], *, what: str = "the condition") -> None:
    """Return as soon as ``condition()`` is true; fail when it is not in ``PATIENCE_S``."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - conditions are of every kind
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError:
        raise AssertionError(f"{what} did not come true in {PATIENCE_S:g} s") from None


class PatientBot(QtBot):
    """Waits for what Qt does, ``PATIENCE_S`` at most."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, **how: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, **{"timeout": PATIENCE_MS, **how})
